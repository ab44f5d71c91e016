"""The map of a report: one pin, put where the reporter taps."""

import geopandas as gpd
from branca.element import MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.features import FeatureCollection, feature_collection
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import Sheet, finish, new_map

PLACE_STYLE = {"color": "#50686f", "weight": 1.5, "radius": 3, "fillOpacity": 0.15}
CLOSE = 17
"""The zoom at which single buildings can be told apart."""


class Pin(MacroElement):
    """A ring that moves to where the map is tapped, and writes its place into the page's form.

    Parameters
    ----------
    lonlat
        Where it stands at first, WGS 84 degrees; None: nowhere until the first tap.
    """

    _template = Template("""
    {% macro script(this, kwargs) %}
    (function (map, at) {
      var style = {radius: 12, color: "#0b0c0c", weight: 4, fillColor: "#fd0", fillOpacity: 0.7};
      var pin = null;
      function put(latlng) {
        if (pin) { pin.setLatLng(latlng); }
        else { pin = L.circleMarker(latlng, style).addTo(map); }
      }
      if (at) {
        put(L.latLng(at[1], at[0]));
        map.setView([at[1], at[0]], {{ this.zoom }});
      }
      map.on("click", function (event) {
        var place = event.latlng.wrap();
        put(place);
        document.getElementById("lon").value = place.lng.toFixed(6);
        document.getElementById("lat").value = place.lat.toFixed(6);
      });
    })({{ this._parent.get_name() }}, {{ this.lonlat | tojson }});
    {% endmacro %}""")

    def __init__(self, lonlat: tuple[float, float] | None) -> None:
        super().__init__()
        self._name = "Pin"
        self.lonlat, self.zoom = lonlat and list(lonlat), CLOSE


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
    RemoteGeoJson(addresses["wards"], name="Wards", label="name").add_to(canvas)
    RemoteGeoJson(addresses["places"], name="Places", label="name").add_to(canvas)
    Pin(lonlat).add_to(canvas)
    return finish(canvas)
