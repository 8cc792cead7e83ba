/* The map of the workbench and the wait for a plan. Everything here is also in the page or in the tables. */
(function () {
  "use strict";

  var SHAPES = { government: "square", school: "triangle", park: "circle", mall: "diamond", village: "pentagon" };
  var RAMP = ["#e3efea", "#b4d5d2", "#78b0c0", "#3f83ab", "#1b568e", "#0d2c5e"];
  var OTHER = "#6b7280";
  var MANY = 800;

  function byId(id) { return document.getElementById(id); }
  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text !== undefined) { made.textContent = text; }
    return made;
  }
  function token(name, otherwise) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || otherwise;
  }
  function number(value) { return Math.round(value).toLocaleString("zh-CN"); }
  function stillPlease() { return window.matchMedia("(prefers-reduced-motion: reduce)").matches; }

  /* ── Sliders say their value ── */
  document.querySelectorAll(".pri input").forEach(function (slider) {
    slider.addEventListener("input", function () {
      slider.parentNode.querySelector("output").textContent = "×" + Number(slider.value).toFixed(1);
    });
  });

  /* ── Of the three hints only the chosen one ── */
  var modes = document.querySelectorAll(".seg input");
  function hint() {
    modes.forEach(function (radio) {
      document.querySelector('.modes [data-mode="' + radio.value + '"]').hidden = !radio.checked;
    });
  }
  modes.forEach(function (radio) { radio.addEventListener("change", hint); });
  if (modes.length) { hint(); }

  /* ── Wait for the job, then show its plan ── */
  var job = byId("job");
  if (job) { window.setTimeout(ask, 700); }
  function ask() {
    fetch(job.dataset.statusUrl, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      })
      .then(function (status) {
        byId("job-percent").value = status.percent;
        byId("job-note").textContent = status.note || status.label;
        if (status.plan_url) { window.location.assign(status.plan_url + "#main"); return; }
        if (!status.open) { window.location.reload(); return; }
        window.setTimeout(ask, 1000);
      })
      .catch(function () { window.setTimeout(ask, 4000); });
  }

  /* ── Map ── */
  var canvas = byId("canvas");
  if (!canvas || !window.L) { return; }
  var say = canvas.dataset;
  byId("no-map").hidden = true;
  var L = window.L;

  /* A marker on the canvas whose form tells its category, so that colour is never the only sign. */
  var Sign = L.CircleMarker.extend({
    _updatePath: function () {
      var renderer = this._renderer, ctx = renderer._ctx, at = this._point, r = this._radius;
      if (!renderer._drawing || this._empty()) { return; }
      ctx.beginPath();
      trace(ctx, this.options.shape, at.x, at.y, r);
      renderer._fillStroke(ctx, this);
    }
  });
  function trace(ctx, shape, x, y, r) {
    var corners = {
      triangle: [[0, -1.2], [1.17, 0.87], [-1.17, 0.87]],
      diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
      pentagon: [[0, -1.17], [1.12, -0.37], [0.68, 0.95], [-0.68, 0.95], [-1.12, -0.37]],
      square: [[-0.92, -0.92], [0.92, -0.92], [0.92, 0.92], [-0.92, 0.92]]
    }[shape];
    if (!corners) { ctx.arc(x, y, r, 0, 2 * Math.PI); return; }
    corners.forEach(function (corner, index) {
      ctx[index ? "lineTo" : "moveTo"](x + corner[0] * r, y + corner[1] * r);
    });
    ctx.closePath();
  }

  var map = L.map(canvas, {
    zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 120,
    zoomAnimation: !stillPlease(), fadeAnimation: false, minZoom: 8, maxZoom: 18
  });
  L.control.scale({ imperial: false, maxWidth: 90, position: "bottomleft" }).addTo(map);
  L.control.zoom({
    position: "bottomright", zoomInText: "＋", zoomOutText: "－", zoomInTitle: say.zoomIn, zoomOutTitle: say.zoomOut
  }).addTo(map);
  ["base", "routes", "placements", "hotspots", "picks"].forEach(function (name, index) {
    map.createPane(name).style.zIndex = 400 + 20 * index;
  });
  function drawn(name) { return L.canvas({ pane: name, padding: 0.3, tolerance: 4 }); }
  var groups = {
    routes: L.layerGroup().addTo(map), placements: L.layerGroup().addTo(map), hotspots: L.layerGroup().addTo(map),
    picks: L.layerGroup().addTo(map)
  };
  var badges = {}, stored = [], tried = null, onLines = {}, outline = null, ground = L.layerGroup().addTo(map), baseRenderer = drawn("base");

  fetch(say.layers, { credentials: "same-origin" })
    .then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    })
    .then(draw)
    .catch(function (error) {
      canvas.appendChild(element("p", "map-failed", say.failed));
      window.console.warn("planner map:", error);
    });

  function draw(data) {
    map.setView([22.6, 113.05], 12);
    drawGround(data.base || {}, data.base_map || {});
    drawBoundary(data.boundary);
    drawRoutes(features(data.routes));
    drawPlacements(features(data.placements));
    drawHotspots(features(data.hotspots));
    onLines = data.on_lines || {};
    stored = features(data.picks);
    drawPicks(tried || stored);
    byId("layers").hidden = false;
    if (features(data.placements).length > MANY) {  // thousands of dots hide everything else: shown when asked for
      byId("layers").querySelector("[value=placements]").checked = false;
      groups.placements.remove();
    }
    fit(data);
    canvas.dataset.ready = "true";
  }
  /* A trial's picks instead of the plan's, and back with none. */
  canvas.addEventListener("plan:picks", function (event) {
    tried = event.detail && features(event.detail);
    if (!canvas.dataset.ready) { return; }
    groups.picks.clearLayers();
    badges = {};
    hide();
    drawPicks(tried || stored);
  });
  function features(collection) { return (collection && collection.features) || []; }
  function fit(data) {
    var bounds = L.latLngBounds([]);
    [data.routes, data.hotspots, data.picks].forEach(function (collection) {
      if (features(collection).length) { bounds.extend(L.geoJSON(collection).getBounds()); }
    });
    if (!bounds.isValid() && data.boundary) { bounds.extend(L.geoJSON(data.boundary).getBounds()); }
    var wide = canvas.clientWidth > 480;
    if (bounds.isValid()) {
      map.fitBounds(bounds, { paddingTopLeft: [20, wide ? 60 : 50], paddingBottomRight: [20, wide ? 125 : 20], animate: false });
    }
  }

  function only(collection, name, value) {
    return { features: features(collection).filter(function (feature) { return feature.properties[name] === value; }), type: "FeatureCollection" };
  }
  function roadWidth(feature) {
    var level = feature.properties["class"];
    return { 1: 4.2, 2: 2.7, motorway: 4.2, trunk: 4.2, primary: 4.2, secondary: 2.7 }[level] || 1.5;
  }

  /* Under everything: tiles where there are any, else the layers in the detail that the zoom asks for. */
  function drawGround(base, source) {
    var details = source.details || [], tiles = source.tiles || [], shown = null;
    if (source.attribution) {
      var credit = document.querySelector(".attr span");
      if (credit) { credit.insertBefore(document.createTextNode(source.attribution + " · "), credit.firstChild); }
    }
    if (tiles.length) {
      tiles.forEach(function (address) { L.tileLayer(address, { pane: "base", maxNativeZoom: 17 }).addTo(map); });
      return;
    }
    drawBase(base);
    function follow() {
      var wanted = details.filter(function (detail) { return detail[0] <= map.getZoom(); }).pop();
      if (!wanted || wanted[1] === shown) { return; }
      shown = wanted[1];
      fetch(shown, { credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(function (found) { if (found && wanted[1] === shown) { ground.clearLayers(); drawBase(found); if (outline) { outline.bringToFront(); } } })
        .catch(function (error) { window.console.warn("base map:", error); });
    }
    if (details.length) { map.on("zoomend", follow); follow(); }
  }

  function drawBoundary(boundary) {
    if (features(boundary).length || (boundary && boundary.type === "Feature")) {
      outline = L.geoJSON(boundary, {
        pane: "base", renderer: baseRenderer, interactive: false,
        style: { color: "#8b94a1", weight: 1.5, dashArray: "8 4 2 4", fill: false }
      }).addTo(map);
    }
  }

  /* Land, green, water, districts, roads with an edge, names */
  function drawBase(base) {
    var renderer = baseRenderer;
    function area(collection, fill) {
      if (features(collection).length) {
        L.geoJSON(collection, {
          pane: "base", renderer: renderer, interactive: false,
          style: { stroke: false, fillColor: fill, fillOpacity: 1 },
          pointToLayer: function (_feature, at) { return L.circleMarker(at, { radius: 0, renderer: renderer, interactive: false }); }
        }).addTo(ground);
      }
    }
    function line(collection, style) {
      if (features(collection).length) {
        L.geoJSON(collection, {
          pane: "base", renderer: renderer, interactive: false,
          style: function (feature) {
            var width = style.weight || roadWidth(feature);
            if (style.edge && width < 2) { width = 0; }
            return { color: style.color, weight: width && width + (style.edge || 0), stroke: width > 0, fill: false, dashArray: style.dash };
          }
        }).addTo(ground);
      }
    }
    area(only(base.land, "class", "land"), token("--map-land", "#f3f4f1"));
    area(only(base.land, "class", "block"), token("--map-block", "#eaece7"));
    area(base.green, token("--map-green", "#dfeadd"));
    var water = token("--map-water", "#d3e2ec");
    features(base.water).forEach(function (feature) {
      var isLine = /LineString/.test(feature.geometry.type);
      L.geoJSON(feature, {
        pane: "base", renderer: renderer, interactive: false,
        style: isLine ? { color: water, weight: 6, fill: false } : { stroke: false, fillColor: water, fillOpacity: 1 }
      }).addTo(ground);
    });
    line(base.district, { color: "#b9bfb6", weight: 1, dash: "4 4" });
    line(base.road, { color: token("--map-road-edge", "#d9dcd6"), edge: 1.7 });
    line(base.road, { color: token("--map-road", "#ffffff") });
    features(base.label).forEach(function (feature) {
      if (feature.geometry.type !== "Point") { return; }
      var kind = feature.properties["class"];
      var box = element("span", "", feature.properties.name);
      L.marker(latLng(feature.geometry.coordinates), {
        pane: "hotspots", interactive: false, keyboard: false, alt: "",
        icon: L.divIcon({ className: "place-name" + (kind === "water" ? " on-water" : kind === "hill" ? " on-green" : ""), html: box, iconSize: null })
      }).addTo(ground);
    });
  }
  function latLng(position) { return L.latLng(position[1], position[0]); }

  function drawRoutes(found) {
    var renderer = drawn("routes");
    var scores = found.map(function (feature) { return feature.properties.score || 0; }).sort(function (a, b) { return a - b; });
    found.sort(function (a, b) { return (a.properties.score || 0) - (b.properties.score || 0); });
    found.forEach(function (feature) {
      var score = feature.properties.score || 0;
      var step = scores.length > 1 ? Math.min(5, Math.floor(6 * scores.lastIndexOf(score) / scores.length)) : 3;
      var path = L.GeoJSON.coordsToLatLngs(
        feature.geometry.coordinates, feature.geometry.type === "MultiLineString" ? 1 : 0
      );
      var dense = found.length > 120 ? 0.6 : 1;
      L.polyline(path, {
        pane: "routes", renderer: renderer, color: step < 3 ? "#788daa" : "#ffffff", weight: (3 + step * 0.5) * dense + 1.5,
        opacity: 1, interactive: false
      }).addTo(groups.routes);
      L.polyline(path, {
        pane: "routes", renderer: renderer, color: RAMP[step], weight: (3 + step * 0.5) * dense, opacity: 1
      }).on("click", function () {
        show(say.route, routeName(feature.properties), [
          [say.score, feature.properties.score == null ? "–" : number(score)],
          [say.trips, feature.properties.trips_per_day == null ? "–" : number(feature.properties.trips_per_day)]
        ], "", onLines[feature.properties.line_id]);
      }).addTo(groups.routes);
    });
  }

  function routeName(properties) {
    var line = properties.line_name || properties.line || "", name = properties.name || "";
    return line && name.indexOf(line) < 0 ? line + " " + name : name;
  }

  function drawPlacements(found) {
    var renderer = drawn("placements");
    var many = found.length > MANY;
    found.forEach(function (feature) {
      L.circleMarker(latLng(feature.geometry.coordinates), {
        pane: "placements", renderer: renderer, radius: many ? 1.6 : 3.4, weight: many ? 0.5 : 1.2,
        color: "#26384f", fillColor: "#ffffff", fillOpacity: 1
      }).on("click", function () {
        show(say.shelter, feature.properties.name, [[say.price, "¥" + number(feature.properties.price_cny)]], "", [feature.properties]);
      }).addTo(groups.placements);
    });
  }

  function drawHotspots(found) {
    var renderer = drawn("hotspots");
    var most = found.reduce(function (top, feature) { return Math.max(top, feature.properties.persons_per_day || 0); }, 1);
    var small = found.length > 400;
    found.sort(function (a, b) { return b.properties.persons_per_day - a.properties.persons_per_day; });
    found.forEach(function (feature) {
      var kind = feature.properties.category;
      var size = Math.sqrt((feature.properties.persons_per_day || 0) / most);
      new Sign(latLng(feature.geometry.coordinates), {
        pane: "hotspots", renderer: renderer, shape: SHAPES[kind] || "circle", radius: small ? 1.5 + 5 * size : 4.2 + 5.5 * size,
        color: "#ffffff", weight: small ? 0.8 : 1.5, fillOpacity: 1,
        fillColor: SHAPES[kind] ? token("--cat-" + kind, OTHER) : OTHER
      }).on("click", function () {
        show(say.hotspot, feature.properties.name, [[say.persons, number(feature.properties.persons_per_day)]]);
      }).addTo(groups.hotspots);
    });
  }

  /* Picks: real elements, so that they take the keyboard; lines are drawn again in dark under them */
  function drawPicks(found) {
    var renderer = L.canvas({ pane: "routes", padding: 0.3 });
    var lines = found.filter(function (feature) { return feature.geometry.type !== "Point"; });
    /* Least good first, so that the best lies on top; all edges below all lines. */
    [{ color: "#ffffff", weight: 7.5 }, null].forEach(function (edge) {
      lines.slice().reverse().forEach(function (feature) {
        var screen = feature.properties.format === "screen";
        var style = edge || {
          color: screen ? token("--blue-500", "#3a6fb8") : token("--blue-900", "#0b2751"), weight: 4.5,
          dashArray: screen ? "9 6" : null
        };
        oneWay(feature.geometry.coordinates).forEach(function (path) {
          L.polyline(L.GeoJSON.coordsToLatLngs(path), Object.assign(
            { pane: "routes", renderer: renderer, interactive: false, opacity: 1 }, style
          )).addTo(groups.picks);
        });
      });
    });
    found.forEach(function (feature) {
      var properties = feature.properties, isLine = feature.geometry.type !== "Point";
      var label = element("span", "", String(properties.order));
      if (isLine && properties.label) { label.appendChild(element("i", "", " " + properties.label)); }
      var marker = L.marker(latLng(properties.at), {
        pane: "picks", alt: properties.order + " " + properties.name, title: properties.name, riseOnHover: true,
        icon: L.divIcon({
          className: "badge" + (isLine ? " is-line" : "") + (lines.length > 5 ? " is-short" : "") +
            (properties.proof ? " proof-" + properties.proof : ""), html: label, iconSize: null
        }),
        zIndexOffset: 100 * (1000 - properties.order)
      }).on("click", function () { choose(properties.order, true); })
        .on("add", function (event) {
          /* Leaflet opens popups with the keyboard, but makes no click of it. */
          var icon = event.target.getElement();
          icon.setAttribute("aria-label", properties.order + " " + properties.name);
          icon.addEventListener("keydown", function (press) {
            if (press.key === "Enter" || press.key === " ") { press.preventDefault(); choose(properties.order, true); }
          });
        })
        .addTo(groups.picks);
      marker.properties = properties;
      badges[properties.order] = marker;
    });
  }

  /* Of a way and its way back only one: dashes of two would fill each other's gaps. */
  function oneWay(paths) {
    var seen = {};
    return paths.filter(function (path) {
      var ends = [path[0], path[path.length - 1]].map(function (end) { return end[0].toFixed(3) + end[1].toFixed(3); });
      var key = ends.sort().join() + Math.round(path.length / 8);
      if (seen[key]) { return false; }
      seen[key] = true;
      return true;
    });
  }

  function choose(order, fromMap) {
    var badge = badges[order];
    document.querySelectorAll(".picks li.sel").forEach(function (item) { item.classList.remove("sel"); });
    Object.keys(badges).forEach(function (key) {
      var icon = badges[key].getElement();
      if (icon) { icon.classList.toggle("sel", Number(key) === order); }
    });
    var item = byId("pick-" + order);
    if (item) {
      item.classList.add("sel");
      var folded = item.closest("details");
      if (folded) { folded.open = true; }
      if (fromMap && window.matchMedia("(min-width: 48.01rem)").matches) { item.scrollIntoView({ block: "nearest" }); }
    }
    if (!badge) { return; }
    var properties = badge.properties;
    show(say.pick + " " + order + "·" + properties.format_label, properties.name, [
      [say.cost, "¥" + number(properties.cost_cny)], [say.added, "+" + (100 * properties.marginal).toFixed(1) + "%"]
    ].concat(properties.proof ? [[say.proof, properties.proof_label], [say.scans, number(properties.scans)]] : []), properties.reason, [{ id: properties.placement }]);
    if (!fromMap) { map.panInside(badge.getLatLng(), { padding: [80, 130], animate: !stillPlease() }); }
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-pick]");
    if (link) { choose(Number(link.dataset.pick), false); }
  });

  var pop = byId("pop");
  function show(kind, title, rows, why, offers) {
    pop.querySelector(".k").textContent = kind;
    pop.querySelector("h3").textContent = title || "";
    pop.querySelector(".w").textContent = why || "";
    var list = pop.querySelector("dl");
    list.textContent = "";
    rows.forEach(function (row) {
      var line = element("div");
      line.appendChild(element("dt", "", row[0]));
      line.appendChild(element("dd", "", row[1]));
      list.appendChild(line);
    });
    pop.querySelector(".offers").replaceChildren.apply(pop.querySelector(".offers"), marksOf(offers || []));
    pop.hidden = false;
    canvas.dispatchEvent(new CustomEvent("card:shown", {
      detail: { map: map, list: list, placement: offers && offers.length === 1 ? offers[0].id : null }
    }));
  }
  function hide() {
    pop.hidden = true;
    canvas.dispatchEvent(new CustomEvent("card:closed"));
  }
  /* What can be locked and excluded right here: trial.js hears the buttons. */
  function marksOf(offers) {
    return say.lock ? offers.map(function (offer) {
      var line = element("li", "", offers.length > 1 ? offer.name + " ¥" + number(offer.price_cny) : "");
      var marked = ["locked", "excluded"].some(function (name) {
        var field = document.querySelector("#brief [name=" + name + "]");
        return field && field.value.split(",").indexOf(String(offer.id)) >= 0;
      });
      (marked ? ["free"] : ["lock", "exclude"]).forEach(function (wish) {
        var button = element("button", "link", say[wish]);
        button.type = "button";
        button.dataset.mark = wish;
        button.dataset.placement = offer.id;
        button.setAttribute("aria-label", say[wish] + " " + (offer.name || pop.querySelector("h3").textContent));
        line.appendChild(button);
      });
      return line;
    }) : [];
  }
  pop.querySelector(".close").addEventListener("click", function () { hide(); canvas.focus(); });

  byId("layers").addEventListener("change", function (event) {
    var group = groups[event.target.value];
    if (group) { event.target.checked ? group.addTo(map) : group.remove(); }
  });
})();
