"""Layers that Folium lacks."""

from collections.abc import Sequence

import folium
from folium.template import Template


class RemoteGeoJson(folium.map.Layer):
    """Features that the browser fetches from our own host.

    Each is drawn with its property ``style`` and opens a list of facts. Folium's own popups put
    values into the page as HTML, so that a report's text could run as a script; here every
    value is text.

    Parameters
    ----------
    url
        Address of a GeoJSON document on our own host.
    facts
        Property and its heading, in the order shown. A property that is null is left out.
    link
        Property that holds an address, and the text of the link to it.
    label
        Property written on the map at each feature, for ever; for wards' names.
    label_class
        How that is written: ``number-label`` is small enough for a mark, and stays on telephones.
    is_behind
        Drawn under the other layers, whichever comes first from the host.
    is_by_view
        The host is asked for what the map shows (``view``: west, south, east, north in degrees),
        and asked again when that changes.
    fits
        The map opens on these features, and not on the area that it was made for.
    """

    _template = Template("""
    {% macro script(this, kwargs) %}
    var {{ this.get_name() }} = L.geoJson(null, {
      interactive: {{ (this.facts | length > 0) | tojson }},
      style: function (feature) { return feature.properties.style || {}; },
      pointToLayer: function (feature, at) { return L.circleMarker(at, feature.properties.style); },
      onEachFeature: function (feature, layer) {
        var facts = {{ this.facts | tojson }}, link = {{ this.link | tojson }};
        var label = {{ this.label | tojson }};
        if (label && feature.properties[label]) {
          layer.bindTooltip(function () {
            var text = document.createElement("span");
            text.textContent = feature.properties[label];
            return text;
          }, {permanent: true, direction: "center", className: {{ this.label_class | tojson }}});
        }
        if (!facts.length) { return; }
        layer.bindPopup(function () {
          var list = document.createElement("dl");
          facts.forEach(function (fact) {
            var value = feature.properties[fact[0]];
            if (value === null || value === undefined) { return; }
            list.appendChild(document.createElement("dt")).textContent = fact[1];
            list.appendChild(document.createElement("dd")).textContent = value;
          });
          if (link && feature.properties[link[0]]) {
            var a = list.appendChild(document.createElement("dd")).appendChild(
              document.createElement("a"));
            a.href = feature.properties[link[0]];
            a.textContent = link[1];
          }
          return list;
        });
      }
    });
    (function (layer, map, address, isByView, fits) {
      var asked = 0;
      function load() {
        var turn = ++asked;
        var join = address.indexOf("?") < 0 ? "?" : "&";
        var view = isByView ? join + "view=" + map.getBounds().toBBoxString() : "";
        fetch(address + view, {credentials: "same-origin"})
          .then(function (answer) { return answer.json(); })
          .then(function (data) {
            if (turn !== asked) { return; }
            layer.clearLayers();
            layer.addData(data);
            var first = data.features[0], isSquares = isByView && first &&
              first.geometry.type === "Polygon";
            if ({{ this.is_behind | tojson }} || isSquares) { layer.bringToBack(); }
            if (fits && turn === 1) { fit(); }
          });
      }
      function fit() {  // but for a view that the page's address asks for
        if (!layer.getBounds().isValid() || self.location.hash.indexOf("#map=") === 0) { return; }
        map.isFitting = true;  // nobody has chosen this view
        map.fitBounds(layer.getBounds(), {padding: [30, 30], maxZoom: 16, animate: false});
        map.isFitting = false;
      }
      var isRead = false;  // what somebody reads stays: to open it may have moved the map
      if (isByView) {
        map.on("popupopen", function () { isRead = true; });
        map.on("popupclose", function () { isRead = false; });
        map.on("moveend", function () { if (!isRead) { load(); } });
      }
      load();
    })({{ this.get_name() }}, {{ this._parent.get_name() }}, {{ this.url | tojson }},
       {{ this.is_by_view | tojson }}, {{ this.fits | tojson }});
    {% endmacro %}""")

    def __init__(
        self,
        url: str,
        *,
        name: str,
        facts: Sequence[tuple[str, str]] = (),
        link: tuple[str, str] | None = None,
        label: str | None = None,
        label_class: str = "ward-label",
        show: bool = True,
        control: bool = True,
        is_behind: bool = False,
        is_by_view: bool = False,
        fits: bool = False,
    ) -> None:
        super().__init__(name=name, overlay=True, show=show, control=control)
        self._name = "RemoteGeoJson"
        self.url, self.facts, self.link, self.label = url, list(facts), link, label
        self.label_class = label_class
        self.is_behind, self.is_by_view, self.fits = is_behind, is_by_view, fits
