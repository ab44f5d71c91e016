"""Ways along streets, against arithmetic and a twin that tries every way."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.routing.street_network import road_distances, street_network

Line = Sequence[tuple[float, float]]


def streets(lines: Sequence[Line], **columns: Sequence[bool]) -> gpd.GeoDataFrame:
    shapes = [shapely.LineString(line) for line in lines]
    return gpd.GeoDataFrame(dict(columns), geometry=shapes, crs=27700)


def metres(lines: Sequence[Line], xy: Line, **columns: Sequence[bool]) -> np.ndarray:
    return road_distances(street_network(streets(lines, **columns)), np.array(xy))


# A square of 100 m: south, east, north, west.
SQUARE = [
    [(0, 0), (100, 0)],
    [(100, 0), (100, 100)],
    [(100, 100), (0, 100)],
    [(0, 100), (0, 0)],
]


def test_the_shorter_way_round_a_block_is_taken() -> None:
    ways = metres(SQUARE, [(0, 0), (100, 100), (30, 0), (100, 60)])
    # 30 m along the south side, then 70 m to its end and 60 m up the east side.
    assert ways[0] == pytest.approx([0, 200, 30, 160])
    assert ways[2, 3] == pytest.approx(130)
    assert np.allclose(ways, ways.T)


def test_the_way_to_and_from_the_kerb_counts() -> None:
    ways = metres(SQUARE, [(30, -10), (100, 0), (60, -5)])
    assert ways[0, 1] == pytest.approx(10 + 70)
    assert ways[0, 2] == pytest.approx(10 + 30 + 5)  # both on one side of the block


def test_a_bridge_is_no_junction_and_a_shared_vertex_is_one() -> None:
    cross = [[(0, 0), (100, 0)], [(50, -50), (50, 50)]]
    met = [[(0, 0), (50, 0), (100, 0)], [(50, -50), (50, 0), (50, 50)]]
    ends = [(0, 0), (50, 50)]
    straight = np.hypot(50, 50)
    assert metres(cross, ends)[0, 1] == pytest.approx(straight * 1.4)  # no way leads
    assert metres(met, ends)[0, 1] == pytest.approx(100)


@pytest.mark.parametrize(("gap", "is_met"), [(0.9, True), (1.1, False)])
def test_ends_meet_within_a_metre(gap: float, is_met: bool) -> None:
    ways = metres([[(0, 0), (100, 0)], [(100 + gap, 0), (200, 0)]], [(0, 0), (200, 0)])
    assert ways[0, 1] == pytest.approx(200 if is_met else 200 * 1.4)


def test_a_one_way_street_is_driven_in_its_direction() -> None:
    ways = metres(SQUARE, [(20, 0), (80, 0)], is_one_way=[True, False, False, False])
    # Back: 20 m on to the corner, round the other three sides, 20 m in.
    assert (ways[0, 1], ways[1, 0]) == pytest.approx((60, 20 + 300 + 20))


def test_the_end_of_a_one_way_street_is_reached_from_the_other_side() -> None:
    lines = [[(0, 0), (100, 0)], [(200, 0), (100, 0)]]
    ways = metres(lines, [(200, 0), (100, 0), (0, 0)], is_one_way=[True, True])
    assert ways[:2, 1].tolist() == [100, 0]
    assert ways[2, 1] == pytest.approx(100)


def test_nobody_stops_on_a_motorway_but_it_is_driven() -> None:
    lines = [[(0, 0), (0, 50)], [(0, 0), (1000, 0)], [(1000, 0), (1000, 50)]]
    xy = [(0, 50), (1000, 50), (100, 5)]
    ways = metres(lines, xy, is_motorway=[False, True, False])
    assert ways[0, 1] == pytest.approx(50 + 1000 + 50)
    # The third lies 5 m from the motorway and 100 m from the first street, 5 m up.
    assert ways[2, 0] == pytest.approx(100 + 45)


def test_a_place_too_far_from_any_street_is_reached_straight() -> None:
    ways = metres(SQUARE, [(0, 0), (-199, 0), (-201, 0)])
    assert ways[0, 1] == pytest.approx(199)
    assert ways[0, 2] == pytest.approx(201 * 1.4)
    assert ways[1, 2] == pytest.approx(2 * 1.4)


def test_of_two_streets_between_the_same_ends_the_shorter_counts() -> None:
    lines = [[(0, 0), (100, 0)], [(0, 0), (50, 80), (100, 0)], [(100, 0), (150, 0)]]
    assert metres(lines, [(0, 0), (150, 0)])[0, 1] == pytest.approx(150)


def test_a_closed_loop_is_driven_the_shorter_way() -> None:
    loop = [[(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]]
    assert metres(loop, [(10, 0), (0, 10)])[0, 1] == pytest.approx(20)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_without_streets_all_is_straight(n: int) -> None:
    xy = np.arange(2.0 * n).reshape(n, 2)
    ways = road_distances(street_network(streets([])), xy, detour_factor=2)
    apart = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    assert ways == pytest.approx(2 * apart)


def test_places_on_one_point_are_no_way_apart() -> None:
    assert metres(SQUARE, [(0, 0), (0, 0), (50, 0), (50, 0)])[:2, :2].tolist() == [[0, 0], [0, 0]]


def test_the_index_of_the_streets_does_not_matter() -> None:
    frame = streets(SQUARE, is_one_way=[True, False, False, False])
    moved = frame.set_index(np.array([7, 7, 3, 1]))
    xy = np.array([(20.0, 0), (80, 0)])
    assert (
        road_distances(street_network(moved), xy) == road_distances(street_network(frame), xy)
    ).all()


def test_what_is_no_line_in_metres_is_refused() -> None:
    with pytest.raises(CRSError, match="degrees"):
        street_network(streets(SQUARE).set_crs(4326, allow_override=True))
    points = gpd.GeoDataFrame(geometry=[None, shapely.Point(0, 0)], crs=27700)
    with pytest.raises(FrameError, match="2 geometries are no LineStrings, first at index 0"):
        street_network(points)
    with pytest.raises(ParameterError, match="detour_factor is 0"):
        road_distances(street_network(streets(SQUARE)), np.zeros((1, 2)), detour_factor=0)


def floyd_warshall(corners: np.ndarray, edges: list[tuple[int, int, bool]]) -> np.ndarray:
    """Shortest ways between corners by trying each as a stage; one-way edges from first to last."""
    best = np.full((len(corners), len(corners)), np.inf)
    np.fill_diagonal(best, 0)
    for a, b, is_one_way in edges:
        length = np.hypot(*(corners[a] - corners[b]))
        best[a, b] = min(best[a, b], length)
        if not is_one_way:
            best[b, a] = min(best[b, a], length)
    for stage in range(len(corners)):
        best = np.minimum(best, best[:, [stage]] + best[[stage], :])
    return best


corner = st.tuples(st.integers(0, 40), st.integers(0, 40))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_small_graphs_agree_with_a_twin_that_tries_every_stage(data: st.DataObject) -> None:
    # On a circle, so that no corner lies on a street between others.
    turns = np.array(data.draw(st.lists(st.integers(0, 15), min_size=2, max_size=8, unique=True)))
    corners = 500 * np.column_stack([np.cos(turns * np.pi / 8), np.sin(turns * np.pi / 8)])
    ends = st.integers(0, len(corners) - 1)
    edge = st.tuples(ends, ends, st.booleans()).filter(lambda e: e[0] != e[1])
    edges = data.draw(st.lists(edge, min_size=1, max_size=14))
    lines = [[tuple(corners[a]), tuple(corners[b])] for a, b, _ in edges]
    used = sorted({end for a, b, _ in edges for end in (a, b)})
    twin = floyd_warshall(corners, edges)[np.ix_(used, used)]
    ways = metres(lines, corners[used], is_one_way=[one for *_, one in edges])
    straight = np.linalg.norm(corners[used][:, None] - corners[used][None], axis=2)
    assert ways == pytest.approx(np.where(np.isinf(twin), 1.4 * straight, twin))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(corner, min_size=2, max_size=5, unique=True), max_size=6),
    st.lists(corner, min_size=1, max_size=6),
)
def test_no_way_is_shorter_than_the_straight_line(lines: list[Line], xy: Line) -> None:
    ways = metres(lines, xy)
    straight = np.linalg.norm(np.array(xy)[:, None] - np.array(xy)[None], axis=2)
    assert np.isfinite(ways).all()
    assert (ways >= straight - 1e-9).all()
    assert (np.diag(ways) == 0).all()
