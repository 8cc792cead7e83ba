// The caption editor: cues beside the film. Every button has a key; what is checked here is checked again when saved.
// Without this script times and texts are edited by hand, and two blank rows take new cues.
(function () {
  "use strict";
  var STEP_MS = 100, NEW_MS = 2000, HALF_WIDTH_BELOW = 0x250;
  var desk = document.querySelector("[data-cue-desk]");
  if (!desk) { return; }
  var film = desk.querySelector("video"), list = desk.querySelector("[data-cues]");
  var blank = desk.querySelector("[data-blank]"), limits = desk.dataset, chosen = null, playUntil = null;

  // ── Times and texts ────────────────────────────────────────────────────────────────────────────────────────────────

  function parse(text) {
    var found = /^(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})$/.exec(text.trim());
    return found ? ((Number(found[1] || 0) * 60 + Number(found[2])) * 60 + Number(found[3])) * 1000 + Number(found[4]) : null;
  }

  function pad(number, length) { return String(number).padStart(length, "0"); }

  function stamp(ms) {
    ms = Math.max(0, Math.round(ms));
    var seconds = Math.floor(ms / 1000), minutes = Math.floor(seconds / 60);
    return pad(Math.floor(minutes / 60), 2) + ":" + pad(minutes % 60, 2) + ":" + pad(seconds % 60, 2) + "." + pad(ms % 1000, 3);
  }

  function field(cue, name) { return cue.querySelector("[name=" + name + "]"); }
  function time(cue, name) { return parse(field(cue, name).value); }
  function setTime(cue, name, ms) { field(cue, name).value = stamp(ms); }
  function cues() { return Array.prototype.slice.call(list.children); }
  function isBlank(cue) { return ["start", "end", "who", "text"].every(function (name) { return !field(cue, name).value.trim(); }); }
  function now() { return film ? film.currentTime * 1000 : 0; }
  function fill(text, values) { return text.replace(/\{(\w+)\}/g, function (whole, name) { return values[name]; }); }

  function cells(text) {
    return Array.from(text.trim()).reduce(function (sum, char) {
      return sum + (char.codePointAt(0) < HALF_WIDTH_BELOW ? Number(limits.latin) : 1);
    }, 0);
  }

  // ── Checks, the same as media/readability.py ───────────────────────────────────────────────────────────────────────

  function remarks(cue, above) {
    var start = time(cue, "start"), end = time(cue, "end"), said = [];
    if (start === null || end === null || end <= start) { return [limits.sayTime]; }
    var lines = field(cue, "text").value.split("\n").filter(function (line) { return line.trim(); });
    var widest = Math.max.apply(null, lines.map(cells).concat(0));
    var speed = 1000 * lines.map(cells).reduce(function (a, b) { return a + b; }, 0) / (end - start);
    if (widest > limits.lineCells) { said.push(fill(limits.sayWide, { n: widest, most: limits.lineCells })); }
    if (lines.length > limits.lines) { said.push(fill(limits.sayLines, { n: lines.length, most: limits.lines })); }
    if (speed > limits.cellsPerS) { said.push(fill(limits.sayFast, { n: speed.toFixed(1), most: limits.cellsPerS })); }
    if (end - start < limits.shortestMs) { said.push(fill(limits.sayShort, { n: ((end - start) / 1000).toFixed(1) })); }
    if (end - start > limits.longestMs) { said.push(fill(limits.sayLong, { most: limits.longestMs / 1000 })); }
    var before = above && time(above, "end"), beginning = above && time(above, "start");
    if (beginning !== null && start < beginning) { said.push(limits.sayOrder); }
    else if (before !== null && start < before) { said.push(limits.sayOverlap); }
    cue.dataset.speed = fill(limits.saySpeed, { n: speed.toFixed(1) });
    return said;
  }

  function check() {
    var above = null, bad = 0, count = 0;
    cues().forEach(function (cue) {
      var box = cue.querySelector("[data-remarks]");
      if (isBlank(cue)) { box.textContent = ""; box.removeAttribute("data-bad"); return; }
      var said = remarks(cue, above);
      box.textContent = said.length ? said.join("；") : cue.dataset.speed;
      box.toggleAttribute("data-bad", said.length > 0);
      bad += said.length > 0;
      count += 1;
      above = cue;
    });
    desk.querySelector("[data-count]").textContent = fill(limits.sayCount, { n: count, bad: bad });
  }

  function changed() { // the page warns before it is left
    desk.dispatchEvent(new Event("change", { bubbles: true }));
    check();
  }

  // ── What can be done ───────────────────────────────────────────────────────────────────────────────────────────────

  function choose(cue, focus) {
    if (chosen && chosen !== cue) { chosen.removeAttribute("data-chosen"); }
    chosen = cue;
    if (!cue) { return; }
    cue.setAttribute("data-chosen", "");
    if (focus) { field(cue, "text").focus(); cue.scrollIntoView({ block: "nearest" }); }
  }

  function make() {
    var cue = blank.content.firstElementChild.cloneNode(true);
    reveal(cue);
    return cue;
  }

  function add() {
    var at = now(), cue = make();
    var after = cues().filter(function (other) { return !isBlank(other) && time(other, "start") <= at; }).pop();
    list.insertBefore(cue, after ? after.nextSibling : list.firstChild);
    setTime(cue, "start", at);
    setTime(cue, "end", at + NEW_MS);
    if (after) { field(cue, "who").value = field(after, "who").value; }
    choose(cue, true);
    changed();
  }

  function split(cue) { // at the cursor, the time in proportion to the text
    var text = field(cue, "text"), value = text.value, place = text.selectionStart;
    if (!place || place >= value.length) { place = Math.ceil(value.length / 2); }
    var start = time(cue, "start"), end = time(cue, "end");
    if (value.trim().length < 2 || start === null || end === null) { return; }
    var left = value.slice(0, place).trim(), right = value.slice(place).trim();
    var middle = start + (end - start) * cells(left) / Math.max(1, cells(left) + cells(right));
    var other = make();
    text.value = left;
    field(other, "text").value = right;
    field(other, "who").value = field(cue, "who").value;
    setTime(cue, "end", middle);
    setTime(other, "start", middle);
    setTime(other, "end", end);
    list.insertBefore(other, cue.nextSibling);
    choose(other, true);
    changed();
  }

  function merge(cue) {
    var other = cue.nextElementSibling;
    if (!other || isBlank(other)) { return; }
    var text = field(cue, "text"), more = field(other, "text").value.trim();
    text.value = [text.value.trim(), more].filter(Boolean).join("\n");
    if (time(other, "end") !== null) { setTime(cue, "end", Math.max(time(other, "end"), time(cue, "end") || 0)); }
    other.remove();
    choose(cue, true);
    changed();
  }

  function remove(cue) {
    var next = cue.nextElementSibling || cue.previousElementSibling;
    cue.remove();
    choose(next, Boolean(next));
    changed();
  }

  function shift(some, by) {
    some.forEach(function (cue) {
      ["start", "end"].forEach(function (name) {
        var at = time(cue, name);
        if (at !== null) { setTime(cue, name, at + by); }
      });
    });
    changed();
  }

  function play(cue) {
    if (!film || time(cue, "start") === null) { return; }
    film.currentTime = time(cue, "start") / 1000;
    playUntil = time(cue, "end");
    film.play();
  }

  function toNow(cue, name) { setTime(cue, name, now()); changed(); }

  function move(by) {
    var all = cues(), next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(chosen) + by))];
    if (next) { choose(next, true); }
  }

  var deeds = {
    play: play, split: split, merge: merge, remove: remove,
    start: function (cue) { toNow(cue, "start"); }, end: function (cue) { toNow(cue, "end"); }
  };

  // ── Mouse, keyboard, film ──────────────────────────────────────────────────────────────────────────────────────────

  list.addEventListener("focusin", function (event) { choose(event.target.closest("[data-cue]"), false); });
  list.addEventListener("input", check);
  desk.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) { return; }
    var cue = button.closest("[data-cue]");
    if (cue && button.dataset.do) { choose(cue, false); deeds[button.dataset.do](cue); }
    if ("add" in button.dataset) { add(); }
    if (button.dataset.shift) {
      var by = Number(desk.querySelector("[data-shift-by]").value) || 0, all = cues();
      shift(button.dataset.shift === "all" ? all : all.slice(Math.max(0, all.indexOf(chosen))), by);
    }
  });

  var keys = { // by place on the keyboard: with Alt, some systems type other characters
    KeyP: function () { if (film) { if (film.paused) { playUntil = null; film.play(); } else { film.pause(); } } },
    KeyR: function () { if (chosen) { play(chosen); } },
    BracketLeft: function () { if (chosen) { toNow(chosen, "start"); } },
    BracketRight: function () { if (chosen) { toNow(chosen, "end"); } },
    Comma: function () { if (chosen) { shift([chosen], -STEP_MS); } },
    Period: function () { if (chosen) { shift([chosen], STEP_MS); } },
    ArrowUp: function () { move(-1); },
    ArrowDown: function () { move(1); },
    Enter: function () { if (chosen) { split(chosen); } },
    KeyM: function () { if (chosen) { merge(chosen); } },
    KeyN: add
  };
  document.addEventListener("keydown", function (event) {
    if (!event.altKey || event.ctrlKey || event.metaKey || !keys[event.code]) { return; }
    event.preventDefault();
    keys[event.code]();
  });

  if (film) {
    film.addEventListener("timeupdate", function () {
      var at = now(), shown = "";
      if (playUntil !== null && at >= playUntil) { film.pause(); playUntil = null; }
      cues().forEach(function (cue) {
        var on = time(cue, "start") !== null && time(cue, "start") <= at && at < time(cue, "end");
        cue.toggleAttribute("data-playing", on);
        if (on) { shown += (shown ? "\n" : "") + field(cue, "text").value; }
      });
      desk.querySelector("[data-now]").textContent = shown;
    });
  }

  function reveal(part) {
    Array.prototype.forEach.call(part.querySelectorAll("[data-scripted]"), function (element) { element.hidden = false; });
  }

  cues().filter(isBlank).forEach(function (cue) { cue.remove(); });
  reveal(desk);
  choose(list.firstElementChild, false);
  check();
})();
