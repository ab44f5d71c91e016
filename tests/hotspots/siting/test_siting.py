"""Poster sites against every choice there is, and at a borough's size."""

from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.siting import site_posters

BNG = "EPSG:27700"


def points(xy: np.ndarray, **columns) -> gpd.GeoDataFrame:
    xy = np.asarray(xy, dtype=float).reshape(-1, 2)
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(*xy.T), crs=BNG)


def most_by_trying_all(sites: np.ndarray, dumps: np.ndarray, weight, budget: int, view: float):
    sees = np.hypot(*(dumps[:, None] - sites[None]).transpose(2, 0, 1)) <= view
    choices = combinations(range(len(sites)), min(budget, len(sites)))
    return max(float(weight[sees[:, list(chosen)].any(axis=1)].sum()) for chosen in choices)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 25), st.integers(1, 4))
def test_no_choice_covers_more(seed: int, n: int, m: int, budget: int) -> None:
    rng = np.random.default_rng(seed)
    sites, dumps = rng.uniform(0, 300, (n, 2)), rng.uniform(0, 300, (m, 2))
    weight = rng.integers(0, 4, m).astype(float)
    siting = site_posters(points(sites), points(dumps, weight=weight), budget=budget, view_m=80)
    best = most_by_trying_all(sites, dumps, weight, budget, 80)
    assert siting.covered == pytest.approx(best)
    assert siting.bound == pytest.approx(best)
    one_more = most_by_trying_all(sites, dumps, weight, budget + 1, 80)
    assert siting.next_adds == pytest.approx(one_more - best)
    assert len(siting.sites) <= budget
    assert weight[siting.is_covered].sum() == pytest.approx(siting.covered)


def test_taking_the_best_one_by_one_is_not_enough() -> None:
    # The middle sees 4 of 6 incidents, and either side then adds 1; the two sides see all 6.
    sites = points([[0, 0], [-30, 0], [30, 0]])
    dumps = points([[-15, 0], [-15, 1], [15, 0], [15, 1], [-45, 0], [45, 0]])
    siting = site_posters(sites, dumps, budget=2, view_m=20)
    assert sorted(siting.sites.index) == [1, 2]
    assert siting.covered == 6


def test_sites_come_in_the_order_in_which_to_put_them_up() -> None:
    sites = points([[0, 0], [100, 0], [200, 0]])
    dumps = points([[0, 0], [100, 0], [100, 5], [200, 0], [200, 5], [200, 9]])
    siting = site_posters(sites.set_index([["a", "b", "c"]]), dumps, budget=3, view_m=20)
    assert siting.sites.index.tolist() == ["c", "b", "a"]
    assert siting.sites["added"].tolist() == [3, 2, 1]
    assert siting.sites["covered"].tolist() == [3, 5, 6]


def test_the_edge_of_the_view_is_in_view() -> None:
    siting = site_posters(points([[0, 0]]), points([[50, 0], [50.01, 0]]), budget=1, view_m=50)
    assert siting.is_covered.tolist() == [True, False]


def test_posters_that_would_add_nothing_are_not_put_up() -> None:
    siting = site_posters(points([[0, 0], [0, 5]]), points([[0, 1]]), budget=2, view_m=20)
    assert len(siting.sites) == 1
    assert siting.next_adds == 0
    assert siting.share == 1


@pytest.mark.parametrize("empty", ["candidates", "incidents"])
def test_nothing_to_choose_or_to_cover_covers_nothing(empty: str) -> None:
    one, none = points([[0, 0]]), points(np.empty((0, 2)))
    frames = {"candidates": one, "incidents": one} | {empty: none}
    siting = site_posters(**frames, budget=1)
    assert siting.sites.empty
    assert siting.covered == 0 == siting.next_adds


def test_a_borough_is_solved_with_its_bound() -> None:
    rng = np.random.default_rng(3)
    centres = rng.uniform(0, 8_000, (60, 2))
    dumps = centres[rng.integers(0, 60, 3_000)] + rng.normal(0, 60, (3_000, 2))
    lamps = np.vstack(
        [rng.uniform(0, 8_000, (1_200, 2)), dumps[:800] + rng.normal(0, 30, (800, 2))]
    )
    siting = site_posters(points(lamps), points(dumps), budget=25, view_m=50)
    assert siting.covered <= siting.bound <= siting.covered * 1.001
    assert siting.next_adds > 0


@pytest.mark.parametrize(
    ("wishes", "words"),
    [({"budget": 0}, "budget is 0"), ({"budget": 1, "view_m": 0}, "view_m is 0")],
)
def test_impossible_wishes_are_refused(wishes: dict, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        site_posters(points([[0, 0]]), points([[0, 0]]), **wishes)


def test_frames_that_cannot_be_read_are_refused() -> None:
    one = points([[0, 0]])
    with pytest.raises(CRSError):
        site_posters(one.to_crs(4326), one, budget=1)
    with pytest.raises(FrameError, match="different CRSs"):
        site_posters(one.set_crs(32631, allow_override=True), one, budget=1)
    with pytest.raises(FrameError, match="weight"):
        site_posters(one, one.assign(weight=-1.0), budget=1)
