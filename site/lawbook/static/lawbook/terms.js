/* Meanings of terms beside the words: shown while a pointer rests on a term or the keyboard is on it, and by a tap.
   Each term is a link to the glossary without this script; its meaning stands on the page itself (<dd id>). */
(function () {
  "use strict";

  var box = null; /* the one box, made when first needed */
  var owner = null; /* the term whose meaning it shows */
  var leaving = 0;

  function make() {
    box = document.createElement("div");
    box.id = "term-box";
    box.className = "term-box";
    box.setAttribute("role", "tooltip");
    box.hidden = true;
    /* A pointer may go from the term into the box to read or copy there. */
    box.addEventListener("mouseenter", stay);
    box.addEventListener("mouseleave", leave);
    (document.getElementById("main") || document.body).appendChild(box);
  }

  /* Where the box's own zero is, on the screen. */
  function origin() {
    var parent = box.offsetParent;
    if (parent && window.getComputedStyle(parent).position !== "static") return parent.getBoundingClientRect();
    return { left: -window.pageXOffset, top: -window.pageYOffset };
  }

  function place(term) {
    var rect = term.getClientRects()[0] || term.getBoundingClientRect();
    var page = document.documentElement;
    var left = Math.min(rect.left, page.clientWidth - box.offsetWidth - 12);
    var below = rect.bottom + 8;
    var above = rect.top - box.offsetHeight - 8;
    var fits = below + box.offsetHeight <= page.clientHeight || above < 0;
    var from = origin();
    box.style.left = Math.max(12, left) - from.left + "px";
    box.style.top = (fits ? below : above) - from.top + "px";
  }

  function show(term) {
    var meaning = document.getElementById(term.getAttribute("data-term"));
    if (!meaning) return;
    if (!box) make();
    stay();
    if (owner && owner !== term) owner.removeAttribute("aria-describedby");
    owner = term;
    box.textContent = meaning.textContent.trim();
    box.hidden = false;
    term.setAttribute("aria-describedby", box.id);
    place(term);
  }

  function hide() {
    stay();
    if (!owner) return;
    owner.removeAttribute("aria-describedby");
    owner = null;
    box.hidden = true;
  }

  function stay() {
    window.clearTimeout(leaving);
  }

  function leave() {
    stay();
    leaving = window.setTimeout(hide, 250);
  }

  function prepare(term) {
    var touched = false;
    term.addEventListener("mouseenter", function () { if (!touched) show(term); });
    term.addEventListener("mouseleave", function () { if (document.activeElement !== term) leave(); });
    term.addEventListener("focus", function () { if (!touched) show(term); });
    term.addEventListener("blur", leave);
    term.addEventListener("touchstart", function () { touched = true; }, { passive: true });
    term.addEventListener("touchmove", function () { touched = false; }, { passive: true }); /* it is scrolling */
    /* A finger has nothing to rest with: the first tap shows the meaning, the second follows the link. */
    term.addEventListener("click", function (event) {
      if (touched && owner !== term) {
        event.preventDefault();
        show(term);
      }
      touched = false;
    });
  }

  document.querySelectorAll("a.term").forEach(prepare);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" || event.key === "Esc") hide();
  });
  document.addEventListener("click", function (event) {
    if (owner && !owner.contains(event.target) && !box.contains(event.target)) hide();
  });
  window.addEventListener("resize", hide);
})();
