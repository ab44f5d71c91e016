"""The ground of a map on paper, in greys: what people know a place by, under the numbers."""

import math
from collections.abc import Callable, Iterator

import geopandas as gpd
from reportlab.graphics.shapes import FILL_EVEN_ODD, Group, Path, PolyLine, Shape, String
from reportlab.lib import colors
from reportlab.pdfbase.pdfmetrics import stringWidth
from shapely.affinity import rotate, translate
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from geodata.basemap.drawn import named_roads, shapes_in
from geodata.basemap.kept import Basemap
from geodata.core.spatial import Box
from web.services.paper.typeface import PLAIN

AREAS = {"green": "#ececec", "water": "#cfcfcf", "car_park": "#e0e0e0", "building": "#d4d4d4"}
"""Fills, in the order in which they are drawn."""
WIDTHS = {"motorway": 3.2, "main": 2.6, "through": 2.0, "street": 1.3, "service": 0.7}
"""Of roads, in points; the narrowest are drawn first."""
MOST_NAMES = 30
_SIZE = 5.5
_EDGE, _RAIL = colors.HexColor("#9a9a9a"), colors.HexColor("#777777")
_Name = tuple[str, tuple[float, float], float]
"""What is written, about which point of the drawing, turned by how many degrees."""
OnPaper = Callable[[float, float], tuple[float, float]]
"""Easting and northing to points of the drawing."""


def ground_shapes(
    basemap: Basemap, extent: Box, on_paper: OnPaper, taken: list[BaseGeometry]
) -> Iterator[Shape]:
    """Areas, roads, rails and names of a box (EPSG:27700), the lowest first.

    Parameters
    ----------
    taken
        Where no name may stand, in points of the drawing.
    """
    shapes = shapes_in(basemap, extent)
    for theme, fill in AREAS.items():
        for shape in shapes[shapes["theme"] == theme].geometry:
            yield from _areas(shape, on_paper, colors.HexColor(fill))
            yield from _lines(shape, on_paper, colors.HexColor(fill), 1.0)
    roads = shapes[shapes["theme"] == "road"]
    for wider, colour in ((0.7, _EDGE), (0.0, colors.white)):
        for kind, width in reversed(WIDTHS.items()):
            for shape in roads[roads["kind"] == kind].geometry:
                yield from _lines(shape, on_paper, colour, width + wider)
    for shape in shapes[shapes["theme"] == "rail"].geometry:
        yield from _lines(shape, on_paper, _RAIL, 0.8)
    yield from _names(shapes, on_paper, taken)


def _names(
    shapes: gpd.GeoDataFrame, on_paper: OnPaper, taken: list[BaseGeometry]
) -> Iterator[Shape]:
    """Names of places, then of roads, the longest first; none across what is written already."""
    lettered: list[_Name] = []
    for _, row in shapes[shapes["theme"].isin(["label", "place"])].iterrows():
        if row["name"] and isinstance(row.geometry, Point):
            lettered.append((row["name"], on_paper(row.geometry.x, row.geometry.y), 0.0))
    for road, line in named_roads(shapes).head(MOST_NAMES).items():
        lettered += _name_along(str(road), line, on_paper)
    written = list(taken)
    for name, (x, y), turn in lettered:
        half = stringWidth(name, PLAIN, _SIZE) / 2 + 1
        room = translate(rotate(box(-half, -_SIZE / 2, half, _SIZE / 2), turn, (0, 0)), x, y)
        if not any(room.intersects(other) for other in written):
            written.append(room)
            yield _name_at(name, x, y, turn)


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    return list(getattr(shape, "geoms", [shape]))


def _areas(shape: BaseGeometry, on_paper: OnPaper, fill: colors.Color) -> Iterator[Path]:
    for part in _parts(shape):
        if part.geom_type == "Polygon":
            path = Path(fillColor=fill, strokeColor=None, fillMode=FILL_EVEN_ODD)
            for ring in (part.exterior, *part.interiors):
                first, *rest = (on_paper(x, y) for x, y in ring.coords)
                path.moveTo(*first)
                for corner in rest:
                    path.lineTo(*corner)
                path.closePath()
            yield path


def _lines(
    shape: BaseGeometry, on_paper: OnPaper, colour: colors.Color, width: float
) -> Iterator[PolyLine]:
    for part in _parts(shape):
        if part.geom_type == "LineString":
            corners = [number for x, y in part.coords for number in on_paper(x, y)]
            yield PolyLine(corners, strokeColor=colour, strokeWidth=width, strokeLineCap=1)


def _name_along(name: str, line: BaseGeometry, on_paper: OnPaper) -> list[_Name]:
    """A road's name in its middle, never upside down; none where the road is too short for it."""
    (x0, y0), (x1, y1) = on_paper(*line.coords[0]), on_paper(*line.coords[-1])
    if math.hypot(x1 - x0, y1 - y0) < stringWidth(name, PLAIN, _SIZE):
        return []
    before, middle, after = (
        on_paper(at.x, at.y)
        for at in (line.interpolate(share, normalized=True) for share in (0.4, 0.5, 0.6))
    )
    turn = math.degrees(math.atan2(after[1] - before[1], after[0] - before[0]))
    return [(name, middle, turn - 180 if turn > 90 else turn + 180 if turn < -90 else turn)]


def _name_at(name: str, x: float, y: float, turn: float) -> Group:
    grey = colors.HexColor("#444444")
    font = {"fontName": PLAIN, "fontSize": _SIZE, "fillColor": grey}
    group = Group(String(0, -_SIZE / 3, name, textAnchor="middle", **font))
    group.translate(x, y)
    group.rotate(turn)
    return group
