// Outcomes that wait on this device until the server has them. Used by pages and by the worker.
// Each carries the key of its form, so that sending it twice records it once,
// and the account that made it: no other one on the same phone sees or sends it.
"use strict";
self.Outbox = (function () {
  const NAME = PhoneStore.nameOf("contractor-outbox");
  const LOCK = NAME;
  const REFUSED = [400, 403, 404, 413, 422];
  // What waits since yesterday looked as new by its hour alone.
  const DAY_AND_HOUR = {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "Europe/London",
  };
  const PATIENCE_MS = 12000;
  const SLOWEST_BYTES_PER_MS = 10; // 80 kbit/s

  const transact = PhoneStore.transactions(NAME, "outcomes");
  const remove = (key) => transact("readwrite", (store) => store.delete(key));
  const get = (key) => transact("readonly", (store) => store.get(key));
  // In the order in which they were saved, which a clock that is set right in between does not change.
  const all = async () => (await transact("readonly", (store) => store.getAll()))
    .sort((a, b) => (a.order || 0) - (b.order || 0) || a.at.localeCompare(b.at));

  const whenOf = (item) => new Date(item.at).toLocaleString("en-GB", DAY_AND_HOUR);
  const keysBefore = (item) => field(item, "supersedes").split(" ").filter(Boolean);

  // The entry, known also by the key under which another tab has sent what it was opened from.
  async function afterSent(item) {
    const sent = (await Promise.all(keysBefore(item).map(SentEntries.keyOf))).filter(Boolean);
    const fields = item.fields.filter(([name]) => name !== "supersedes");
    return { ...item, fields: [...fields, ["supersedes", [...new Set([...keysBefore(item), ...sent])].join(" ")]] };
  }

  // The entry at the place of those that it changes, or at the end, and known by all their keys.
  function placed(item, kept, versions) {
    const orders = (versions.length ? versions : kept).map((one) => one.order || 0);
    const order = versions.length ? Math.min(...orders) : Math.max(0, ...orders) + 1;
    const keys = new Set([...versions.flatMap((one) => [...keysBefore(one), one.key]), ...keysBefore(item)]);
    const fields = item.fields.filter(([name]) => name !== "supersedes");
    return { ...item, order, fields: [...fields, ["supersedes", [...keys].join(" ")]] };
  }

  // A changed entry and the one whose place it takes: never both, never neither. Where two tabs
  // changed the same one, what was saved last.
  const add = async (opened, earlierKey = null) => {
    const item = await afterSent(opened);
    return transact("readwrite", (store) => {
      const asked = store.getAll();
      asked.onsuccess = () => {
        const versions = asked.result.filter((one) =>
          earlierKey && [one.key, ...keysBefore(one)].includes(earlierKey));
        versions.forEach((one) => store.delete(one.key));
        store.put(placed(item, asked.result, versions));
      };
      return asked;
    });
  };

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

  // A form's token and whose it is, or why there is none.
  async function session(tokenUrl) {
    const asked = await fetch(tokenUrl, {
      credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS)
    });
    if (asked.type === "opaqueredirect" || asked.status === 401) { return { state: "sign-in" }; }
    return asked.ok ? asked.json() : { state: "later" };
  }

  function post(item, token) {
    return fetch(item.url, {
      method: "POST", body: body(item), credentials: "same-origin", redirect: "manual",
      signal: patience(item), headers: { "X-CSRFToken": token }
    });
  }

  // What became of one entry: "sent", "refused", or why it waits; `held` is the session in use.
  async function deliver(item, tokenUrl, held) {
    let answer = await post(item, held.token);
    if (answer.status === 400) { // mostly the token of a session that ended between two entries
      const anew = await session(tokenUrl);
      if (anew.state) { return anew; }
      if (anew.account !== held.account) { return { state: "sign-in" }; }
      held.token = anew.token;
      answer = await post(item, held.token);
    }
    if (answer.ok) { return { state: "sent" }; }
    // 409: somebody else has signed in meanwhile: it stays for its own account.
    if (answer.status === 409 || answer.type === "opaqueredirect") { return { state: "sign-in" }; }
    if (!REFUSED.includes(answer.status)) { return { state: "later" }; }
    const said = await answer.json().catch(() => ({}));
    const problem = said.problem || "The server refused it (" + answer.status + ")";
    return { state: "refused", problem, errors: said.errors || {} };
  }

  // "sent": nothing waits any more; "later": no signal; "sign-in": the session has ended.
  async function sendAll(tokenUrl) {
    if (!(await all()).some((item) => !item.problem)) { return "sent"; }
    const held = await session(tokenUrl);
    if (held.state) { return held.state; }
    const waiting = (await of(held.account)).filter((item) => !item.problem);
    for (const { key } of waiting) {
      const item = await get(key); // as it is now: the crew may have changed it meanwhile
      if (!item) { continue; }
      const { state, problem, errors } = await deliver(item, tokenUrl, held);
      if (state === "sent") {
        await SentEntries.remember([...keysBefore(item), key], key);
        await remove(key);
      } else if (state === "refused") {
        await refuse(key, problem, errors);
      } else {
        return state;
      }
    }
    return "sent";
  }

  function alone(act) {
    return navigator.locks ? navigator.locks.request(LOCK, act) : act();
  }

  const send = (tokenUrl) => alone(() => sendAll(tokenUrl).catch(() => "later"));

  async function sendOne(opened, tokenUrl) {
    const item = await afterSent(opened);
    const held = await session(tokenUrl);
    const became = held.state ? held : await deliver(item, tokenUrl, held);
    if (became.state !== "sent") { return became; }
    await SentEntries.remember([...keysBefore(item), item.key], item.key);
    await Promise.all(keysBefore(item).map(remove));
    return became;
  }

  // An entry that this phone has no room to keep: sent from the page that holds it, or not at all.
  const sendUnkept = (item, tokenUrl) =>
    alone(() => sendOne(item, tokenUrl).catch(() => ({ state: "later" })));

  // Not while it is being sent: then nobody would know whether it was recorded.
  const discard = (key) => alone(async () => {
    const wasThere = Boolean(await get(key));
    await remove(key);
    return wasThere;
  });

  return { add, all, discard, field, get, isOf, of, send, sendUnkept, whenOf };
})();
