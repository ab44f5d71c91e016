// Outcomes that wait on this device until the server has them. Used by pages and by the worker.
// Each carries the key of its form, so that sending it twice records it once,
// and the account that made it: no other one on the same phone sees or sends it.
"use strict";
self.Outbox = (function () {
  const STORE = "outcomes";
  // Several councils' sites may share one host: what waits for one is not seen or sent by another.
  const NAME = "contractor-outbox" + self.location.pathname.split("/contractor/")[0];
  const LOCK = NAME;
  const REFUSED = [400, 403, 404, 413, 422];
  const PATIENCE_MS = 12000;
  const SLOWEST_BYTES_PER_MS = 10; // 80 kbit/s

  function database() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
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

  const remove = (key) => transact("readwrite", (store) => store.delete(key));
  const get = (key) => transact("readonly", (store) => store.get(key));
  const all = async () =>
    (await transact("readonly", (store) => store.getAll())).sort((a, b) => a.at.localeCompare(b.at));

  // A changed entry and the one whose place it takes: never both, never neither.
  const add = (item, earlierKey = null) => transact("readwrite", (store) => {
    if (earlierKey) { store.delete(earlierKey); }
    return store.put(item);
  });

  // An entry that was changed or discarded while it was on its way does not come back.
  const refuse = (key, problem, errors) => transact("readwrite", (store) => {
    const asked = store.get(key);
    asked.onsuccess = () => {
      if (asked.result) { store.put({ ...asked.result, problem, errors }); }
    };
    return asked;
  });

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

  // Whose an entry is; one that an earlier version of this script kept does not say.
  const field = (item, wanted) => (item.fields.find(([name]) => name === wanted) || [])[1] || "";
  const isOf = (item, account) => ["", String(account)].includes(field(item, "owner"));
  const of = async (account) => (await all()).filter((item) => isOf(item, account));

  // "sent": nothing waits any more; "later": no signal; "sign-in": the session has ended.
  async function sendAll(tokenUrl) {
    if (!(await all()).some((item) => !item.problem)) { return "sent"; }
    const asked = await fetch(tokenUrl, {
      credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS)
    });
    if (asked.type === "opaqueredirect" || asked.status === 401) { return "sign-in"; }
    if (!asked.ok) { return "later"; }
    const { token, account } = await asked.json();
    const waiting = (await of(account)).filter((item) => !item.problem);
    for (const { key } of waiting) {
      const item = await get(key); // as it is now: the crew may have changed it meanwhile
      if (!item) { continue; }
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
        const problem = said.problem || "The server refused it (" + answer.status + ")";
        await refuse(item.key, problem, said.errors || {});
      } else {
        return answer.type === "opaqueredirect" ? "sign-in" : "later";
      }
    }
    return "sent";
  }

  function alone(act) {
    return navigator.locks ? navigator.locks.request(LOCK, act) : act();
  }

  const send = (tokenUrl) => alone(() => sendAll(tokenUrl).catch(() => "later"));

  // Not while it is being sent: then nobody would know whether it was recorded.
  const discard = (key) => alone(async () => {
    const wasThere = Boolean(await get(key));
    await remove(key);
    return wasThere;
  });

  return { add, all, discard, field, get, isOf, of, send };
})();
