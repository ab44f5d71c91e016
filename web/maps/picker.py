"""A map on which to tap a place instead of writing its numbers."""

from branca.element import MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import Sheet, finish, new_map


class WritesPlace(MacroElement):  # type: ignore[misc]
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


def picker_map(config: Config, area: BaseGeometry | None, addresses: dict[str, str]) -> Sheet:
    """The map; ``addresses`` of its layers ``wards`` and ``hotspots``, to know the ground by."""
    canvas = new_map(config, area)
    RemoteGeoJson(addresses["wards"], name="Wards", label="name").add_to(canvas)
    RemoteGeoJson(addresses["hotspots"], name="Hotspots").add_to(canvas)
    WritesPlace("where").add_to(canvas)
    return finish(canvas)
