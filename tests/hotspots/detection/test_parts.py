"""A detection done in parts is the same as the whole at once, to the last bit."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.core import executors
from hotspots.core.executors import IN_TURN, Executor
from hotspots.detection import DetectionParams, DetectionResult, detect_hotspots, evidence
from hotspots.geometry import tiles
from hotspots.geometry.tiles import counts_about
from hotspots.timing import parties
from hotspots.timing.parties import one_a_party

AS_OF = pd.Timestamp("2026-10-31", tz="UTC")
TOWN = gpd.GeoSeries([shapely.box(0, 0, 9000, 7000)], crs=27700)


def planted(seed: int = 3) -> gpd.GeoDataFrame:
    """Eight sites of twenty dumps among six hundred others; whole metres, so that many lie at
    exactly a radius, and a depot's point that three hundred share."""
    rng = np.random.default_rng(seed)
    sites = np.repeat(rng.uniform(500, 6500, (8, 2)), 20, axis=0) + rng.normal(0, 12, (160, 2))
    depot = np.full((300, 2), 3000.0)
    xy = np.vstack([rng.uniform(0, [9000, 7000], (600, 2)), sites, depot]).round()
    days = AS_OF - pd.to_timedelta(rng.uniform(0, 360, len(xy)), unit="D")
    points = gpd.points_from_xy(*xy.T)
    return gpd.GeoDataFrame({"first_reported_at": days}, geometry=points, crs=27700)


def detected(
    params: DetectionParams, executor: Executor = IN_TURN, *, streets: bool = False
) -> DetectionResult:
    lines = [shapely.LineString([(x, 0), (x + 333, 7000)]) for x in range(100, 9000, 400)]
    exposure = gpd.GeoDataFrame(geometry=lines, crs=27700) if streets else None
    return detect_hotspots(
        planted(), TOWN, params, as_of=AS_OF, exposure=exposure, executor=executor
    )


def assert_same(one: DetectionResult, other: DetectionResult) -> None:
    assert len(one.hotspots) > 3
    assert len(one.busy)
    for a, b in ((one.hotspots, other.hotspots), (one.busy, other.busy)):
        assert (a.geometry.to_wkb() == b.geometry.to_wkb()).all()
        columns = [pd.DataFrame(each.drop(columns="geometry")) for each in (a, b)]
        pd.testing.assert_frame_equal(*columns, check_exact=True)
    assert (one.incidents["hotspot"] == other.incidents["hotspot"]).all()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles of a few centres, far narrower than a disc: whatever a halo lacks would show."""
    monkeypatch.setattr(tiles, "CENTRES", 37)
    monkeypatch.setattr(parties, "POINTS", 41)
    monkeypatch.setattr(evidence, "CROWDS", 2)
    monkeypatch.setattr(executors, "AT_ONCE", 3)


@pytest.mark.parametrize(
    ("params", "streets"),
    [
        (DetectionParams(), False),
        (DetectionParams(), True),
        (DetectionParams(null="even", n_simulations=99), False),
        (DetectionParams(null="even", simulate_up_to=0), False),
    ],
    ids=["surroundings", "streets", "simulated", "bound"],
)
def test_many_tiles_give_the_same_as_one(
    params: DetectionParams, streets: bool, request: pytest.FixtureRequest
) -> None:
    at_once = detected(params, streets=streets)
    request.getfixturevalue("small_parts")
    assert_same(at_once, detected(params, streets=streets))


def test_two_processes_give_the_same_as_none(request: pytest.FixtureRequest) -> None:
    at_once = detected(DetectionParams(), streets=True)
    request.getfixturevalue("small_parts")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert_same(at_once, detected(DetectionParams(), pool, streets=True))


def test_counts_of_tiles_are_those_of_every_pair_measured(small_parts: None) -> None:
    rng = np.random.default_rng(5)
    points = rng.integers(0, 1000, (700, 2)).astype(float)
    centres, radii = points[::3], np.array([25.0, 50.0, 150.0])
    apart = np.hypot(*(centres[:, None] - points).T).T
    by_hand = (apart[:, :, None] <= radii).sum(axis=1)
    assert (counts_about(centres, points, radii) == by_hand).all()


def test_a_very_large_pile_on_one_spot_is_looked_at_once() -> None:
    """Every pair of 200,000 would be 2·10¹⁰, hundreds of GB."""
    n = 200_000
    xy = np.full((n + 1, 2), 500.0)
    xy[-1] = 900.0
    nights = pd.Series(pd.Timestamp("2026-06-05")).repeat(n + 1)
    assert one_a_party(xy, nights, 150.0).tolist() == [0, n]
    incidents = gpd.GeoDataFrame(
        {"first_reported_at": pd.Timestamp("2026-06-05T12:00Z")},
        index=range(n + 1),
        geometry=gpd.points_from_xy(*xy.T),
        crs=27700,
    )
    result = detect_hotspots(incidents, TOWN, as_of=AS_OF)
    assert len(result.hotspots) == 0  # one night's is one party's, however much it left
