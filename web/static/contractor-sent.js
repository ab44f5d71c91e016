// Entries that reached the server, by every key that they had on this phone. Who has one of them open
// in another tab, as it was before, corrects what was sent: it is no second outcome.
"use strict";
self.SentEntries = (function () {
  const MOST = 300;
  const transact = PhoneStore.transactions(PhoneStore.nameOf("contractor-sent"), "entries");

  // The oldest go: what was sent weeks ago is open in no tab.
  const remember = (keys, sentAs) => transact("readwrite", (store) => {
    const at = Date.now();
    keys.forEach((key) => store.put({ key, sentAs, at }));
    const asked = store.getAll();
    asked.onsuccess = () => asked.result.sort((a, b) => b.at - a.at).slice(MOST)
      .forEach((one) => store.delete(one.key));
    return asked;
  }).catch(() => null); // a full phone sends none the less

  // The key under which the server has it; null: it was not sent from here, or long ago.
  const keyOf = (key) => transact("readonly", (store) => store.get(key))
    .then((kept) => (kept ? kept.sentAs : null), () => null);

  return { keyOf, remember };
})();
