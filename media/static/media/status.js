// Follows the worker on a film's desk: asks every two seconds, shows how far it is, loads the page anew when it ends.
// Without this script the link beside the bar does the same.
(function () {
  "use strict";
  Array.prototype.forEach.call(document.querySelectorAll("[data-film-status]"), function (box) {
    var address = box.dataset.filmStatus;
    if (!address) { return; }
    function ask() {
      fetch(address, { credentials: "same-origin" })
        .then(function (answer) { return answer.json(); })
        .then(function (status) {
          if (!status.open) { window.location.reload(); return; }
          box.querySelector("[data-label]").textContent = status.label;
          box.querySelector("[data-note]").textContent = status.note;
          box.querySelector("[data-left]").textContent = status.left;
          box.querySelector("[data-percent]").textContent = status.progress + " %";
          box.querySelector("progress").value = status.progress;
          window.setTimeout(ask, 2000);
        })
        .catch(function () { window.setTimeout(ask, 10000); });
    }
    window.setTimeout(ask, 1500);
  });
})();
