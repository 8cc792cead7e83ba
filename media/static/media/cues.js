// The transcript beside the player: a line starts the film there, and the line being spoken is marked.
// Without this script every line is a link to the same page with ?t=, which does the same by loading anew.
(function () {
  "use strict";
  var film = document.getElementById("film");
  var list = document.getElementById("cues");
  if (!film) { return; }

  function startAt(link) {
    film.currentTime = parseFloat(link.dataset.start);
    var playing = film.play();
    if (playing) { playing.catch(function () { /* the controls are there */ }); }
  }

  function chosen(event) { // a plain click or Enter on a link with a time; anything else is the browser's own affair
    var link = event.target.closest("a[data-start]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) { return null; }
    event.preventDefault();
    return link;
  }

  Array.prototype.forEach.call(document.querySelectorAll(".scenes"), function (scenes) {
    scenes.addEventListener("click", function (event) {
      var link = chosen(event);
      if (link) { startAt(link); }
    });
  });

  if (!list) { return; }
  var lines = Array.prototype.slice.call(list.querySelectorAll("a[data-start]"));
  var current = null;

  list.addEventListener("click", function (event) {
    var line = chosen(event);
    if (!line) { return; }
    startAt(line);
    show(line);
  });

  // Between two lines the one just spoken stays marked.
  film.addEventListener("timeupdate", function () {
    var now = film.currentTime;
    show(lines.filter(function (line) { return parseFloat(line.dataset.start) <= now; }).pop() || null);
  });

  function show(line) {
    if (line === current) { return; }
    if (current) { current.removeAttribute("aria-current"); }
    current = line;
    if (!line) { return; }
    line.setAttribute("aria-current", "true");
    // Move the list only, never the page, and not under a reader's hands.
    if (list.scrollHeight > list.clientHeight && !list.contains(document.activeElement)) {
      list.scrollTop += line.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 3;
    }
  }
})();
