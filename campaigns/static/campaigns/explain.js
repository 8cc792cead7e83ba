/* Behind a card on the map: rings around the places whose people see the placement, and its best stretch of road. */
(function () {
  "use strict";
  var canvas = document.getElementById("canvas"), L = window.L;
  if (!canvas || !L || !canvas.dataset.explain || !window.fetch) { return; }
  var say = canvas.dataset, shown = null, asked = 0;

  canvas.addEventListener("card:shown", function (event) {
    var mine = ++asked, map = event.detail.map, list = event.detail.list;
    clear();
    if (!event.detail.placement) { return; }
    fetch(say.explain.replace("/0.json", "/" + event.detail.placement + ".json"), { credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (found) { if (found && mine === asked) { draw(map, list, found); } })
      .catch(function (error) { window.console.warn("explanation:", error); });
  });
  canvas.addEventListener("card:closed", function () { asked += 1; clear(); });

  function clear() { if (shown) { shown.remove(); shown = null; } }
  function draw(map, list, found) {
    shown = L.layerGroup().addTo(map);
    if (found.stretch.length > 1) {
      L.polyline(found.stretch.map(at), { pane: "placements", color: "#e0a800", weight: 8, opacity: 0.75, interactive: false }).addTo(shown);
    }
    var most = found.places.length ? found.places[0][3] : 1;
    found.places.forEach(function (place) {
      L.circleMarker(at(place), {
        pane: "hotspots", radius: 9 + 9 * Math.sqrt(place[3] / most), color: "#26384f", weight: 2, dashArray: "4 3", fill: false, interactive: false
      }).addTo(shown);
    });
    row(list, say.seen, found.persons);
    found.places.slice(0, found.listed).forEach(function (place) { row(list, place[2], place[3]).className = "part"; });
  }
  function at(place) { return [place[1], place[0]]; }
  function row(list, name, persons) {
    var line = document.createElement("div");
    [["dt", name], ["dd", persons.toLocaleString("zh-CN")]].forEach(function (cell) {
      var made = document.createElement(cell[0]);
      made.textContent = cell[1];
      line.appendChild(made);
    });
    list.appendChild(line);
    return line;
  }
})();
