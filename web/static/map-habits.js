// What every map can do: fill the screen, show where the reader stands, and keep what it shows in
// the page's address. Without this file a map is whole all the same.
"use strict";
self.mapHabits = (function () {
  const L = self.L, STATE = /^#map=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)$/, CLOSE = 17;
  const PAPER_PX = 680; // between the margins of A4, at 96 to the inch

  function button(bar, words, look, act) {
    const control = L.DomUtil.create("a", `map-button map-button--${look}`, bar);
    control.href = "#";
    control.title = words;
    control.setAttribute("role", "button");
    control.setAttribute("aria-label", words);
    L.DomEvent.disableClickPropagation(control);
    L.DomEvent.on(control, "click", (event) => { L.DomEvent.preventDefault(event); act(control); });
    control.addEventListener("keydown", (event) => { // a link that is a button answers to Space too
      if (event.key === " ") { event.preventDefault(); act(control); }
    });
  }

  function addButtons(map) {
    const frame = map.getContainer().parentElement;
    const Bar = L.Control.extend({
      onAdd() {
        const bar = L.DomUtil.create("div", "leaflet-bar");
        if (frame.requestFullscreen) {
          button(bar, self.say("Fill the screen with the map"), "screen", () => fillScreen(frame));
        }
        if (navigator.geolocation) {
          button(bar, self.say("Show where I am"), "here", () => map.locate({
            setView: true, maxZoom: CLOSE, enableHighAccuracy: true, timeout: 20000 }));
        }
        return bar;
      },
    });
    new Bar({ position: "topleft" }).addTo(map);
    document.addEventListener("fullscreenchange", () => map.invalidateSize());
  }

  function fillScreen(frame) {
    if (document.fullscreenElement) { document.exitFullscreen(); } else { frame.requestFullscreen(); }
  }

  function showPosition(map) {
    const here = L.layerGroup().addTo(map);
    map.on("locationfound", ({ latlng, accuracy }) => {
      here.clearLayers();
      L.circle(latlng, { radius: accuracy, color: "#1d70b8", weight: 2, interactive: false })
        .addTo(here);
      L.circleMarker(latlng, { radius: 6, color: "#ffffff", weight: 2, fillColor: "#1d70b8",
        fillOpacity: 1, interactive: false }).addTo(here);
      say(map, self.say("You are here, to %(metres)s metres.", { metres: Math.round(accuracy) }));
    });
    map.on("locationerror", () => say(map, self.say("Your device does not say where it is.")));
  }

  function say(map, words) {
    const frame = map.getContainer().parentElement;
    let line = frame.querySelector("[data-map-status]");
    if (!line) {
      line = L.DomUtil.create("p", "map-status", frame);
      line.setAttribute("role", "status");
      line.dataset.mapStatus = "";
    }
    line.textContent = words;
  }

  function keepState(map) {
    const state = STATE.exec(self.location.hash);
    if (state) { map.setView([Number(state[2]), Number(state[3])], Number(state[1])); }
    let isFirst = true; // the map's own first view is no choice of the reader's
    map.whenReady(() => setTimeout(() => { isFirst = false; }, 1000));
    map.on("moveend", () => {
      if (isFirst || map.isFitting || document.fullscreenElement) { return; }
      const { lat, lng } = map.getCenter();
      const address = `#map=${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
      self.history.replaceState(self.history.state, "", address);
    });
  }

  // Paper is narrower than a desk: what was laid out for the screen is made smaller as a whole, where the
  // map would be cut off at its right.
  function printWhole(map) {
    const drawn = map.getContainer(), frame = drawn.parentElement;
    self.addEventListener("beforeprint", () => {
      const { width, height } = drawn.getBoundingClientRect(), zoom = Math.min(1, PAPER_PX / width);
      Object.assign(drawn.style, { width: `${width}px`, height: `${height}px`, zoom });
      Object.assign(frame.style, { width: `${width * zoom + 2}px`, height: `${height * zoom + 2}px` });
    });
    self.addEventListener("afterprint", () => [drawn, frame].forEach((each) =>
      ["width", "height", "zoom"].forEach((name) => each.style.removeProperty(name))));
  }

  return (map) => { addButtons(map); showPosition(map); keepState(map); printWhole(map); };
})();
