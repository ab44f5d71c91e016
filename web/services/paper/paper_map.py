"""A small map on paper: numbered points among the outlines of wards, north up, with a scale bar."""

from collections.abc import Sequence

from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, String
from reportlab.lib import colors
from reportlab.lib.units import mm
from shapely.geometry import MultiPoint, Point, box
from shapely.geometry.base import BaseGeometry

from web.services.paper import typeface
from web.services.paper.typeface import BOLD, PLAIN

_MARGIN_M = 150.0
_WARD = colors.HexColor("#50686f")
_FOOT = 6 * mm
"""Strip below the map for its bar, which would hide what lies in a corner."""
_BARS_M = (5000, 2000, 1000, 500, 200, 100)


def numbered_map(
    points: Sequence[Point], wards: Sequence[BaseGeometry], *, width: float, height: float
) -> Drawing:
    """The points by number, in their order, with all about them; empty where there is none.

    Parameters
    ----------
    points
        EPSG:27700. Those at one place have their numbers beside one dot.
    wards
        Outlines to know the ground by, EPSG:27700.
    width, height
        Of the drawing, in points of 1/72 inch.
    """
    typeface.prepare()
    drawing = Drawing(width, height)
    if not points:
        return drawing
    west, south, east, north = MultiPoint(list(points)).buffer(_MARGIN_M).bounds
    tall = height - _FOOT
    scale = min(width / (east - west), tall / (north - south))
    west, south = (west + east - width / scale) / 2, (south + north - tall / scale) / 2
    ground = box(west, south, west + width / scale, south + tall / scale)
    south -= _FOOT / scale
    ends = [part for ward in wards for part in _lines(ward.boundary.intersection(ground))]
    for line in [ground.exterior, *ends]:
        corners = [
            (xy - start) * scale for x, y in line.coords for xy, start in ((x, west), (y, south))
        ]
        drawing.add(PolyLine(corners, strokeColor=_WARD, strokeWidth=0.6))
    for (east, north), numbers in _numbered(points).items():
        x, y = (east - west) * scale, (north - south) * scale
        drawing.add(Circle(x, y, 2, fillColor=colors.black))
        drawing.add(String(x + 3, y + 2, ", ".join(numbers), fontName=BOLD, fontSize=9))
    _add_bar(drawing, scale)
    return drawing


def _numbered(points: Sequence[Point]) -> dict[tuple[float, float], list[str]]:
    places: dict[tuple[float, float], list[str]] = {}
    for number, point in enumerate(points, 1):
        places.setdefault((point.x, point.y), []).append(str(number))
    return places


def _add_bar(drawing: Drawing, scale: float) -> None:
    """A bar of a round length, at most a third of the map."""
    length_m = next((bar for bar in _BARS_M if bar * scale <= drawing.width / 3), _BARS_M[-1])
    drawing.add(Line(0, 3 * mm, length_m * scale, 3 * mm, strokeWidth=1.5))
    drawing.add(
        String(length_m * scale + 2 * mm, 2 * mm, f"{length_m} m", fontName=PLAIN, fontSize=7)
    )


def _lines(shape: BaseGeometry) -> list[BaseGeometry]:
    parts = getattr(shape, "geoms", [shape])
    return [part for part in parts if part.geom_type == "LineString" and not part.is_empty]
