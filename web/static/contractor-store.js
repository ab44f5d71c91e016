// What this phone keeps for the crew, one small store each. Used by pages and by the worker.
"use strict";
self.PhoneStore = (function () {
  // Several councils' sites may share one host: what is kept for one is not seen or sent by another.
  // A page knows its site by where this script stands, the worker by where it stands itself.
  const ROOT = self.document ? new URL(document.currentScript.src).pathname.split("/static/")[0]
    : self.location.pathname.split("/contractor/")[0];

  function database(name, store) {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(store, { keyPath: "key" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  // One transaction: what `act` asked of the store, once all of it is kept.
  const transactions = (name, store) => async (mode, act) => {
    const db = await database(name, store);
    try {
      return await new Promise((resolve, reject) => {
        const transaction = db.transaction(store, mode);
        const asked = act(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      db.close();
    }
  };

  return { nameOf: (what) => what + ROOT, transactions };
})();
