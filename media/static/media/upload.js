// Sends a film in pieces as soon as it is chosen (tus 1.0): pause, go on, also after this page or the server starts anew.
// Without this script the file goes with the form.
(function () {
  "use strict";
  var RETRY_MS = [0, 1000, 2000, 4000, 8000, 15000, 30000, 30000];

  function csrfToken(form) { // logging in again gives a new one, which the cookie has
    var cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  function megabytes(bytes) { return (bytes / 1048576).toFixed(1) + " MB"; }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  }

  function prepare(box) {
    var input = box.querySelector("input[type=file]"), token = box.querySelector("[data-token]");
    var panel = box.querySelector("[data-panel]"), bar = box.querySelector("progress");
    var status = box.querySelector("[data-status]"), pause = box.querySelector("[data-pause]");
    var discard = box.querySelector("[data-discard]"), form = input.form, say = box.dataset;
    var fieldName = input.name, upload = null, running = false, submitWanted = false, percent = 0, from = null;

    function tell(text) { status.textContent = text; }

    function left(sent, size) { // by the speed since this page began to send
      var seconds = (size - sent) * (Date.now() - from.time) / 1000 / Math.max(1, sent - from.sent);
      return seconds < 90 ? fill(say.saySeconds, { n: Math.ceil(seconds) }) : fill(say.sayMinutes, { n: Math.ceil(seconds / 60) });
    }

    function setRunning(on) {
      running = on;
      pause.textContent = on ? say.sayPause : say.sayResume;
    }

    function reset() {
      upload = null;
      token.value = "";
      input.value = "";
      input.name = fieldName;
      panel.hidden = true;
      setRunning(false);
    }

    function onError(error) {
      setRunning(false);
      submitWanted = false;
      var answer = error.originalResponse, kind = answer && answer.getHeader("Content-Type") || "";
      if (!answer) { tell(fill(say.sayLost, { percent: percent })); return; }
      tell(kind.indexOf("text/plain") === 0 && answer.getBody() || say.sayRefused);
      if (answer.getStatus() === 415 || answer.getStatus() === 413) { // not a film, or too large: nothing to go on with
        pause.hidden = discard.hidden = true;
        input.value = "";
        input.name = fieldName;
      }
    }

    function start(file) {
      from = null;
      upload = new tus.Upload(file, {
        endpoint: say.filmUpload,
        chunkSize: Number(say.pieceBytes),
        retryDelays: RETRY_MS,
        metadata: { filename: file.name, filetype: file.type },
        onBeforeRequest: function (request) { request.setHeader("X-CSRFToken", csrfToken(form)); },
        onShouldRetry: function (error) {
          var code = error.originalResponse ? error.originalResponse.getStatus() : 0;
          return code === 0 || code === 409 || code === 423 || (code >= 500 && code !== 507);
        },
        onProgress: function (sent, size) {
          if (!running) { return; } // a piece still on its way when it was paused
          from = from || { time: Date.now(), sent: sent };
          percent = Math.floor(100 * sent / size);
          bar.value = percent;
          tell(fill(say.sayProgress, { percent: percent, sent: megabytes(sent), size: megabytes(size), left: left(sent, size) }));
        },
        onError: onError,
        onSuccess: function () {
          setRunning(false);
          pause.hidden = true;
          bar.value = 100;
          token.value = upload.url.replace(/\/$/, "").split("/").pop();
          tell(fill(say.sayDone, { name: file.name }));
          if (submitWanted) { form.requestSubmit ? form.requestSubmit() : form.submit(); }
        }
      });
      input.removeAttribute("name"); // the form carries the token, not the file once more
      panel.hidden = pause.hidden = discard.hidden = false;
      setRunning(true);
      upload.findPreviousUploads().then(function (known) {
        if (known.length) { upload.resumeFromPreviousUpload(known[0]); }
        upload.start();
      });
    }

    input.addEventListener("change", function () {
      if (upload) { upload.abort(); }
      token.value = "";
      if (input.files.length) { start(input.files[0]); } else { reset(); }
    });

    pause.addEventListener("click", function () {
      if (running) {
        upload.abort();
        setRunning(false);
        tell(fill(say.sayPaused, { percent: percent }));
      } else {
        from = null;
        setRunning(true);
        upload.start();
      }
    });

    discard.addEventListener("click", function () {
      upload.abort(true).catch(function () { /* the server forgets it after a day */ });
      reset();
    });

    form.addEventListener("submit", function (event) {
      if (!upload || token.value || event.submitter && event.submitter.hasAttribute("formaction")) { return; }
      event.preventDefault();
      submitWanted = running;
      tell(running ? say.sayWaiting : fill(say.sayPaused, { percent: percent }));
    });
  }

  document.addEventListener("DOMContentLoaded", function () { // the admin loads scripts before the page's content
    if (!window.tus || !tus.isSupported) { return; }
    Array.prototype.forEach.call(document.querySelectorAll("[data-film-upload]"), prepare);
  });
})();
