// The crew's pages: what waits on this phone, the round kept for streets without signal.
"use strict";
(function () {
  const status = document.getElementById("outbox");
  const problems = document.getElementById("outbox-problems");
  const waitingList = document.getElementById("outbox-waiting");
  const RETRY_MS = 20000;
  const ACCOUNT = "contractor-account" + self.location.pathname.split("/contractor/")[0];
  let lastState = "sent";

  // A page kept for everybody, such as that of no signal, does not say who is signed in.
  function rememberAccount() {
    const { account } = status.dataset;
    const before = localStorage.getItem(ACCOUNT) || "";
    if (!account) { status.dataset.account = before || "nobody"; return; }
    if (before && before !== account) { self.PrivatePages.forget(); }
    localStorage.setItem(ACCOUNT, account);
  }

  function text(parent, name, className, words) {
    const element = parent.appendChild(document.createElement(name));
    element.className = className;
    element.textContent = words;
    return element;
  }

  function toSend(number) {
    return number === 1 ? self.say("1 outcome waits on this phone to be sent.")
      : self.say("%(number)s outcomes wait on this phone to be sent.", { number });
  }

  function toSignIn(number) {
    return number === 1 ? self.say("1 outcome waits: sign in to send.")
      : self.say("%(number)s outcomes wait: sign in to send.", { number });
  }

  async function show() {
    const items = await Outbox.of(status.dataset.account);
    self.WaitingNote.show(document.getElementById("outbox-others"), status.dataset.account);
    const waiting = items.filter((item) => !item.problem);
    const number = waiting.length;
    const words = lastState === "sign-in" ? toSignIn(number) : toSend(number);
    status.textContent = number ? words : "";
    waitingList.closest(".outbox__details").hidden = !waiting.length;
    waitingList.replaceChildren(...waiting.map(entryOf));
    // What is being mended says itself what is wrong.
    const isOpen = (item) => location.hash === "#entry-" + item.key;
    problems.replaceChildren(...items.filter((item) => item.problem && !isOpen(item)).map(entryOf));
    document.querySelectorAll("[data-reference].job").forEach((job) => {
      job.dataset.waiting = self.say("Outcome waits to be sent"); // shown by the style sheet
      job.classList.toggle("job--waiting", waiting.some((i) => i.reference === job.dataset.reference));
    });
  }

  function addressOf(item) {
    const replaces = Outbox.field(item, "replaces");
    const query = replaces ? "?replaces=" + encodeURIComponent(replaces) : "";
    return status.dataset.board + "jobs/" + item.reference + query + "#entry-" + item.key;
  }

  function outcomeOf(item) {
    const words = {
      cleared: self.say("Cleared"), not_found: self.say("Not found"), no_access: self.say("Could not get in"),
      specialist: self.say("Specialist needed"), not_our_land: self.say("Not our land"),
      duplicate: self.say("Same as another job"),
    };
    return words[Outbox.field(item, "outcome")] || "";
  }

  function entryOf(item) {
    const box = document.createElement(item.problem ? "div" : "li");
    box.className = item.problem ? "govuk-error-summary" : "outbox__entry";
    const photos = item.files.length ? ", " + self.say("photos: %(number)s", { number: item.files.length }) : "";
    const told = item.reference + ", " + outcomeOf(item) + photos + ", " + Outbox.whenOf(item);
    text(box, "p", "govuk-body", item.problem ?
      self.say("%(reference)s was not taken: %(problem)s", { reference: item.reference, problem: item.problem }) : told);
    const link = text(box, "a", "govuk-link outbox__open", item.problem ?
      self.say("Mend this entry") : self.say("Open and change"));
    link.href = addressOf(item);
    const discard = text(box, "button", "govuk-button govuk-button--warning outbox__discard",
      self.say("Discard this entry"));
    discard.type = "button";
    discard.addEventListener("click", () => Outbox.discard(item.key).then(show));
    [link, discard].forEach((one) => text(one, "span", "govuk-visually-hidden", ": " + item.reference));
    return box;
  }

  async function send() {
    const state = Outbox.send(status.dataset.token);
    askWorkerToSend();
    lastState = await state;
    await show();
    return lastState;
  }

  async function registration() {
    if (!("serviceWorker" in navigator)) { return null; }
    return navigator.serviceWorker.register(status.dataset.worker).catch(() => null);
  }

  async function askWorkerToSend() {
    if (!(await Outbox.all()).some((item) => !item.problem)) { return; }
    const worker = await registration();
    if (worker && "sync" in worker) { await worker.sync.register("outcomes").catch(() => null); }
  }

  function prepareNearest(button) {
    if (!navigator.geolocation) { return; }
    button.hidden = false;
    button.addEventListener("click", () => {
      status.textContent = self.say("Finding where you are …");
      navigator.geolocation.getCurrentPosition((found) => {
        const address = new URL(location.href);
        address.searchParams.set("lon", found.coords.longitude.toFixed(5));
        address.searchParams.set("lat", found.coords.latitude.toFixed(5));
        location.assign(address);
      }, () => { status.textContent = self.say("This phone does not say where it is."); });
    });
  }

  async function keepPages() {
    const worker = await registration();
    // Which stops come after it is no part of what a job's page is kept as.
    const links = [...document.querySelectorAll("a[data-keep]")].slice(0, 100).map((a) => a.href.split("?")[0]);
    if (!worker || !navigator.onLine) { return; }
    const ready = await navigator.serviceWorker.ready;
    if (links.length && !self.PrivatePages.isLeaving) { ready.active.postMessage({ keep: [location.href, ...links] }); }
  }

  rememberAccount();
  document.querySelectorAll("form[data-outcome]").forEach((form) => OutcomeForm.prepare(form, status, send));
  const nearest = document.getElementById("nearest");
  if (nearest) { prepareNearest(nearest); }
  addEventListener("online", send);
  addEventListener("visibilitychange", () => { if (!document.hidden) { send(); } });
  if (navigator.serviceWorker) {
    navigator.serviceWorker.addEventListener("message", show);
    // A new version of the program keeps its own pages of the round.
    if (navigator.serviceWorker.controller) { navigator.serviceWorker.addEventListener("controllerchange", keepPages); }
  }
  setInterval(async () => {
    if ((await Outbox.all()).some((item) => !item.problem)) { send(); }
  }, RETRY_MS);
  show().then(send).then(keepPages);
})();
