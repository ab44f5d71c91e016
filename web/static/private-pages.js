// Pages of the round that this phone keeps are their account's: with it they go, on every page
// that can sign out or in. The page of no signal and the entries that wait stay where they are.
"use strict";
self.PrivatePages = (function () {
  // Where this site stands: several councils' may share one host, and each keeps names of its own.
  const ROOT = new URL(document.currentScript.src).pathname.split("/static/")[0];
  const KEPT = "contractor" + ROOT + "-pages-";
  const PATIENCE_MS = 500;
  const LEAVES = /\/sign-(out|in)$/;

  // The worker may be keeping a page at this moment: it has to know that this turn is over.
  function tellWorker() {
    const worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (!worker) { return null; }
    return new Promise((done) => {
      const line = new MessageChannel();
      line.port1.onmessage = done;
      setTimeout(done, PATIENCE_MS);
      worker.postMessage({ forget: true }, [line.port2]);
    });
  }

  async function forget() {
    if (!self.caches) { return; }
    await tellWorker();
    const names = (await caches.keys()).filter((name) => name.startsWith(KEPT));
    await Promise.all(names.map((name) => caches.delete(name)));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const { pathname } = new URL(form.action, location.href);
    if (event.defaultPrevented || form.method !== "post" || !LEAVES.test(pathname)) { return; }
    event.preventDefault();
    self.PrivatePages.isLeaving = true;
    if (pathname.endsWith("out")) { localStorage.removeItem("contractor-account" + ROOT); }
    forget().catch(() => null).then(() => HTMLFormElement.prototype.submit.call(form));
  });

  return { forget, isLeaving: false };
})();
