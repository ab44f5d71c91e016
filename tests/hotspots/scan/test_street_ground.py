"""Along the streets: against a twin that walks metre by metre, and a river without a bridge."""

import heapq
import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspots.routing.street_network import street_network
from hotspots.scan import scan_streets, street_ground
from hotspots.scan.street_ground import StreetGround


def ground_of(lines: list[list[tuple[float, float]]], xy: np.ndarray) -> StreetGround:
    shapes = [shapely.LineString(line) for line in lines]
    return street_ground(street_network(gpd.GeoDataFrame(geometry=shapes, crs=27700)), xy)


def held_within(ground: StreetGround, radii: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Points and metres within radii of each point that lies on a street."""
    nodes, back = np.unique(ground.node, return_inverse=True)
    weights = np.bincount(ground.node, minlength=len(ground.xy))
    held, metres = ground.within(nodes, weights, np.array(radii))
    return held[back], metres[back]


def town(rng: np.random.Generator) -> list[list[tuple[int, int]]]:
    """Streets on a lattice of 50 m, some missing, which makes dead ends and cut-off bits."""
    lines = []
    for column, row in itertools.product(range(7), range(7)):
        for right, up in ((1, 0), (0, 1)):
            if rng.random() < 0.6:
                here = (50 * column, 50 * row)
                lines.append([here, (here[0] + 50 * right, here[1] + 50 * up)])
    return lines


def walked(lines: list[list[tuple[int, int]]], start: tuple[int, int]) -> dict:
    """Metres from a place to every whole metre of the streets, one step at a time."""
    steps: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for (x, y), (to_x, to_y) in lines:
        run = [(x + k * (to_x - x) // 50, y + k * (to_y - y) // 50) for k in range(51)]
        for a, b in itertools.pairwise(run):
            steps.setdefault(a, set()).add(b)
            steps.setdefault(b, set()).add(a)
    metres, queue = {}, [(0, start)]
    while queue:
        far, place = heapq.heappop(queue)
        if place not in metres:
            metres[place] = far
            for nearby in steps[place]:
                heapq.heappush(queue, (far + 1, nearby))
    return metres


@pytest.mark.parametrize("seed", range(4))
def test_points_and_metres_of_street_are_those_that_one_walks_to(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = town(rng)
    on_line = rng.integers(0, len(lines), 40)
    along = rng.integers(0, 51, 40)
    ends = np.array(lines)[on_line]
    xy = ends[:, 0] + (ends[:, 1] - ends[:, 0]) * along[:, None] / 50
    held, metres = held_within(ground_of(lines, xy), [30.0, 75.0, 120.0])
    for point in range(40):
        far = walked(lines, tuple(xy[point].astype(int).tolist()))
        others = np.array([far.get(tuple(map(int, other)), np.inf) for other in xy])
        assert held[point].tolist() == [(others <= r).sum() for r in (30, 75, 120)]
        # Half a metre on each side of a step that lies within: the twin counts half-metres.
        for column, radius in enumerate((30, 75, 120)):
            steps = 0.0
            for (x, y), (to_x, to_y) in lines:
                run = [
                    far.get((x + k * (to_x - x) // 50, y + k * (to_y - y) // 50), np.inf)
                    for k in range(51)
                ]
                steps += sum(
                    min(1, max(radius - a, 0) + max(radius - b, 0))
                    for a, b in itertools.pairwise(run)
                )
            assert metres[point, column] == pytest.approx(steps)


def test_a_river_without_a_bridge_is_not_leapt() -> None:
    banks = [[(0, 0), (1000, 0)], [(0, 40), (1000, 40)]]
    xy = np.array([[500, 3], [510, 38], [520, -2], [530, 44]])
    held, metres = held_within(ground_of(banks, xy), [100.0])
    assert held[:, 0].tolist() == [2, 2, 2, 2]
    assert metres[:, 0].tolist() == [200, 200, 200, 200]
    bridge = [(600, 0), (600, 40)]  # 90 m on: 80 + 40 + 70 = 190 m round, from 520 to 530
    cut = [[(0, 0), (600, 0)], [(600, 0), (1000, 0)], [(0, 40), (600, 40)], [(600, 40), (1000, 40)]]
    held, _ = held_within(ground_of([*cut, bridge], xy), [180.0, 190.0])
    assert held[2].tolist() == [2, 3]


def test_points_far_from_every_street_are_left_out_and_one_place_is_one_node() -> None:
    xy = np.array([[500, 50.1], [500, 50], [500, 0], [500, -7], [0, 0]])
    ground = ground_of([[(0, 0), (1000, 0)]], xy)
    assert ground.rows.tolist() == [1, 2, 3, 4]
    assert len(set(ground.node.tolist())) == 2
    assert held_within(ground, [500.0])[0][:, 0].tolist() == [4, 4, 4, 4]


def test_two_ways_between_the_same_corners_both_count_as_street() -> None:
    loop = [[(0, 0), (0, 60), (100, 60), (100, 0)], [(0, 0), (100, 0)], [(0, 0), (-200, 0)]]
    ground = ground_of(loop, np.array([[-10, 0]]))
    # within 150 m: 150 to the west; east 10, then 100 straight on, and of the loop of 220 m the
    # 140 m from one side and the 40 m beyond the far corner from the other
    assert held_within(ground, [150.0])[1].tolist() == [[150 + 10 + 100 + 140 + 40]]


def test_ways_are_the_same_across_the_squares_that_they_are_reckoned_in() -> None:
    xy = np.column_stack([np.arange(0, 3001, 100.0), np.zeros(31)])
    held, metres = held_within(ground_of([[(0, 0), (3000, 0)]], xy), [250.0])
    assert held[:, 0].tolist() == [3, 4, *[5] * 27, 4, 3]
    assert metres[:, 0].tolist() == [250, 350, 450, *[500] * 25, 450, 350, 250]


def along_a_town(rng: np.random.Generator, n: int) -> np.ndarray:
    """Points anywhere along the lattice of `streets_of_a_town`, a few metres beside it."""
    across = rng.random(n) < 0.5
    line, along = 100.0 * rng.integers(0, 31, n), rng.uniform(0, 3000, n)
    xy = np.where(across[:, None], np.c_[along, line], np.c_[line, along])
    return np.clip(xy + rng.normal(0, 4, (n, 2)), 0, 3000)


def streets_of_a_town() -> list[list[tuple[float, float]]]:
    ticks = range(0, 3001, 100)
    east = [[(x, y) for x in ticks] for y in ticks]
    return east + [[(x, y) for y in ticks] for x in ticks]


def flags(xy: np.ndarray, seed: int) -> np.ndarray:
    ground = ground_of(streets_of_a_town(), xy)
    scan = scan_streets(
        ground,
        np.ones(len(ground.rows), dtype=bool),
        shapely.box(0, 0, 3000, 3000),
        radii_m=np.array([25.0, 50.0, 100.0, 150.0]),
        min_rate_ratio=3,
        rng=np.random.default_rng(seed),
    )
    return scan.discs.centre[scan.discs.p_value <= 0.05]


def test_chance_along_the_streets_is_not_flagged_and_a_planted_site_is() -> None:
    flagged_towns = 0
    for seed in range(5):
        rng = np.random.default_rng(seed)
        xy = along_a_town(rng, 300)
        assert len(flags(xy, seed)) == 0
        site = np.array([1250.0, 1500.0]) + rng.normal(0, 5, (14, 2))
        centres = flags(np.concatenate([xy, site]), seed)
        assert (np.hypot(*(centres - [1250, 1500]).T) < 60).all()
        flagged_towns += len(centres) > 0
    assert flagged_towns >= 4
