// What somebody is entering into a report stays on their phone until it has been sent: without
// signal nothing is lost, and the page goes on by itself when there is some. It is kept for the
// open question alone, for a day at most, and nowhere else. Without this file the page works as before.
"use strict";
(function () {
  const PREFIX = "report ";
  const DAY_MS = 24 * 3600 * 1000;
  const FIELDS = "input:not([type=hidden], [type=file], [name=website]), textarea, select";
  const here = PREFIX + location.pathname;
  const form = document.querySelector("main form[data-kept]");
  const status = document.querySelector("[data-kept-status]");

  function say(text) {
    status.textContent = self.say(text);
    status.hidden = false;
  }

  function read() {
    const kept = JSON.parse(localStorage.getItem(here) || "null");
    return kept && Date.now() - kept.at < DAY_MS ? kept.fields : null;
  }

  // Other questions are answered or left, and the receipt is no question: nothing of them stays.
  function forgetOthers() {
    Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))
      .filter((name) => name !== here || !read()).forEach((name) => localStorage.removeItem(name));
  }

  function keep() {
    const fields = [...form.querySelectorAll(FIELDS)].map((field) =>
      ["radio", "checkbox"].includes(field.type) ? field.checked : field.value);
    localStorage.setItem(here, JSON.stringify({ at: Date.now(), fields }));
  }

  function fill(fields) {
    const inputs = [...form.querySelectorAll(FIELDS)];
    if (inputs.length !== fields.length) { return; }
    inputs.forEach((field, n) => {
      if (["radio", "checkbox"].includes(field.type)) { field.checked = fields[n]; } else { field.value = fields[n]; }
    });
    say("What you had entered here is back. It was kept on this phone only.");
  }

  function waitForSignal(event) {
    if (navigator.onLine) { return; }
    event.preventDefault();
    keep();
    say("No signal. What you entered is kept on this phone for a day at most; it goes on by itself when there is signal.");
    addEventListener("online", () => form.requestSubmit(), { once: true });
  }

  try {
    forgetOthers();
    if (!form) { return; }
    const kept = read();
    if (kept) { fill(kept); }
    form.addEventListener("input", keep);
    form.addEventListener("submit", waitForSignal);
  } catch { /* a browser that keeps nothing for pages: then nothing is kept */ }
})();
