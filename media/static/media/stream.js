// A long film over a slow line: once it is started, the sizes made for that take the place of the single MP4.
// Safari plays them by itself; other browsers fetch a small player then, and never without need. Without this script,
// or where anything fails, the MP4 plays on.
(function () {
  "use strict";
  var film = document.getElementById("film");
  var address = film && film.dataset.stream;
  if (!address) { return; }
  var mp4 = film.querySelector("source").src;

  function go(source) { // where the viewer is, with another source
    var at = film.currentTime, playing = !film.paused;
    source();
    film.addEventListener("loadedmetadata", function () {
      if (at) { film.currentTime = at; }
      if (playing) { var promise = film.play(); if (promise) { promise.catch(function () { /* the controls are there */ }); } }
    }, { once: true });
  }

  function attach() {
    if (!window.Hls || !Hls.isSupported()) { return; }
    var player = new Hls({ enableWorker: false, capLevelToPlayerSize: true, startPosition: film.currentTime });
    player.on(Hls.Events.ERROR, function (event, error) {
      if (!error.fatal) { return; }
      go(function () { player.destroy(); film.src = mp4; film.load(); });
    });
    player.on(Hls.Events.LEVEL_SWITCHED, function (event, level) { film.dataset.lines = player.levels[level.level].height; });
    go(function () { player.loadSource(address); player.attachMedia(film); });
  }

  film.addEventListener("play", function () {
    if (/apple/i.test(navigator.vendor) && film.canPlayType("application/vnd.apple.mpegurl")) {
      go(function () { film.src = address; });
      return;
    }
    if (!window.MediaSource) { return; }
    var script = document.createElement("script");
    script.src = film.dataset.player;
    script.onload = attach; // the MP4 plays meanwhile
    document.head.appendChild(script);
  }, { once: true });
})();
