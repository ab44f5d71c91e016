// Outcomes that wait on this device until the server has them. Used by pages and by the worker.
// Each carries the key of its form, so that sending it twice records it once,
// and the account that made it: no other one on the same phone sees or sends it.
"use strict";
self.Outbox = (function () {
  const STORE = "outcomes";
  const REFUSED = [400, 403, 404, 413, 422];
  const PATIENCE_MS = 12000;
  const SLOWEST_BYTES_PER_MS = 10; // 80 kbit/s

  function database() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("contractor-outbox", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function transact(mode, act) {
    const db = await database();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = db.transaction(STORE, mode);
        const asked = act(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      db.close();
    }
  }

  const add = (item) => transact("readwrite", (store) => store.put(item));
  const remove = (key) => transact("readwrite", (store) => store.delete(key));
  const all = async () =>
    (await transact("readonly", (store) => store.getAll())).sort((a, b) => a.at.localeCompare(b.at));

  function body(item) {
    const data = new FormData();
    item.fields.forEach(([name, value]) => data.append(name, value));
    item.files.forEach((file) => data.append(file.field, file.blob, file.name));
    return data;
  }

  // A line that goes dead in mid-air answers nothing at all: give up, and try again later.
  function patience(item) {
    const bytes = item.files.reduce((sum, file) => sum + file.blob.size, 0);
    return AbortSignal.timeout(PATIENCE_MS + bytes / SLOWEST_BYTES_PER_MS);
  }

  // "sent": nothing waits any more; "later": no signal; "sign-in": the session has ended.
  // Whose an entry is; one that an earlier version of this script kept does not say.
  const owner = (item) => (item.fields.find(([name]) => name === "owner") || [])[1] || "";
  const of = async (account) =>
    (await all()).filter((item) => !owner(item) || owner(item) === String(account));

  async function sendAll(tokenUrl) {
    if (!(await all()).some((item) => !item.problem)) { return "sent"; }
    const asked = await fetch(tokenUrl, {
      credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS)
    });
    if (asked.type === "opaqueredirect" || asked.status === 401) { return "sign-in"; }
    if (!asked.ok) { return "later"; }
    const { token, account } = await asked.json();
    const waiting = (await of(account)).filter((item) => !item.problem);
    for (const item of waiting) {
      const answer = await fetch(item.url, {
        method: "POST", body: body(item), credentials: "same-origin", redirect: "manual",
        signal: patience(item), headers: { "X-CSRFToken": token }
      });
      if (answer.ok) {
        await remove(item.key);
      } else if (answer.status === 409) {
        return "sign-in"; // somebody else has signed in meanwhile: it stays for its own account
      } else if (REFUSED.includes(answer.status)) {
        const said = await answer.json().catch(() => ({}));
        await add({ ...item, problem: said.problem || "The server refused it (" + answer.status + ")" });
      } else {
        return answer.type === "opaqueredirect" ? "sign-in" : "later";
      }
    }
    return "sent";
  }

  async function send(tokenUrl) {
    const run = () => sendAll(tokenUrl).catch(() => "later");
    if (!navigator.locks) { return run(); }
    return navigator.locks.request("contractor-outbox", run);
  }

  return { add, all, of, remove, send };
})();
