"""A Folium map as a page's parts: local scripts, local styles, and a script of its own.

Folium writes whole documents with inline scripts from content networks. Under our content
security policy a page loads the same Leaflet from its own host, and the map's script from an
address of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import Element, MacroElement
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from web.config import Config
from web.maps.features import bounds_lonlat

ASSETS = {  # Folium's name of a script or style -> our copy of it
    "leaflet": "leaflet/leaflet.js",
    "leaflet_css": "leaflet/leaflet.css",
    "markerclusterjs": "markercluster/leaflet.markercluster.js",
    "markerclustercss": "markercluster/MarkerCluster.css",
    "markerclusterdefaultcss": "markercluster/MarkerCluster.Default.css",
    "leaflet-heat.js": "heat/leaflet-heat.js",
}
UNUSED = {  # Folium asks for these on every map; nothing of ours is drawn with them
    "jquery",
    "bootstrap",
    "bootstrap_css",
    "glyphicons_css",
    "awesome_markers",
    "awesome_markers_css",
    "awesome_markers_font_css",
    "awesome_rotate_css",
}
ENGLAND = ((49.9, -6.4), (55.8, 1.8))


@dataclass(frozen=True)
class LegendItem:
    """One line of a legend. Never by colour alone: the text and the shape say it too."""

    text: str
    fill: str
    stroke: str = "#0b0c0c"
    fill_opacity: float = 1.0
    is_round: bool = False


@dataclass(frozen=True)
class Sheet:
    """A map, ready for a page (``macros/map.html``)."""

    element_id: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    script: str
    legend: tuple[LegendItem, ...] = ()


class Ground(MacroElement):
    """Lays the site's own ground under the map, on a page that has loaded ``basemap.js``, and adds
    what ``map-habits.js`` does."""

    _template = Template("""
    {% macro script(this, kwargs) %}
    if (self.basemapUnder) { self.basemapUnder({{ this._parent.get_name() }}); }
    if (self.mapHabits) { self.mapHabits({{ this._parent.get_name() }}); }
    {% endmacro %}""")


def new_map(config: Config, area: BaseGeometry | None) -> folium.Map:
    """An empty map that shows an area (EPSG:27700), England where there is none."""
    bounds = ENGLAND if area is None or area.is_empty else bounds_lonlat(area)
    canvas = folium.Map(tiles=None, control_scale=True, zoom_snap=0.25)
    canvas._id = "main"
    canvas.fit_bounds(bounds)
    Ground().add_to(canvas)
    if config.tile_url:
        folium.TileLayer(
            tiles=config.tile_url,
            attr=config.tile_attribution or " ",
            name="Background map",
            max_zoom=config.tile_max_zoom,
            control=False,
        ).add_to(canvas)
    return canvas


def finish(canvas: folium.Map, legend: tuple[LegendItem, ...] = ()) -> Sheet:
    """The parts of a map.

    Raises
    ------
    LookupError
        It needs a script or style of which we keep no copy.
    """
    _number(canvas)
    figure: Any = canvas.get_root()
    for child in list(figure._children.values()):
        child.render()
    body = figure.script.render()
    return Sheet(
        canvas.get_name(),
        _local(canvas, "default_js"),
        _local(canvas, "default_css"),
        f'"use strict";\n(function () {{\n{body}\n}})();\n',
        legend,
    )


def _number(canvas: folium.Map) -> None:
    """Plain numbers instead of random names: the same map is the same script, and is cached."""
    for position, element in enumerate(_walk(canvas)):
        if element is not canvas:
            element._id = str(position)


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _walk(child)


def _local(canvas: folium.Map, attribute: str) -> tuple[str, ...]:
    addresses: dict[str, str] = {}
    for element in _walk(canvas):
        for name, address in getattr(element, attribute, None) or []:
            if name in UNUSED:
                continue
            if name not in ASSETS:
                raise LookupError(f"the map asks for {name} ({address}), which is not kept here")
            addresses[name] = ASSETS[name]
    return tuple(addresses.values())
