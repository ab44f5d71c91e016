"""The map on printed sheets: true to scale, with every number on it."""

import math

import pytest
from reportlab.graphics.shapes import Circle, Group, Line, Path, Rect, String
from reportlab.lib.colors import HexColor
from shapely.geometry import Point, box

from geodata.basemap import kept
from geodata.basemap.kept import Basemap
from geodata.basemap.making import make_basemap
from tests.basemaps import zoomstack
from web.services.paper.paper_ground import AREAS
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


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Basemap:
    """Mill Lane, a lake, a park, a house and a motorway, by `tests.basemaps`."""
    folder = tmp_path_factory.mktemp("ground")
    make_basemap(zoomstack(folder), (552_000, 173_000, 556_000, 175_000), folder / "b.pmtiles")
    basemap = kept.find(folder / "b.pmtiles")
    assert basemap is not None
    return basemap


def written_in(drawing) -> set[str]:
    groups = [shape for shape in drawing.contents if isinstance(shape, Group)]
    return {text.text for group in groups for text in group.contents}


def test_the_ground_lies_below_the_numbers_with_its_makers_line(ground: Basemap) -> None:
    drawing = numbered_map(POINTS, [], width=500, height=200, basemap=ground)
    kinds = [type(shape) for shape in drawing.contents]
    assert max(n for n, kind in enumerate(kinds) if kind is Path) < kinds.index(Circle)
    assert "Mill Lane" in written_in(drawing)
    texts = [s.text for s in shapes(drawing, String)]
    assert "Contains OS data © Crown copyright and database right 2025" in texts
    assert "N" in texts


def test_a_house_is_drawn_where_it_stands(ground: Basemap) -> None:
    drawing = numbered_map(POINTS, [], width=500, height=200, basemap=ground)
    first, second = shapes(drawing, Circle)  # 553000 174000 and 553300 174400
    a_metre = (second.cx - first.cx) / 300
    house = next(p for p in shapes(drawing, Path) if p.fillColor == HexColor(AREAS["building"]))
    east, north = house.points[::2], house.points[1::2]
    # the house is 20 m by 10 m from the first point to the north-east
    assert min(east) == pytest.approx(first.cx, abs=a_metre)
    assert max(east) == pytest.approx(first.cx + 20 * a_metre, abs=a_metre)
    assert max(north) == pytest.approx(first.cy + 10 * a_metre, abs=a_metre)


def test_the_start_is_on_the_map_and_said(ground: Basemap) -> None:
    start = Point(554_500, 174_000)
    drawing = numbered_map(POINTS, [], width=500, height=200, basemap=ground, start=start)
    (square,) = shapes(drawing, Rect)
    assert 0 < square.x < 500
    assert "Start" in [s.text for s in shapes(drawing, String)]
