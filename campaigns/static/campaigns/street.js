/* The phone's place, asked for only after its owner pressed the button, and only put into this form. */
(function () {
  "use strict";
  var box = document.getElementById("where-now");
  if (!box || !navigator.geolocation || !window.isSecureContext) { return; }
  var said = box.querySelector("[role=status]"), button = box.querySelector("button");
  box.hidden = false;
  button.addEventListener("click", function () {
    said.textContent = box.dataset.asking;
    navigator.geolocation.getCurrentPosition(function (found) {
      document.getElementById("id_lat").value = found.coords.latitude.toFixed(6);
      document.getElementById("id_lon").value = found.coords.longitude.toFixed(6);
      said.textContent = box.dataset.got + " " + Math.round(found.coords.accuracy) + " " + box.dataset.metres;
    }, function () {
      said.textContent = box.dataset.failed;
    }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 });
  });
})();
