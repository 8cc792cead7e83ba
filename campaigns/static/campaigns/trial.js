/* What the plan would be, while the brief changes: asked of the server one question at a time, the newest wins. */
(function () {
  "use strict";
  var form = document.getElementById("brief"), box = document.getElementById("trial");
  if (!form || !box || !form.dataset.trial || !window.fetch || !window.FormData || !window.AbortController) { return; }
  var shown = document.getElementById("trial-shown"), stored = document.getElementById("stored");
  var said = document.getElementById("trial-said"), canvas = document.getElementById("canvas");
  var budget = document.getElementById("id_budget_cny"), slide = document.getElementById("budget-slide");
  var PAUSE_MS = 15, PATIENCE_MS = 1000;
  var timer = null, asking = null, askedAt = 0, again = false, focused = "", byKey = false;

  function field(name) { return form.querySelector("[name=" + name + "]"); }
  function state() {
    return Array.prototype.filter.call(form.elements, function (one) {
      return one.name && one.name !== "csrfmiddlewaretoken" && one.type !== "submit" && (!/radio|checkbox/.test(one.type) || one.checked);
    }).map(function (one) { return one.name + "=" + one.value; }).join("&");
  }
  var start = state();

  /* ── Ask: never two at a time; an answer that is slow is given up for a newer question ── */
  function soon() {
    clearTimeout(timer);
    if (state() === start && !("differs" in form.dataset)) { back(); return; }
    if (asking) {
      again = true;
      if (Date.now() - askedAt > PATIENCE_MS) { asking.abort(); }
      return;
    }
    timer = setTimeout(ask, PAUSE_MS);
  }
  function ask() {
    var mine = asking = new AbortController();
    askedAt = Date.now();
    again = false;
    if (box.hidden) { said.textContent = said.dataset.wait; }
    fetch(form.dataset.trial, {
      method: "POST", body: new FormData(form), credentials: "same-origin", signal: mine.signal,
      headers: { Accept: "application/json" }
    })
      .then(function (answer) {
        if (!answer.ok && answer.status !== 422) { throw new Error(String(answer.status)); }
        return answer.json();
      })
      .then(function (found) { if (asking === mine) { show(found); } })
      .catch(function (error) {
        if (error.name !== "AbortError") {
          said.className = "trial-said is-error";
          said.textContent = said.dataset.failed;
          window.console.warn("trial:", error);
        }
      })
      .then(function () {
        if (asking !== mine) { return; }
        asking = null;
        if (again) { soon(); }
      });
  }
  function show(found) {
    if (found.error) {
      said.className = "trial-said is-error";
      said.textContent = found.error;
      return;
    }
    shown.innerHTML = found.html;
    box.hidden = false;
    if (stored) { stored.hidden = true; }
    said.className = "trial-said vh";
    said.textContent = found.said;
    canvas.dispatchEvent(new CustomEvent("plan:picks", { detail: found.picks }));
    refocus();
    box.dataset.ms = String(Math.round(Date.now() - askedAt));
  }
  function back() {
    if (asking) { asking.abort(); asking = null; }
    again = false;
    said.className = "trial-said";
    said.textContent = "";
    if (box.hidden) { return; }
    box.hidden = true;
    shown.textContent = "";
    if (stored) { stored.hidden = false; }
    canvas.dispatchEvent(new CustomEvent("plan:picks", { detail: null }));
  }

  /* ── Lock, exclude, leave out: in the list, on the map's card, by mouse and by key alike ── */
  function keys(name) { return field(name).value.split(",").filter(Boolean); }
  function mark(wish, placement) {
    var lists = wish === "off" || wish === "on" ? ["without"] : ["locked", "excluded"];
    lists.forEach(function (name) {
      var wanted = keys(name).filter(function (key) { return key !== placement; });
      if ((name === "locked" && wish === "lock") || (name === "excluded" && wish === "exclude") || (name === "without" && wish === "off")) {
        wanted.push(placement);
      }
      field(name).value = wanted.map(Number).sort(function (a, b) { return a - b; }).join(",");
    });
    field(lists[0]).dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-mark]");
    if (!button) { return; }
    focused = button.closest("#trial") ? button.dataset.placement : "";
    byKey = event.detail === 0;
    mark(button.dataset.mark, button.dataset.placement);
  });
  document.addEventListener("submit", function (event) {
    var marks = event.target.closest("form.marks[data-placement]");
    if (!marks || !event.submitter) { return; }  // an old browser sends the form: the mark is kept, the page comes anew
    event.preventDefault();
    focused = marks.dataset.placement;
    byKey = true;
    mark(event.submitter.value, marks.dataset.placement);
  });
  /* The list is made anew with each answer: whoever pressed a key goes on there, whoever pointed is not scrolled away. */
  function refocus() {
    if (!focused) { return; }
    var there = shown.querySelector('button[data-placement="' + focused + '"]') || document.getElementById("trial-title");
    focused = "";
    there.focus({ preventScroll: !byKey });
  }

  /* ── The budget as a slider ── */
  function amount() { return Number(budget.value.replace(/[,，\s]/g, "")) || 0; }
  function follow() {
    var now = amount();
    if (now > Number(slide.max)) { slide.max = String(nice(2 * now)); }
    slide.value = String(now);
  }
  function nice(value) {
    var unit = Math.pow(10, Math.max(3, Math.floor(Math.log(value || 1) / Math.LN10)));
    return Math.ceil(value / unit) * unit;
  }
  if (slide && budget) {
    slide.min = "0";
    slide.step = amount() >= 50000 ? "1000" : "100";
    slide.max = String(nice(2 * (amount() || 100000)));
    slide.hidden = false;
    follow();
    slide.addEventListener("input", function () {
      budget.value = Math.max(Number(slide.step), Number(slide.value)).toLocaleString("en-US");
      budget.dispatchEvent(new Event("input", { bubbles: true }));
    });
    budget.addEventListener("input", function () { if (document.activeElement !== slide) { follow(); } });
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.getElementById("trial-back").addEventListener("click", function () {
    var drop = document.querySelector("#drafts [data-do=drop]");
    if (drop && !drop.hidden) { drop.click(); }
    delete form.dataset.differs;
    start = state();
    back();
    document.getElementById("main").focus();
  });
  if ("differs" in form.dataset) { soon(); }
})();
