// Photos of an entry: made small on the phone before they wait, added one by one, taken out again.
"use strict";
self.OutcomePhotos = (function () {
  const QUALITY = 0.85;
  const THUMBNAIL_PX = 96;
  const BEGINNINGS = [/^\xff\xd8\xff/, /^\x89PNG/, /^RIFF[^]{4}WEBP/, /^[^]{4}ftyp/]; // the last is HEIC

  function drawn(bitmap, longSidePx) {
    const scale = Math.min(1, longSidePx / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // what is transparent would be black
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  // The same photo as a JPEG with the server's long side; as it was where this phone cannot draw it.
  async function reduced(file, limits) {
    let bitmap;
    try { bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { return file; }
    const isSmall = Math.max(bitmap.width, bitmap.height) <= limits.longSidePx;
    if (isSmall && file.size <= limits.plainBytes) { bitmap.close(); return file; }
    const canvas = drawn(bitmap, limits.longSidePx);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) { return file; }
    const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
    return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
  }

  async function faultOf(file, limits) {
    if (file.size > limits.mostBytes) {
      return self.say("The photo has %(size)s MB: choose one of up to %(most)s MB",
        { size: Math.round(file.size / 1048576), most: limits.mostBytes / 1048576 });
    }
    const start = String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()));
    return BEGINNINGS.some((form) => form.test(start)) ? "" :
      self.say("The photo cannot be read: it is damaged, or not a JPEG, PNG, HEIC or WebP");
  }

  async function thumbnail(file) {
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (!bitmap) { return document.createTextNode(file.name); }
    const canvas = drawn(bitmap, THUMBNAIL_PX);
    bitmap.close();
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  }

  // `input` is the form's own field, and holds at any time what would be sent.
  function chooser(input, list, limits) {
    let files = [];
    let work = Promise.resolve();

    async function show() {
      const held = new DataTransfer();
      files.forEach((file) => held.items.add(file));
      input.files = held.files;
      const shown = await Promise.all(files.map(async (file, index) => {
        const line = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "govuk-button govuk-button--secondary";
        button.textContent = self.say("Remove photo %(number)s", { number: index + 1 });
        button.addEventListener("click", () => queue(() => { files = files.filter((f) => f !== file); }));
        line.append(await thumbnail(file), button);
        return line;
      }));
      list.replaceChildren(...shown);
    }

    function queue(change) {
      work = work.then(change).then(show).catch(() => null);
      return work;
    }

    const add = (added) => queue(async () => {
      for (const file of added) { files.push(await reduced(file, limits)); }
    });

    async function faults() {
      const said = await Promise.all(files.map((file) => faultOf(file, limits)));
      return said.map((fault, index) =>
        fault && self.say("Photo %(number)s of %(all)s: %(fault)s", { number: index + 1, all: files.length, fault })).filter(Boolean);
    }

    input.addEventListener("change", () => add([...input.files]));
    return { add, faults, settled: () => work, count: () => files.length };
  }

  return { chooser, reduced };
})();
