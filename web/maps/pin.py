"""The map of a report: one pin, dragged or put where the reporter taps."""

import geopandas as gpd
from branca.element import MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.features import FeatureCollection, feature_collection
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import Sheet, finish, new_map
from web.services.common.speaking import gettext as _

PLACE_STYLE = {"color": "#50686f", "weight": 1.5, "radius": 3, "fillOpacity": 0.15}
CLOSE = 17
"""The zoom at which single buildings can be told apart."""
TOUCH_PX = 10
"""How far a finger is off what it points at, in pixels."""
COARSEST_PIN_M = 50.0
"""A pin that is farther off names no place that a crew could find."""


class Pin(MacroElement):
    """A pin to drag, which also moves to where the map is tapped, and writes its place and how
    exact that is into the page's form.

    A finger meets a place to some ten pixels, which from far out are hundreds of metres: such a
    tap brings the map nearer and sets no pin. The page's button ``data-pin-middle`` puts the pin
    into the middle of the map, for who moves it by the keyboard.

    Parameters
    ----------
    lonlat
        Where it stands at first, WGS 84 degrees; None: nowhere until the first tap.
    """

    _template = Template("""
    {% macro script(this, kwargs) %}
    (function (map, at) {
      var TOUCH_PX = {{ this.limits[0] }}, COARSEST_PIN_M = {{ this.limits[1] }};
      var status = document.querySelector("[data-pin-status]");
      var button = document.querySelector("[data-pin-middle]");
      var pin = null;
      function say(words) { if (status) { status.textContent = words; } }
      function put(latlng) {
        if (pin) { pin.setLatLng(latlng); return; }
        pin = L.marker(latlng, {draggable: true, title: {{ this.words.drag | tojson }},
          icon: L.divIcon({className: "map-pin", iconSize: [28, 28], iconAnchor: [14, 14]})});
        pin.addTo(map).on("dragend", function () { take(pin.getLatLng()); });
      }
      function metresAPixel(latlng) {
        return 156543.03 * Math.cos(latlng.lat * Math.PI / 180) / Math.pow(2, map.getZoom());
      }
      function take(latlng) {
        var place = latlng.wrap(), metres = TOUCH_PX * metresAPixel(place);
        if (metres > COARSEST_PIN_M) {
          map.setView(place, {{ this.zoom }});
          if (pin && at) { pin.setLatLng([at[1], at[0]]); }
          say({{ this.words.far | tojson }});
          return;
        }
        put(place);
        document.getElementById("lon").value = place.lng.toFixed(6);
        document.getElementById("lat").value = place.lat.toFixed(6);
        document.getElementById("accuracy_m").value = metres.toFixed(1);
        say({{ this.words.set | tojson }}.replace("%(metres)s", Math.max(10, Math.round(metres))));
      }
      if (at) {
        put(L.latLng(at[1], at[0]));
        map.setView([at[1], at[0]], {{ this.zoom }});
      }
      map.on("click", function (event) { take(event.latlng); });
      if (button) { button.addEventListener("click", function () { take(map.getCenter()); }); }
    })({{ this._parent.get_name() }}, {{ this.lonlat | tojson }});
    {% endmacro %}""")

    def __init__(self, lonlat: tuple[float, float] | None) -> None:
        super().__init__()
        self._name = "Pin"
        self.lonlat, self.zoom = lonlat and list(lonlat), CLOSE
        self.limits = (TOUCH_PX, COARSEST_PIN_M)
        self.words = {
            "drag": _("Drag me to where the canisters are"),
            "far": _(
                "That was too far out to point at a place. The map is nearer now: point again."
            ),
            "set": _("The pin is set, to %(metres)s metres."),
        }


def place_features(places: gpd.GeoDataFrame) -> FeatureCollection:
    """Named places as thin outlines and dots with their names."""
    named = places[["name", "geometry"]]
    return feature_collection(named, simplify_m=2, style=dict.fromkeys(named.index, PLACE_STYLE))


def pin_map(
    config: Config,
    area: BaseGeometry | None,
    lonlat: tuple[float, float] | None,
    addresses: dict[str, str],
) -> Sheet:
    """The map; ``addresses`` of its layers: ``wards``, and ``places`` to know the ground by."""
    canvas = new_map(config, area)
    RemoteGeoJson(addresses["wards"], name=_("Wards"), label="name").add_to(canvas)
    RemoteGeoJson(addresses["places"], name=_("Places"), label="name").add_to(canvas)
    Pin(lonlat).add_to(canvas)
    return finish(canvas)
