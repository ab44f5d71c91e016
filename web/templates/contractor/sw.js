{# The service worker: keeps the pages of the round, and sends what waits when signal returns. #}
"use strict";
{% for name in ("store", "sent", "outbox") %}
importScripts({{ url_for("static", filename="contractor-" ~ name ~ ".js") | tojson }});
{% endfor %}

// What is nobody's own stays when somebody signs out (private-pages.js); the pages of an account go.
// Sites of several councils under one host share its caches: each keeps to names of its own.
const OWN = {{ ("contractor" ~ request.root_path) | tojson }} + "-";
const SHELL = OWN + "shell-" + {{ version | tojson }};
const PAGES = OWN + "pages-" + {{ version | tojson }};
const HOME = {{ url_for("contractor.board") | tojson }};
{% set language = none if spoken().is_english else spoken().language.code %}
const OFFLINE = {{ url_for("contractor.offline", lang=language) | tojson }}; // asked for without cookies
const TOKEN = {{ url_for("contractor.token") | tojson }};
const NEVER = [TOKEN, {{ url_for("contractor.sent_entry") | tojson }}, {{ url_for("contractor.service_worker") | tojson }}];
const FILES = {{ [request.root_path ~ "/static/", request.root_path ~ "/assets/"] | tojson }};
const STATIC = [
  OFFLINE,
  {% for name in ("site.css", "js-enabled.js", "site.js", "private-pages.js", "contractor.js",
    "contractor-store.js", "contractor-sent.js", "contractor-outbox.js", "waiting-note.js",
    "words.js", "contractor-rules.js", "contractor-photos.js", "contractor-form.js", "basemap.js", "icon.svg") %}
  {{ url_for("static", filename=name) | tojson }},
  {% endfor %}
  {% for name in ("govuk/govuk-frontend.min.css", "govuk/govuk-frontend.min.js", "leaflet/leaflet.js", "leaflet/leaflet.css",
                  "protomaps/protomaps-leaflet.js") %}
  {{ url_for("assets.static", filename=name) | tojson }},
  {% endfor %}
];
let turn = 0; // counts who has left: a page that is still on its way then is no longer to be kept
const PATIENCE_MS = 4000; // a weak signal is worse than none: then what is kept is shown

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(SHELL)
      .then((cache) => cache.addAll(STATIC.map((url) => new Request(url, { credentials: "omit" }))))
      .then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => names.filter((n) => n.startsWith(OWN) && ![SHELL, PAGES].includes(n)))
      .then((earlier) => takeOver(earlier).then(() => Promise.all(earlier.map((n) => caches.delete(n)))))
      .then(() => self.clients.claim()));
});

// The round that an earlier version kept, for who loses signal before it is kept anew.
async function takeOver(earlier) {
  const mine = turn;
  for (const name of earlier.filter((n) => n.startsWith(OWN + "pages-"))) {
    const old = await caches.open(name);
    for (const request of await old.keys()) {
      const answer = await old.match(request);
      if (mine !== turn) { return; }
      if (answer) { await (await caches.open(PAGES)).put(request, answer); }
    }
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) { return; }
  if (FILES.some((folder) => url.pathname.startsWith(folder))) {
    event.respondWith(keptFirst(event.request));
  } else if (url.pathname.startsWith(HOME) && !NEVER.includes(url.pathname)) {
    event.respondWith(newestFirst(event.request));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outcomes") { event.waitUntil(Outbox.send(TOKEN).then(tellPages)); }
});

self.addEventListener("message", (event) => {
  if (event.data.keep) { event.waitUntil(keep(event.data.keep)); }
  if (event.data.forget) {
    turn += 1;
    event.waitUntil(caches.delete(PAGES).then(() => event.ports[0].postMessage("forgotten")));
  }
});

async function keptFirst(request) {
  const kept = await caches.match(request);
  if (kept) { return kept; }
  const answer = await fetch(request);
  if (answer.ok) { (await caches.open(SHELL)).put(request, answer.clone()); }
  return answer;
}

async function newestFirst(request) {
  const mine = turn;
  const cache = await caches.open(PAGES);
  const [address, says] = nameOf(request.url);
  const kept = await cache.match(address);
  const fresh = fetch(request).then((answer) => {
    // A page that led elsewhere (to signing in) is not the page that was asked for.
    if (answer.ok && !answer.redirected && !says && mine === turn) { cache.put(address, answer.clone()); }
    // What is no longer ours to see, when a contract has ended, is not kept either.
    if ([401, 403, 404, 410].includes(answer.status)) { cache.delete(address); }
    return answer;
  });
  try {
    return await (kept ? Promise.race([fresh, afterwards(kept)]) : fresh);
  } catch {
    return kept || (await standIn(cache, request)) ||
      (request.mode === "navigate" ? caches.match(OFFLINE) : Response.error());
  }
}

// The address that a page is kept by, whichever stops come after it, and whether it says what was
// just saved: such a page would say so again, without signal, of what is long past.
function nameOf(url) {
  const address = new URL(url);
  const says = address.searchParams.has("saved");
  ["then", "saved"].forEach((name) => address.searchParams.delete(name));
  address.hash = "";
  return [address.href, says];
}

// The page of a job must not stand in for the correction of one of its entries.
async function standIn(cache, request) {
  const isCorrection = new URL(request.url).searchParams.has("replaces");
  return isCorrection ? undefined : cache.match(request, { ignoreSearch: true });
}

function afterwards(kept) {
  return new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
}

async function keep(urls) {
  const mine = turn;
  const cache = await caches.open(PAGES);
  for (const url of urls) {
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (mine !== turn) { return; }
      if (answer.ok && !answer.redirected) { await cache.put(nameOf(url)[0], answer); }
    } catch { return; }
  }
}

async function tellPages() {
  for (const client of await self.clients.matchAll()) { client.postMessage("outbox"); }
}
