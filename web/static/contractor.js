// The crew's pages: outcomes go into the outbox first and to the server from there.
"use strict";
(function () {
  const status = document.getElementById("outbox");
  const problems = document.getElementById("outbox-problems");
  const RETRY_MS = 20000;
  let lastState = "sent";

  function text(parent, name, words) {
    const element = parent.appendChild(document.createElement(name));
    element.textContent = words;
    return element;
  }

  async function show() {
    const items = await Outbox.of(status.dataset.account);
    const waiting = items.filter((item) => !item.problem);
    const words = waiting.length === 1 ? "1 outcome waits" : waiting.length + " outcomes wait";
    status.textContent = !waiting.length ? "" :
      words + (lastState === "sign-in" ? ": sign in to send." : " on this phone to be sent.");
    problems.replaceChildren();
    items.filter((item) => item.problem).forEach((item) => showProblem(item));
    document.querySelectorAll("[data-reference].job").forEach((job) => {
      job.classList.toggle("job--waiting", waiting.some((i) => i.reference === job.dataset.reference));
    });
  }

  function showProblem(item) {
    const box = problems.appendChild(document.createElement("div"));
    box.className = "govuk-error-summary";
    text(box, "p", item.reference + " was not taken: " + item.problem).className = "govuk-body";
    const link = text(box, "a", "Open the job");
    link.className = "govuk-link";
    link.href = status.dataset.board + "jobs/" + item.reference;
    const discard = text(box, "button", "Discard this entry");
    discard.className = "govuk-button govuk-button--warning outbox__discard";
    discard.type = "button";
    discard.addEventListener("click", () => Outbox.remove(item.key).then(show));
  }

  async function send() {
    lastState = await Outbox.send(status.dataset.token);
    await show();
    return lastState;
  }

  async function registration() {
    if (!("serviceWorker" in navigator)) { return null; }
    return navigator.serviceWorker.register(status.dataset.worker).catch(() => null);
  }

  async function askWorkerToSend() {
    const worker = await registration();
    if (worker && "sync" in worker) { await worker.sync.register("outcomes").catch(() => null); }
  }

  const keepsPhoto = (form) => form.querySelector("[name=without]:not(:checked)") !== null;

  function problemOf(form, data) {
    const outcome = data.get("outcome");
    if (!outcome) { return "Choose what you did."; }
    const hasPhoto = data.getAll("pictures").some((file) => file.size > 0);
    if (outcome === "cleared" && !hasPhoto && !data.get("no_photo_reason").trim() && !keepsPhoto(form)) {
      return "Add a photo, or say why there is none.";
    }
    if (outcome === "not_our_land" && !data.get("land_owner").trim()) { return "Say whose land it is."; }
    return "";
  }

  function itemOf(form, data) {
    const item = {
      key: data.get("idempotency_key"), reference: form.dataset.reference, url: form.dataset.outcome,
      at: new Date().toISOString(), fields: [], files: [], problem: ""
    };
    for (const [name, value] of data.entries()) {
      if (!(value instanceof File)) { if (name !== "csrf_token") { item.fields.push([name, value]); } }
      else if (value.size > 0) { item.files.push({ field: name, name: value.name || "photo", blob: value }); }
    }
    return item;
  }

  async function keepOutcome(form) {
    // A correction tells when and where the work was done, not when and where it is written.
    if (!form.dataset.correcting) { form.elements.occurred_at.value = new Date().toISOString(); }
    const data = new FormData(form);
    const problem = problemOf(form, data);
    const box = document.getElementById("form-problem");
    box.hidden = !problem;
    if (problem) {
      box.replaceChildren();
      text(box, "p", problem).className = "govuk-body";
      box.focus();
      return;
    }
    form.querySelector("[type=submit]").disabled = true;
    await Outbox.add(itemOf(form, data));
    askWorkerToSend();
    const state = await Promise.race([send(), new Promise((done) => setTimeout(done, 8000, "later"))]);
    const refused = (await Outbox.of(status.dataset.account)).some((item) => item.problem && item.key === data.get("idempotency_key"));
    location.assign(state === "sent" && !refused ? form.dataset.saved : status.dataset.board);
  }

  function prepareForm(form) {
    // A page from the cache bears the key of an earlier form; this one is new.
    form.elements.idempotency_key.value = crypto.randomUUID();
    if (!form.dataset.correcting) {
      form.addEventListener("change", () => askPosition(form), { once: true });
    }
    form.addEventListener("change", () => showNeeded(form));
    showNeeded(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      keepOutcome(form).catch(() => form.submit());
    });
  }

  // Only what belongs to the chosen outcome; what has an error is shown in any case.
  function showNeeded(form) {
    const outcome = new FormData(form).get("outcome");
    form.querySelectorAll("[data-shown-for]").forEach((part) => {
      part.hidden = part.dataset.shownFor !== outcome && !part.querySelector(".govuk-error-message");
    });
  }

  function askPosition(form) {
    if (!navigator.geolocation) { return; }
    navigator.geolocation.getCurrentPosition((found) => {
      form.elements.lon.value = found.coords.longitude;
      form.elements.lat.value = found.coords.latitude;
      form.elements.accuracy_m.value = found.coords.accuracy;
    }, () => null, { maximumAge: 60000, timeout: 10000, enableHighAccuracy: true });
  }

  function prepareNearest(button) {
    if (!navigator.geolocation) { return; }
    button.hidden = false;
    button.addEventListener("click", () => {
      status.textContent = "Finding where you are …";
      navigator.geolocation.getCurrentPosition((found) => {
        const address = new URL(location.href);
        address.searchParams.set("lon", found.coords.longitude.toFixed(5));
        address.searchParams.set("lat", found.coords.latitude.toFixed(5));
        location.assign(address);
      }, () => { status.textContent = "This phone does not say where it is."; });
    });
  }

  async function keepPages() {
    const worker = await registration();
    const links = [...document.querySelectorAll("a[data-keep]")].slice(0, 100).map((a) => a.href);
    if (!worker || !navigator.onLine) { return; }
    const ready = await navigator.serviceWorker.ready;
    if (links.length) { ready.active.postMessage({ keep: [location.href, ...links] }); }
  }

  document.querySelectorAll("form[data-outcome]").forEach(prepareForm);
  const nearest = document.getElementById("nearest");
  if (nearest) { prepareNearest(nearest); }
  document.querySelectorAll('form[action$="/sign-out"]').forEach((form) => {
    form.addEventListener("submit", () => {
      if (navigator.serviceWorker && navigator.serviceWorker.controller) {
        navigator.serviceWorker.controller.postMessage({ forget: true });
      }
    });
  });
  addEventListener("online", send);
  addEventListener("visibilitychange", () => { if (!document.hidden) { send(); } });
  if (navigator.serviceWorker) { navigator.serviceWorker.addEventListener("message", show); }
  setInterval(async () => {
    if ((await Outbox.all()).some((item) => !item.problem)) { send(); }
  }, RETRY_MS);
  show().then(send).then(keepPages);
})();
