/* The brief is kept in this browser as it is typed, and every change can be taken back, until it is computed. */
(function () {
  "use strict";
  var form = document.getElementById("brief"), bar = document.getElementById("drafts");
  if (!form || !bar || !window.localStorage) { return; }
  var campaign = form.querySelector("[name=campaign]");
  var key = "pufa-brief:" + form.getAttribute("action") + ":" + (campaign ? campaign.value : "new");
  var undo = bar.querySelector("[data-do=undo]"), redo = bar.querySelector("[data-do=redo]");
  var drop = bar.querySelector("[data-do=drop]"), said = bar.querySelector("[role=status]");
  var MOST_STEPS = 100, PAUSE_MS = 400;

  function fields() {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && (field.type !== "hidden" || "draft" in field.dataset) && field.type !== "submit" && field.type !== "button";
    });
  }
  function read() {
    return JSON.stringify(fields().map(function (field) {
      return [field.name, /radio|checkbox/.test(field.type) ? [field.value, field.checked] : field.value];
    }));
  }
  function write(state) {
    var values = JSON.parse(state), all = fields();
    if (values.length !== all.length) { return false; }
    all.forEach(function (field, index) {
      var value = values[index];
      if (value[0] !== field.name) { return; }
      if (/radio|checkbox/.test(field.type)) { field.checked = value[1][1]; } else { field.value = value[1]; }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return true;
  }

  var saved = read(), steps = [saved], at = 0, timer = null, writing = false;
  function keep() {
    try {
      if (steps[at] === saved) { localStorage.removeItem(key); } else { localStorage.setItem(key, steps[at]); }
    } catch (error) { window.console.warn("brief not kept:", error); }
    undo.disabled = at === 0;
    redo.disabled = at === steps.length - 1;
    drop.hidden = steps[at] === saved;
  }
  function note() {
    var state = read();
    if (state === steps[at]) { return; }
    steps = steps.slice(0, at + 1).concat(state).slice(-MOST_STEPS);
    at = steps.length - 1;
    said.textContent = bar.dataset.kept;
    keep();
  }
  function go(to, message) {
    clearTimeout(timer);
    note();
    if (to(at) < 0 || to(at) >= steps.length) { return; }
    at = to(at);
    writing = true;
    write(steps[at]);
    writing = false;
    said.textContent = message;
    keep();
  }

  form.addEventListener("input", function () {
    if (writing) { return; }
    clearTimeout(timer);
    timer = setTimeout(note, PAUSE_MS);
  });
  form.addEventListener("change", function () { if (!writing) { clearTimeout(timer); note(); } });
  undo.addEventListener("click", function () { go(function (now) { return now - 1; }, bar.dataset.undone); });
  redo.addEventListener("click", function () { go(function (now) { return now + 1; }, bar.dataset.redone); });
  drop.addEventListener("click", function () {
    writing = true;
    write(saved);
    writing = false;
    note();
    said.textContent = bar.dataset.dropped;
  });
  form.addEventListener("submit", function () { localStorage.removeItem(key); });

  bar.hidden = false;
  var draft = localStorage.getItem(key);
  if (draft && draft !== saved && !form.querySelector(".has-error")) {
    writing = true;
    try {
      if (write(draft)) {
        steps.push(read());
        at = 1;
        said.textContent = bar.dataset.restored;
      }
    } catch (error) { localStorage.removeItem(key); }
    writing = false;
  }
  keep();
})();
