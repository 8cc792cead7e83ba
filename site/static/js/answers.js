/* An address that names an answer (#q-…) opens it. Without this script the reader opens it by hand. */
(function () {
  "use strict";

  function open() {
    var name = window.location.hash.slice(1);
    var answer = name && document.getElementById(name);
    if (answer && answer.tagName === "DETAILS") {
      answer.open = true;
      answer.scrollIntoView();
    }
  }

  window.addEventListener("hashchange", open);
  open();
})();
