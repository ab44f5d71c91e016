"""Maps of paper as pictures: where there is ink, and where none."""

from io import BytesIO

import pytest
from PIL import Image
from reportlab.graphics.shapes import (
    FILL_EVEN_ODD,
    Circle,
    Drawing,
    Ellipse,
    Group,
    Path,
    Shape,
    String,
)
from reportlab.lib import colors
from shapely.geometry import Point

from web.services.paper import typeface
from web.services.paper.paper_map import numbered_map
from web.services.paper.picture import DPI, as_png
from web.services.paper.typeface import BOLD


def pixels(*shapes: Shape) -> Image.Image:
    """Of shapes on a sheet of an inch by an inch: 200 by 200 dots."""
    drawing = Drawing(72, 72)
    for shape in shapes:
        drawing.add(shape)
    return Image.open(BytesIO(as_png(drawing))).convert("L")


def square(low: float, high: float) -> list[tuple[float, float]]:
    return [(low, low), (high, low), (high, high), (low, high)]


def test_a_ring_in_a_ring_is_a_hole() -> None:
    path = Path(fillColor=colors.black, strokeColor=None, fillMode=FILL_EVEN_ODD)
    for ring in (square(18, 54), square(27, 45)):
        path.moveTo(*ring[0])
        for corner in ring[1:]:
            path.lineTo(*corner)
        path.closePath()
    picture = pixels(path)
    assert picture.size == (DPI, DPI)
    # Of the inch the ring takes the second and third quarter, the hole the middle quarter.
    assert picture.getpixel((62, 100)) == 0
    assert picture.getpixel((100, 100)) == picture.getpixel((25, 100)) == 255


def test_up_on_the_sheet_is_up_in_the_picture() -> None:
    picture = pixels(Circle(36, 63, 4, fillColor=colors.black))
    assert picture.getpixel((100, 25)) == 0
    assert picture.getpixel((100, 175)) == 255


def test_a_name_is_turned_about_where_it_stands() -> None:
    typeface.prepare()
    group = Group(String(0, 0, "MMMM", textAnchor="middle", fontName=BOLD, fontSize=8))
    group.translate(36, 36)
    group.rotate(90)
    ink = pixels(group).point(lambda grey: 255 if grey < 128 else 0).getbbox()
    assert ink is not None
    west, north, east, south = ink
    assert south - north > 2 * (east - west)  # upright
    assert abs((north + south) / 2 - 100) < 8  # its middle stays
    assert east <= 102  # the letters' feet are to the right: they read upwards


def test_a_shape_that_the_maps_do_not_draw_is_refused() -> None:
    with pytest.raises(TypeError, match="Ellipse is no shape that the paper maps draw"):
        pixels(Ellipse(36, 36, 10, 5))


def test_a_number_at_the_edge_of_a_wide_map_is_whole() -> None:
    """Twelve points in a row of 10 km: the last number has room to its right."""
    drawing = numbered_map(
        [Point(10_000 / 11 * n, 0) for n in range(12)], [], width=500, height=300
    )
    (last,) = (s for s in drawing.contents if isinstance(s, String) and s.text == "12")
    # Two digits of nine points are no wider than 14.
    assert last.x + 14 < drawing.width
