// What scripts say, in the page's language: the page bears the translations by their English texts.
"use strict";
self.say = (function () {
  const given = document.querySelector("meta[name=words]");
  const words = given ? JSON.parse(given.content) : {};

  // `%(name)s` in a text is filled in from `values`.
  return (text, values) => Object.entries(values || {}).reduce(
    (filled, [name, value]) => filled.replace(`%(${name})s`, value), words[text] || text);
})();
