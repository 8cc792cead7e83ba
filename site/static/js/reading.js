/* Reading settings: text size, contrast, pointer, read aloud, print. Kept on the reader's device, sent nowhere.
   Loaded in <head> without `defer`: the chosen size is there before the first line is drawn. */
(function () {
  "use strict";

  var KEY = "pufa.reading";
  var CHOICES = { size: ["normal", "large", "huge"], contrast: ["normal", "high"], cursor: ["normal", "big"] };
  var SENIOR = { size: "huge", contrast: "high", cursor: "big" };
  var root = document.documentElement;
  var chosen = read();

  function read() {
    var found = {};
    try {
      found = JSON.parse(window.localStorage.getItem(KEY)) || {};
    } catch (error) {
      /* private window, or a value that is not ours: start from the standard */
    }
    var clean = {};
    Object.keys(CHOICES).forEach(function (name) {
      clean[name] = CHOICES[name].indexOf(found[name]) > 0 ? found[name] : "normal";
    });
    return clean;
  }

  function keep() {
    try {
      window.localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch (error) {
      /* the choice then holds for this page only */
    }
  }

  function show() {
    Object.keys(CHOICES).forEach(function (name) {
      if (chosen[name] === "normal") root.removeAttribute("data-" + name);
      else root.setAttribute("data-" + name, chosen[name]);
      var radio = document.getElementById(name + "-" + chosen[name]);
      if (radio) radio.checked = true;
    });
    var senior = isSenior();
    document.querySelectorAll("[data-senior]").forEach(function (link) {
      if (senior) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  function isSenior() {
    return Object.keys(SENIOR).every(function (name) { return chosen[name] === SENIOR[name]; });
  }

  function choose(values) {
    Object.keys(values).forEach(function (name) { chosen[name] = values[name]; });
    keep();
    show();
  }

  root.classList.add("js");
  show();

  /* ── Read aloud: only with a Chinese voice that lives on the device, so that no text leaves it ── */
  var voices = window.speechSynthesis;

  function chineseVoice() {
    return voices.getVoices().filter(function (voice) {
      return voice.localService && /^(zh|cmn)/i.test(voice.lang);
    })[0];
  }

  function textToRead() {
    var place = document.querySelector("[data-read]") || document.getElementById("main");
    /* Short pieces: some engines stop in the middle of a long one. */
    return ((place ? place.innerText : "").match(/[^。！？；\n]+[。！？；]*/g) || []).filter(function (piece) { return piece.trim(); });
  }

  function prepareSpeech(button) {
    var label = button.querySelector("span");
    var start = label.textContent;
    function rest() { label.textContent = start; button.removeAttribute("aria-pressed"); }
    function offer() { if (chineseVoice()) button.hidden = false; }
    offer();
    if (voices.addEventListener) voices.addEventListener("voiceschanged", offer);
    window.addEventListener("pagehide", function () { voices.cancel(); });
    button.addEventListener("click", function () {
      if (button.getAttribute("aria-pressed")) { voices.cancel(); rest(); return; }
      var pieces = textToRead();
      var voice = chineseVoice();
      pieces.forEach(function (piece, at) {
        var words = new SpeechSynthesisUtterance(piece);
        words.voice = voice;
        words.lang = voice.lang;
        words.rate = 0.95;
        if (at === pieces.length - 1) words.onend = rest;
        voices.speak(words);
      });
      button.setAttribute("aria-pressed", "true");
      label.textContent = button.getAttribute("data-stop");
    });
  }

  /* ── Copy: <button data-copy="text" hidden> copies its text and says so in the [role=status] beside it ── */
  function copied(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    /* Plain http has no clipboard object: let the browser copy a selection instead. */
    var field = document.createElement("textarea");
    field.value = text;
    field.className = "vh";
    field.setAttribute("readonly", "");
    document.body.appendChild(field);
    field.select();
    var done = document.execCommand("copy");
    field.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  function prepareCopy(button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = button.getAttribute("data-copy");
      copied(text).then(function () {
        var said = button.parentElement.querySelector("[role=status]");
        if (said) said.textContent = (said.getAttribute("data-said") || "") + text;
      });
    });
  }

  /* ── On paper every answer is open ── */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("main details:not([open]):not(.toc-m)").forEach(function (item) {
      item.open = true;
      item.setAttribute("data-opened-to-print", "");
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("[data-opened-to-print]").forEach(function (item) {
      item.open = false;
      item.removeAttribute("data-opened-to-print");
    });
  });

  document.addEventListener("DOMContentLoaded", function () {
    show();
    document.addEventListener("change", function (event) {
      var name = event.target.name;
      if (event.target.type === "radio" && CHOICES[name] && event.target.closest(".tools")) {
        var value = {};
        value[name] = event.target.value;
        choose(value);
      }
    });
    document.querySelectorAll("[data-senior]").forEach(function (link) {
      link.addEventListener("click", function (event) {
        event.preventDefault();
        choose(isSenior() ? { size: "normal", contrast: "normal", cursor: "normal" } : SENIOR);
      });
    });
    document.querySelectorAll("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
    if (voices) document.querySelectorAll("[data-speak]").forEach(prepareSpeech);

    document.querySelectorAll("[data-copy]").forEach(prepareCopy);
  });

  /* Another tab chose something else. */
  window.addEventListener("storage", function (event) {
    if (event.key === KEY) { chosen = read(); show(); }
  });
})();
