// The outcome form: an entry is checked and goes into the outbox, and may be opened there again.
"use strict";
self.OutcomeForm = (function () {
  const OPENED = /^#entry-(.+)$/;
  const NEW_EACH_TIME = ["csrf_token", "then"];
  const OWN = ["idempotency_key", "owner", "supersedes"];
  const SLOW_MS = 8000;

  function prepare(form, status, send) {
    const rules = JSON.parse(form.dataset.rules);
    const photos = OutcomePhotos.chooser(
      form.elements.pictures, document.getElementById("chosen-photos"), rules.photos);
    let opened = null; // the entry of the outbox that this form changes

    function keptPhotos() {
      const boxes = [...form.querySelectorAll("[name=without]")];
      return boxes.length ? boxes.filter((box) => !box.checked).length : (opened && opened.kept) || 0;
    }

    // Only what belongs to the chosen outcome; what has an error is shown in any case.
    function showNeeded() {
      const outcome = new FormData(form).get("outcome");
      form.querySelectorAll("[data-shown-for]").forEach((part) => {
        part.hidden = part.dataset.shownFor !== outcome && !part.querySelector(".govuk-error-message");
      });
    }

    function element(name, className, words) {
      const made = document.createElement(name);
      made.className = className;
      made.textContent = words;
      return made;
    }

    function field(name) {
      const named = form.elements[name];
      return named && named.length && !named.options ? named[0] : named;
    }

    function markField(name, message) {
      const input = field(name);
      const group = input && input.closest(".govuk-form-group");
      if (!group) { return; }
      group.classList.add("govuk-form-group--error");
      const words = element("p", "govuk-error-message", message);
      words.dataset.phone = "yes";
      const before = group.querySelector(".govuk-radios") || input.closest(".govuk-drop-zone") || input;
      before.before(words);
    }

    function clearProblems() {
      form.querySelectorAll("[data-phone]").forEach((words) => {
        words.closest(".govuk-form-group").classList.remove("govuk-form-group--error");
        words.remove();
      });
    }

    function showProblems(found) {
      clearProblems();
      const box = document.getElementById("form-problem");
      const list = element("ul", "govuk-list govuk-error-summary__list", "");
      Object.entries(found).forEach(([name, message]) => {
        markField(name, message);
        const link = element("a", "", message);
        link.href = "#" + ((field(name) || {}).id || "form-problem");
        list.appendChild(document.createElement("li")).appendChild(link);
      });
      box.hidden = !list.children.length;
      box.replaceChildren(element("h2", "govuk-error-summary__title", self.say("There is a problem")), list);
      showNeeded();
      if (!box.hidden) { box.focus(); }
    }

    async function problemsOf(data) {
      const entry = (name) => String(data.get(name) || "");
      const count = photos.count() + keptPhotos();
      const found = OutcomeRules.problems(rules, entry, count, form.dataset.reference);
      const faults = await photos.faults();
      return faults.length ? { ...found, pictures: faults.join(". ") } : found;
    }

    function itemOf(data) {
      const item = {
        key: data.get("idempotency_key"), reference: form.dataset.reference, url: form.dataset.outcome,
        at: new Date().toISOString(), kept: keptPhotos(), fields: [], files: [], problem: ""
      };
      for (const [name, value] of data.entries()) {
        if (!(value instanceof File)) {
          if (!NEW_EACH_TIME.includes(name)) { item.fields.push([name, value]); }
        } else if (value.size > 0) {
          item.files.push({ field: name, name: value.name || "photo", blob: value });
        }
      }
      return item;
    }

    // The next stop of the round that has no outcome yet, here or on the server.
    async function nextPlace(isSent) {
      const then = form.elements.then.value;
      if (isSent) { return form.dataset.saved + (then ? "?then=" + encodeURIComponent(then) : ""); }
      const waiting = (await Outbox.of(status.dataset.account)).map((item) => item.reference);
      const [next, ...after] = then.split(".").filter((key) => key && !waiting.includes(key));
      if (!next) { return status.dataset.board; }
      const query = after.length ? "?then=" + encodeURIComponent(after.join(".")) : "";
      return status.dataset.board + "jobs/" + next + query;
    }

    async function keep(savedAt) {
      await photos.settled();
      // A correction tells when and where the work was done, not when and where it is written.
      if (!form.dataset.correcting && !opened) { form.elements.occurred_at.value = savedAt; }
      const data = new FormData(form);
      const found = await problemsOf(data);
      showProblems(found);
      if (Object.keys(found).length) { return; }
      form.querySelector("[type=submit]").disabled = true;
      const item = itemOf(data);
      try { await Outbox.add(item, opened && opened.key); } catch { await sendUnkept(item); return; }
      const state = await Promise.race([send(), new Promise((done) => setTimeout(done, SLOW_MS, "later"))]);
      const left = await Outbox.get(item.key);
      location.assign(left && left.problem ? status.dataset.board : await nextPlace(state === "sent" && !left));
    }

    // The storage of this phone is full: the page alone holds the entry, and is not left before it is sent.
    async function sendUnkept(item) {
      const { state, errors, problem } = await Outbox.sendUnkept(item, status.dataset.token);
      if (state === "sent") { location.assign(await nextPlace(true)); return; }
      form.querySelector("[type=submit]").disabled = false;
      if (state === "refused") {
        showProblems(Object.keys(errors).length ? inOneEach(errors) : { "": problem });
        return;
      }
      showProblems({ "": state === "sign-in"
        ? self.say("This phone has no room left to keep this entry, and you are signed out. Leave this page open, " +
          "sign in on another page, then save here again.")
        : self.say("This phone has no room left to keep this entry, and there is no signal. Leave this page open and " +
          "save again where there is signal, or when you have deleted something from the phone.") });
    }

    function inOneEach(errors) {
      return Object.fromEntries(Object.entries(errors).map(([name, words]) => [name, words.join(". ")]));
    }

    function fill(name, values) {
      const named = form.elements[name];
      if (!named) {
        values.forEach((value) => {
          const hidden = form.appendChild(document.createElement("input"));
          Object.assign(hidden, { type: "hidden", name, value });
        });
      } else if (name === "without") {
        form.querySelectorAll("[name=without]").forEach((box) => { box.checked = values.includes(box.value); });
      } else {
        named.value = values[0];
      }
    }

    // Why it was not taken stands at its fields, where the server named them.
    function standingOf(item) {
      const when = Outbox.whenOf(item);
      if (!item.problem) { return self.say("This entry of %(when)s waits on this phone to be sent.", { when }); }
      return Object.keys(item.errors || {}).length ? self.say("This entry of %(when)s was not taken.", { when })
        : self.say("This entry of %(when)s was not taken: %(problem)s.", { when, problem: item.problem });
    }

    function showOpened(item) {
      const box = document.getElementById("reopened");
      box.replaceChildren(element("p", "govuk-body",
        standingOf(item) + " " + self.say("Change it and save it again, or discard it.")));
      const discard = element("button", "govuk-button govuk-button--warning", self.say("Discard this entry"));
      discard.type = "button";
      discard.addEventListener("click", async () => {
        await Outbox.discard(item.key);
        location.assign(status.dataset.board);
      });
      box.append(discard);
      box.hidden = false;
    }

    function sayInBox(words) {
      const box = document.getElementById("reopened");
      box.textContent = words;
      box.hidden = false;
    }

    function sayGone() {
      sayInBox(self.say("That entry no longer waits on this phone: it was sent, or discarded."));
    }

    // What another tab, or the worker, has sent meanwhile is corrected: a new entry would be a second outcome.
    async function openSent(key) {
      const sentAs = await SentEntries.keyOf(key);
      const query = new URLSearchParams({ job: form.dataset.reference, key: sentAs || key });
      const asked = await fetch(form.dataset.sent + "?" + query, { redirect: "manual" }).catch(() => ({ ok: false }));
      const { replaces } = asked.ok ? await asked.json() : {};
      if (replaces) {
        location.replace(status.dataset.board + "jobs/" + form.dataset.reference + "?replaces=" + replaces);
      } else if (sentAs && !asked.ok) {
        form.hidden = true;
        sayInBox(self.say("That entry was sent. Open it again where there is signal, to correct it."));
      } else {
        sayGone();
      }
    }

    async function open(key) {
      const item = await Outbox.get(key);
      if (!item) { await openSent(key); return; }
      if (!Outbox.isOf(item, status.dataset.account)) { sayGone(); return; }
      opened = item;
      const names = new Set(item.fields.map(([name]) => name).filter((name) => !OWN.includes(name)));
      names.forEach((name) => fill(name, item.fields.filter((pair) => pair[0] === name).map((pair) => pair[1])));
      form.elements.supersedes.value = (Outbox.field(item, "supersedes") + " " + item.key).trim();
      showOpened(item);
      await photos.add(item.files.map((file) => new File([file.blob], file.name, { type: file.blob.type })));
      showProblems(inOneEach(item.errors || {}));
    }

    function askPosition() {
      if (!navigator.geolocation || opened) { return; }
      navigator.geolocation.getCurrentPosition((found) => {
        form.elements.lon.value = found.coords.longitude;
        form.elements.lat.value = found.coords.latitude;
        form.elements.accuracy_m.value = found.coords.accuracy;
      }, () => null, { maximumAge: 60000, timeout: 10000, enableHighAccuracy: true });
    }

    // One tap to the camera, where a file field asks first which program is meant.
    function prepareCamera(button) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const camera = document.createElement("input");
        Object.assign(camera, { type: "file", accept: "image/*", capture: "environment" });
        camera.addEventListener("change", () => photos.add([...camera.files]));
        camera.click();
      });
    }

    // A page from the cache bears the key and the round of an earlier form; this one is new.
    form.elements.idempotency_key.value = crypto.randomUUID();
    form.elements.then.value = new URLSearchParams(location.search).get("then") || "";
    if (!form.dataset.correcting) { form.addEventListener("change", askPosition, { once: true }); }
    form.addEventListener("change", showNeeded);
    showNeeded();
    prepareCamera(document.getElementById("take-photo"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // The button is named "submit" and hides the form's own way to be sent.
      keep(new Date().toISOString()).catch(() => HTMLFormElement.prototype.submit.call(form));
    });
    const asked = OPENED.exec(location.hash);
    if (asked) { open(decodeURIComponent(asked[1])); }
    addEventListener("hashchange", () => { if (OPENED.test(location.hash)) { location.reload(); } });
  }

  return { prepare };
})();
