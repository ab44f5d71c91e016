"""The map on printed sheets: true to scale, with every number on it."""

import math

import pytest
from reportlab.graphics.shapes import Circle, Line, String
from shapely.geometry import Point, box

from web.services.paper.paper_map import numbered_map

POINTS = [Point(553_000, 174_000), Point(553_300, 174_400), Point(553_000, 174_000)]  # 500 m apart


def shapes(drawing, kind: type) -> list:
    return [shape for shape in drawing.contents if isinstance(shape, kind)]


@pytest.mark.parametrize(("width", "height"), [(500, 150), (200, 400)])
def test_distances_are_to_the_scale_of_the_bar(width: float, height: float) -> None:
    drawing = numbered_map(POINTS, [], width=width, height=height)
    first, second = shapes(drawing, Circle)
    (bar,) = shapes(drawing, Line)
    label = next(s.text for s in shapes(drawing, String) if s.text.endswith(" m"))
    a_metre = (bar.x2 - bar.x1) / float(label.removesuffix(" m"))
    assert math.hypot(second.cx - first.cx, second.cy - first.cy) == pytest.approx(500 * a_metre)
    assert second.cx > first.cx
    assert second.cy > first.cy  # north is up
    assert all(0 < dot.cx < width and 0 < dot.cy < height for dot in (first, second))


def test_stops_at_one_place_share_a_dot_and_keep_their_numbers() -> None:
    drawing = numbered_map(POINTS, [], width=500, height=150)
    assert [s.text for s in shapes(drawing, String)][:2] == ["1, 3", "2"]


def test_a_ward_is_cut_at_the_maps_edge() -> None:
    far = box(500_000, 100_000, 553_100, 300_000)
    lines = [
        s
        for s in numbered_map(POINTS, [far], width=500, height=150).contents
        if type(s).__name__ == "PolyLine"
    ]
    assert len(lines) == 2  # the frame, and the one side that crosses the map
    assert all(-1e-6 <= x <= 500 + 1e-6 for x in lines[1].points[::2])


def test_without_a_point_there_is_no_map() -> None:
    assert numbered_map([], [], width=500, height=150).contents == []
