// The ground under a map: our own vector tiles in a quiet style, so that the marks stand out.
// Light, or dark where the device asks for it; the style sheet makes it grey on paper.
"use strict";
self.basemapUnder = (function (facts) {
  const L = self.L, P = self.protomapsL, LAYER = "ground";
  const LIGHT = {
    land: "#f4f2ec", water: "#bcd7e6", green: "#dcebd3", carPark: "#e6e3f0", building: "#dfd9cf",
    edge: "#c9c1b3", casing: "#cfc9bd", street: "#ffffff", main: "#fbe7b5", motorway: "#f3cfa0",
    path: "#b9ad98", rail: "#9a9a9a", text: "#3b3b3b", halo: "#f4f2ec", parkText: "#41633a",
  };
  const DARK = {
    land: "#22272b", water: "#1c3a4d", green: "#25352a", carPark: "#332f45", building: "#30363b",
    edge: "#3c444a", casing: "#15191c", street: "#4a5258", main: "#6b6246", motorway: "#7d6440",
    path: "#5c5648", rail: "#707880", text: "#e8e8e8", halo: "#22272b", parkText: "#b5d3ab",
  };
  const WIDTHS = { // of a class of road at zoom 10, 14 and 18, in pixels
    motorway: [1.6, 5, 18], main: [1.2, 4, 16], through: [0.8, 3, 14], street: [0.4, 2, 11],
    service: [0.2, 1, 5],
  };
  const CLASSES = ["service", "street", "through", "main", "motorway"]; // the last on top
  const dark = self.matchMedia("(prefers-color-scheme: dark)");

  const is = (theme, kind) => (zoom, feature) =>
    feature.props.theme === theme && (kind === undefined || feature.props.kind === kind);
  const width = ([far, near, close], more) =>
    P.exp(1.6, [[10, far + more], [14, near + more], [18, close + more]]);
  const rule = (filter, symbolizer, minzoom) => ({ dataLayer: LAYER, filter, symbolizer, minzoom });

  function roads(c) {
    const colour = (kind) => (kind === "motorway" || kind === "main" ? c[kind] : c.street);
    const lines = (more, paint) => CLASSES.map((kind) => rule(is("road", kind),
      new P.LineSymbolizer({ color: paint(kind), width: width(WIDTHS[kind], more), lineCap: "round",
        lineJoin: "round" })));
    return [
      rule(is("road", "path"), new P.LineSymbolizer({ color: c.path, width: 1, dash: [3, 2],
        dashColor: c.path }), 15),
      ...lines(1.5, () => c.casing),
      ...lines(0, colour),
    ];
  }

  function paintRules(c) {
    return [
      rule(is("green"), new P.PolygonSymbolizer({ fill: c.green })),
      rule(is("water", "area"), new P.PolygonSymbolizer({ fill: c.water })),
      rule(is("water", "line"), new P.LineSymbolizer({ color: c.water, width: width([0.5, 1.5, 5], 0) })),
      rule(is("car_park"), new P.PolygonSymbolizer({ fill: c.carPark, stroke: c.edge, width: 0.5 })),
      rule(is("building"), new P.PolygonSymbolizer({ fill: c.building, stroke: c.edge, width: 0.5 })),
      rule(is("rail"), new P.LineSymbolizer({ color: c.rail, width: width([0.6, 1.2, 3], 0) })),
      ...roads(c),
    ];
  }

  function labelRules(c) {
    const text = (font, fill) => ({ labelProps: ["name"], font, fill, stroke: c.halo, width: 3 });
    const centred = (font, fill) => new P.CenteredTextSymbolizer(text(font, fill));
    const along = new P.LineLabelSymbolizer({ ...text("12px arial, sans-serif", c.text),
      position: P.LineLabelPlacement.Center });
    const streets = (zoom, f) => f.props.theme === "road" && f.props.kind !== "path" &&
      (zoom >= 16 || f.props.kind !== "service");
    return [
      rule((zoom, f) => is("place")(zoom, f) && /^(city|town)$/.test(f.props.kind),
        centred("700 15px arial, sans-serif", c.text)),
      rule(is("place", "suburb"), centred("700 13px arial, sans-serif", c.text), 14),
      rule(is("place", "station"), centred("italic 12px arial, sans-serif", c.text), 14),
      rule(streets, along, 14),
      rule(is("label", "green"), centred("italic 12px arial, sans-serif", c.parkText), 14),
      rule(is("label", "car_park"), centred("12px arial, sans-serif", c.text), 15),
      rule(is("label", "water"), centred("italic 12px arial, sans-serif", c.text), 13),
      rule(is("place", "hamlet"), centred("12px arial, sans-serif", c.text), 14),
    ];
  }

  return function (map) {
    const line = document.createElement("span"); // as text: a file's words are not markup
    line.textContent = facts.attribution;
    const layer = P.leafletLayer({ url: facts.url, maxDataZoom: Number(facts.lastZoom),
      attribution: line.innerHTML, maxZoom: 20 });
    function dress() {
      const colours = dark.matches ? DARK : LIGHT;
      layer.paintRules = paintRules(colours);
      layer.labelRules = labelRules(colours);
      layer.backgroundColor = colours.land;
      layer.clearLayout();
      map.getContainer().classList.toggle("is-dark", dark.matches);
    }
    dress();
    layer.addTo(map);
    dark.addEventListener("change", () => { dress(); layer.rerenderTiles(); });
  };
})(document.currentScript.dataset);
