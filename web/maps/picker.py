"""A map on which to tap a place instead of writing its numbers."""

import folium
from branca.element import MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import Sheet, finish, new_map


class WritesPlace(MacroElement):
    """Writes latitude and longitude of a tap into a field of the page, and marks it.

    Parameters
    ----------
    field_id
        The field's id in the page.
    """

    _template = Template("""
    {% macro script(this, kwargs) %}
    (function (map, field) {
      var mark = null;
      map.on("click", function (event) {
        var at = event.latlng.wrap();
        if (mark) { mark.setLatLng(at); }
        else { mark = L.circleMarker(at, {radius: 12, color: "#0b0c0c", weight: 4}).addTo(map); }
        field.value = at.lat.toFixed(5) + ", " + at.lng.toFixed(5);
      });
    })({{ this._parent.get_name() }}, document.getElementById({{ this.field_id | tojson }}));
    {% endmacro %}""")

    def __init__(self, field_id: str) -> None:
        super().__init__()
        self._name = "WritesPlace"
        self.field_id = field_id


class AddsPlace(MacroElement):
    """Adds latitude and longitude of each tap as a line to one of several text fields.

    Parameters
    ----------
    field_ids
        Ids of the fields in the page. Radio buttons named ``tap``, with these as values, say which
        field it is; the first where none is chosen.
    """

    _template = Template("""
    {% macro script(this, kwargs) %}
    (function (map, ids) {
      var styles = [{radius: 10, color: "#00703c", weight: 4}, {radius: 10, color: "#d4351c",
        weight: 4, dashArray: "3 5"}];
      map.on("click", function (event) {
        var at = event.latlng.wrap(), chosen = document.querySelector("input[name=tap]:checked");
        var id = chosen ? chosen.value : ids[0], field = document.getElementById(id);
        var line = at.lat.toFixed(5) + ", " + at.lng.toFixed(5);
        field.value = (field.value.trim() ? field.value.trim() + "\\n" : "") + line;
        L.circleMarker(at, styles[ids.indexOf(id)]).addTo(map);
      });
    })({{ this._parent.get_name() }}, {{ this.field_ids | tojson }});
    {% endmacro %}""")

    def __init__(self, field_ids: tuple[str, str]) -> None:
        super().__init__()
        self._name = "AddsPlace"
        self.field_ids = field_ids


def picker_map(
    config: Config,
    area: BaseGeometry | None,
    addresses: dict[str, str],
    *,
    field_id: str = "where",
) -> Sheet:
    """The map; ``addresses`` of its layers ``wards`` and ``hotspots``, to know the ground by."""
    canvas = _ground(config, area, addresses)
    WritesPlace(field_id).add_to(canvas)
    return finish(canvas)


def wish_map(
    config: Config,
    area: BaseGeometry | None,
    addresses: dict[str, str],
    field_ids: tuple[str, str],
) -> Sheet:
    """The same ground; a tap adds a place to the one or the other of two lists."""
    canvas = _ground(config, area, addresses)
    AddsPlace(field_ids).add_to(canvas)
    return finish(canvas)


def _ground(config: Config, area: BaseGeometry | None, addresses: dict[str, str]) -> folium.Map:
    canvas = new_map(config, area)
    RemoteGeoJson(addresses["wards"], name="Wards", label="name").add_to(canvas)
    RemoteGeoJson(addresses["hotspots"], name="Hotspots").add_to(canvas)
    return canvas
