"""The map that plays the record: a ring in each square, larger where there were more incidents."""

from branca.element import MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import LegendItem, Sheet, finish, new_map

FILL, STROKE = "#d4351c", "#7a1f1f"
LEGEND = (
    LegendItem(
        "Incidents of one square: the larger the ring, the more", FILL, STROKE, 0.35, is_round=True
    ),
)


class MonthFilm(MacroElement):
    """Gives the map to ``month-film.js``, with the address of what it plays."""

    _template = Template("""
    {% macro script(this, kwargs) %}
    if (self.monthFilm) {
      self.monthFilm({{ this._parent.get_name() }}, {{ this.url | tojson }},
        {color: {{ this.stroke | tojson }}, fillColor: {{ this.fill | tojson }}});
    }
    {% endmacro %}""")

    def __init__(self, url: str) -> None:
        super().__init__()
        self._name = "MonthFilm"
        self.url, self.fill, self.stroke = url, FILL, STROKE


def months_map(config: Config, area: BaseGeometry | None, addresses: dict[str, str]) -> Sheet:
    """The map; ``addresses`` of ``wards`` and of ``months``."""
    canvas = new_map(config, area)
    RemoteGeoJson(addresses["wards"], name="Wards", label="name", control=False).add_to(canvas)
    MonthFilm(addresses["months"]).add_to(canvas)
    return finish(canvas, LEGEND)
