// What the server would refuse of an outcome, by the rules that the page bears as data.
// Applied before an entry is queued: a phone without signal hears of it at the place itself.
"use strict";
self.OutcomeRules = (function () {
  // Python's strip and this trim agree on all that a keyboard writes.
  function isKept(rule, text) {
    if (!text.trim()) { return true; }
    if (rule.kind === "text") { return [...text.replaceAll("\r\n", "\n")].length <= rule.most; }
    const number = text.trim();
    return new RegExp("^(?:" + rule.pattern + ")$").test(number) && Number(number) <= rule.most;
  }

  // `entry` gives the text of a field by its name; `photos` counts those that the entry will have.
  function problems(rules, entry, photos, reference) {
    const found = {};
    const outcome = entry("outcome");
    if (!outcome) { found.outcome = rules.outcomeNeeded; }
    rules.fields.forEach((rule) => {
      if (!isKept(rule, entry(rule.name))) { found[rule.name] = rule.message; }
    });
    if (photos > rules.photos.most) {
      found.pictures = rules.photos.message.replace("{}", photos - rules.photos.most);
    }
    const { photoNeeded, ownerNeeded, otherJob } = rules;
    if (outcome === photoNeeded.outcome && !photos && !entry("no_photo_reason").trim()) {
      found.no_photo_reason = photoNeeded.message;
    }
    if (outcome === ownerNeeded.outcome && !entry("land_owner").trim()) {
      found.land_owner = ownerNeeded.message;
    }
    if (outcome === otherJob.outcome && entry("duplicate_of").trim().toUpperCase() === reference) {
      found.duplicate_of = otherJob.message;
    }
    return found;
  }

  return { problems };
})();
