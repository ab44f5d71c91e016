"""A small map on paper: numbered points on the ground, north up, with a scale bar and start."""

from collections.abc import Sequence

from reportlab.graphics.shapes import Circle, Drawing, Line, Polygon, PolyLine, Rect, String
from reportlab.lib import colors
from reportlab.lib.units import mm
from shapely.geometry import MultiPoint, Point, box
from shapely.geometry.base import BaseGeometry

from geodata.basemap.kept import Basemap
from web.services.paper import typeface
from web.services.paper.paper_ground import ground_shapes
from web.services.paper.typeface import BOLD, PLAIN

_MARGIN_M = 150.0
_MARGIN_SHARE = 0.05
"""Of a wide map the margin grows with it, or a number by a point at the edge would be cut off."""
_WARD = colors.HexColor("#50686f")
_FOOT = 6 * mm
"""Strip below the map for its bar, which would hide what lies in a corner."""
_BARS_M = (5000, 2000, 1000, 500, 200, 100)


def numbered_map(
    points: Sequence[Point],
    wards: Sequence[BaseGeometry],
    *,
    width: float,
    height: float,
    basemap: Basemap | None = None,
    start: Point | None = None,
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
    basemap
        The ground to draw below; None: wards alone.
    start
        Where the way begins, marked by a square.
    """
    typeface.prepare()
    drawing = Drawing(width, height)
    if not points:
        return drawing
    shown = [*points, *([] if start is None else [start])]
    west, south, east, north = _bounds(shown)
    tall = height - _FOOT
    scale = min(width / (east - west), tall / (north - south))
    west, south = (west + east - width / scale) / 2, (south + north - tall / scale) / 2
    ground = box(west, south, west + width / scale, south + tall / scale)
    south -= _FOOT / scale

    def on_paper(x: float, y: float) -> tuple[float, float]:
        return (x - west) * scale, (y - south) * scale

    if basemap is not None:
        marks = [box(x - 3, y - 3, x + 16, y + 10) for x, y in (on_paper(p.x, p.y) for p in shown)]
        for shape in ground_shapes(basemap, ground.bounds, on_paper, marks):
            drawing.add(shape)
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
    if start is not None:
        x, y = on_paper(start.x, start.y)
        drawing.add(Rect(x - 2.5, y - 2.5, 5, 5, fillColor=colors.white, strokeWidth=1.5))
        drawing.add(String(x + 5, y - 3, "Start", fontName=BOLD, fontSize=8))
    _add_bar(drawing, scale)
    _add_north(drawing, basemap.attribution if basemap else "")
    return drawing


def _bounds(points: Sequence[Point]) -> tuple[float, float, float, float]:
    """Of the points and the ground about them."""
    west, south, east, north = MultiPoint(points).bounds
    margin = max(_MARGIN_M, _MARGIN_SHARE * max(east - west, north - south))
    return west - margin, south - margin, east + margin, north + margin


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


def _add_north(drawing: Drawing, attribution: str) -> None:
    """An arrow at the foot's right end, and whose map it is."""
    right = drawing.width
    drawing.add(Polygon([right - 6, 2, right - 3, 13, right, 2, right - 3, 4.5]))
    drawing.add(String(right - 8, 4, "N", fontName=BOLD, fontSize=8, textAnchor="end"))
    if attribution:
        drawing.add(
            String(right - 20, 4, attribution, fontName=PLAIN, fontSize=5.5, textAnchor="end")
        )


def _lines(shape: BaseGeometry) -> list[BaseGeometry]:
    parts = getattr(shape, "geoms", [shape])
    return [part for part in parts if part.geom_type == "LineString" and not part.is_empty]
