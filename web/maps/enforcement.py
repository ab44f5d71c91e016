"""Officers' maps of enforcement: actions in one neutral colour, orders as areas, a drawing pen."""

import folium
import geopandas as gpd
from branca.element import MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.features import FeatureCollection, feature_collection
from web.maps.hotspots import WARD_STYLE
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import LegendItem, Sheet, finish, new_map

ACTION_STYLE = {"radius": 6, "color": "#0b0c0c", "weight": 1.5, "fillColor": "#5694ca"} | {
    "fillOpacity": 0.8
}
ORDER_STYLE = {"color": "#4c2c92", "weight": 2.5, "fillColor": "#4c2c92", "fillOpacity": 0.12}
ACTION_FACTS = (("kind", "Kind"), ("when", "Act"), ("state", "Status"))
ORDER_FACTS = (("name", "Order"), ("days", "In force"))
ORDER_ITEM = LegendItem("Restricted area", "#4c2c92", "#4c2c92", 0.12)


class CornerPicker(MacroElement):
    """Adds a corner to a text field with each click on the map, and draws what it encloses."""

    _template = Template("""
    {% macro script(this, kwargs) %}
    (function (map) {
      var field = document.getElementById({{ this.field_id | tojson }});
      var outline = L.polygon([], {color: "#4c2c92"}).addTo(map);
      function draw() {
        outline.setLatLngs(field.value.split("\\n").map(function (line) {
          return line.split(",").map(Number);
        }).filter(function (pair) { return pair.length === 2 && pair.every(isFinite); }));
      }
      field.addEventListener("input", draw);
      map.on("click", function (event) {
        var corner = event.latlng.lat.toFixed(6) + ", " + event.latlng.lng.toFixed(6);
        field.value = (field.value.trim() ? field.value.trim() + "\\n" : "") + corner;
        draw();
      });
      draw();
    })({{ this._parent.get_name() }});
    {% endmacro %}""")

    def __init__(self, field_id: str) -> None:
        super().__init__()
        self._name = "CornerPicker"
        self.field_id = field_id


def action_map(config: Config, area: BaseGeometry | None, addresses: dict[str, str]) -> Sheet:
    """Actions and the orders in force; ``addresses`` of ``wards``, ``orders`` and ``actions``."""
    canvas = new_map(config, area)
    RemoteGeoJson(addresses["wards"], name="Wards", label="name").add_to(canvas)
    RemoteGeoJson(addresses["orders"], name="Orders in force", facts=ORDER_FACTS).add_to(canvas)
    RemoteGeoJson(
        addresses["actions"], name="Actions", facts=ACTION_FACTS, link=("href", "Open")
    ).add_to(canvas)
    folium.LayerControl(collapsed=True).add_to(canvas)
    return finish(canvas, (ORDER_ITEM, LegendItem("Action", "#5694ca", is_round=True)))


def area_map(
    config: Config, area: BaseGeometry | None, addresses: dict[str, str], *, draws_in: str = ""
) -> Sheet:
    """Orders in force; an area is drawn into the text field that ``draws_in`` names."""
    canvas = new_map(config, area)
    RemoteGeoJson(addresses["wards"], name="Wards", label="name").add_to(canvas)
    # A click on an order would open its facts instead of setting a corner there.
    facts = () if draws_in else ORDER_FACTS
    RemoteGeoJson(addresses["orders"], name="Orders", facts=facts).add_to(canvas)
    if draws_in:
        CornerPicker(draws_in).add_to(canvas)
    return finish(canvas, (ORDER_ITEM,))


def action_features(actions: gpd.GeoDataFrame) -> FeatureCollection:
    """Actions: ``kind``, ``when``, ``state``, ``href``. All look alike: kinds are no ranking."""
    return feature_collection(actions, style=dict.fromkeys(actions.index, ACTION_STYLE))


def order_features(areas: gpd.GeoDataFrame) -> FeatureCollection:
    """Restricted areas: ``name``, ``days``."""
    return feature_collection(areas, style=dict.fromkeys(areas.index, ORDER_STYLE))


def ward_features(wards: gpd.GeoDataFrame) -> FeatureCollection:
    """Wards as thin outlines."""
    return feature_collection(wards, simplify_m=10, style=dict.fromkeys(wards.index, WARD_STYLE))
