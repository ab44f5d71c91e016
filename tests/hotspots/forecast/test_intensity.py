"""The risk surface: units, no look-ahead, order, translation, and bad input."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.forecast.intensity import SurfaceParams, risk_surface
from hotspots.forecast.other_knowledge import OtherKnowledge

NOW = pd.Timestamp("2026-06-01T00:00Z")
AREA = gpd.GeoSeries([shapely.box(540_000, 170_000, 542_000, 172_000)], crs=27700)


def dumps(xy: np.ndarray, days_ago: np.ndarray) -> gpd.GeoDataFrame:
    times = NOW - pd.to_timedelta(np.asarray(days_ago, dtype=float), unit="D")
    points = gpd.points_from_xy(*np.asarray(xy, dtype=float).reshape(-1, 2).T)
    return gpd.GeoDataFrame(
        {"first_reported_at": pd.DatetimeIndex(times)}, geometry=points, crs=27700
    )


SITES = np.array([(540_430.0, 170_380.0), (541_510.0, 170_690.0), (540_920.0, 171_560.0)])


@pytest.fixture
def borough() -> gpd.GeoDataFrame:
    """Two of three incidents within some 30 m of a site, the others anywhere."""
    rng = np.random.default_rng(11)
    at_sites = SITES[rng.integers(0, 3, 200)] + rng.normal(0, 15, (200, 2))
    elsewhere = rng.uniform((540_000, 170_000), (542_000, 172_000), (100, 2))
    return dumps(np.vstack([at_sites, elsewhere]), rng.uniform(0, 360, 300))


def expected_near(surface: gpd.GeoDataFrame, site: Sequence[float]) -> float:
    """Incidents a day within 150 m of a place."""
    near = surface.centroid.distance(shapely.Point(site)) <= 150
    return float(surface.loc[near, "expected_per_day"].sum())


def test_the_surface_sums_to_the_rate_of_steady_dumping() -> None:
    xy = np.random.default_rng(2).uniform((540_000, 170_000), (542_000, 172_000), (730, 2))
    surface = risk_surface(dumps(xy, np.arange(730) / 2 + 0.25), AREA, as_of=NOW)  # 2 a day
    assert surface["expected_per_day"].sum() == pytest.approx(2, rel=0.01)
    assert surface.attrs["per_day"] == pytest.approx(2, rel=0.01)


def test_the_year_before_last_says_where_but_not_how_many() -> None:
    year = dumps(np.tile(SITES[0], (100, 1)), np.linspace(1, 360, 100))
    with_older, with_ancient = (
        risk_surface(
            pd.concat([year, dumps(SITES[1], [days_ago])], ignore_index=True), AREA, as_of=NOW
        )
        for days_ago in (540, 900)
    )
    surface = risk_surface(year, AREA, as_of=NOW)
    assert expected_near(with_older, SITES[1]) > 1.2 * expected_near(surface, SITES[1])
    assert with_older.attrs["per_day"] == surface.attrs["per_day"]
    pd.testing.assert_frame_equal(with_ancient, surface, check_exact=True)


def test_nothing_after_the_moment_changes_anything(borough: gpd.GeoDataFrame) -> None:
    future = dumps(np.full((50, 2), (541_000, 171_000)), -np.linspace(0.001, 40, 50))
    surface = risk_surface(borough, AREA, as_of=NOW)
    with_future = risk_surface(pd.concat([borough, future], ignore_index=True), AREA, as_of=NOW)
    pd.testing.assert_frame_equal(surface, with_future, check_exact=True)
    assert surface.attrs == with_future.attrs


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_rows_and_their_index_change_nothing(seed: int) -> None:
    rng = np.random.default_rng(3)
    frame = dumps(
        rng.uniform((540_000, 170_000), (542_000, 172_000), (80, 2)).round(-2),
        rng.integers(0, 300, 80),
    )
    mixed = frame.sample(frac=1, random_state=seed).set_index(
        pd.Index([f"r{i}" for i in range(80)])
    )
    pd.testing.assert_frame_equal(
        risk_surface(mixed, AREA, as_of=NOW), risk_surface(frame, AREA, as_of=NOW), check_exact=True
    )


def test_moving_everything_by_whole_cells_moves_the_result(borough: gpd.GeoDataFrame) -> None:
    moved = risk_surface(
        borough.set_geometry(borough.translate(3700, -1200)), AREA.translate(3700, -1200), as_of=NOW
    )
    here = risk_surface(borough, AREA, as_of=NOW)
    np.testing.assert_allclose(moved["expected_per_day"], here["expected_per_day"], rtol=1e-9)
    assert moved.geometry.iloc[7].equals(here.translate(3700, -1200).iloc[7])


def test_moving_by_less_than_a_cell_changes_no_place_by_more_than_a_quarter(
    borough: gpd.GeoDataFrame,
) -> None:
    here = risk_surface(borough, AREA, as_of=NOW)
    moved = risk_surface(
        borough.set_geometry(borough.translate(30, 40)), AREA.translate(30, 40), as_of=NOW
    )
    for site in SITES:
        assert expected_near(moved, (site[0] + 30, site[1] + 40)) == pytest.approx(
            expected_near(here, site), rel=0.25
        )
    assert moved["expected_per_day"].sum() == pytest.approx(here["expected_per_day"].sum())


def test_the_callers_frame_is_left_as_it_was(borough: gpd.GeoDataFrame) -> None:
    before = borough.copy()
    risk_surface(borough, AREA, as_of=NOW)
    pd.testing.assert_frame_equal(borough, before)


def test_weights_come_with_the_surface_and_sum_to_one(borough: gpd.GeoDataFrame) -> None:
    weights = risk_surface(borough, AREA, as_of=NOW).attrs["weights"]
    assert sum(weights.values()) == pytest.approx(1)
    assert set(weights) >= {(0.0, 30.0), (1000.0, np.inf), (np.inf, np.inf)}


def test_planted_sites_are_where_dumps_are_expected(borough: gpd.GeoDataFrame) -> None:
    surface = risk_surface(borough, AREA, as_of=NOW)
    near = sum(expected_near(surface, site) for site in SITES)
    # About 21 of 400 cells hold 200 of 300 incidents: by chance they would hold a
    # twentieth of them.
    assert 0.4 < near / surface["expected_per_day"].sum() < 0.67


def test_no_dumps_and_dumps_elsewhere_expect_nothing() -> None:
    for frame in (dumps(np.empty((0, 2)), np.empty(0)), dumps([[560_000, 170_000]], [3])):
        surface = risk_surface(frame, AREA, as_of=NOW)
        assert len(surface) == 400
        assert (surface["expected_per_day"] == 0).all()


def test_one_dump_leads_where_it_lies_even_at_the_moment_itself() -> None:
    surface = risk_surface(dumps([[540_450, 170_350]], [0]), AREA, as_of=NOW)
    best = surface.loc[surface["expected_per_day"].idxmax(), "geometry"]
    assert best.bounds == (540_400, 170_300, 540_500, 170_400)


def test_a_dump_on_the_edge_of_the_area_belongs_to_it() -> None:
    surface = risk_surface(dumps([[542_000, 172_000]], [1]), AREA, as_of=NOW)
    assert len(surface) == 401  # 20 x 20 cells, and the one above and to the right of the corner
    assert surface["expected_per_day"].idxmax() == 400


def test_all_dumps_at_one_place_and_time_are_one_peak() -> None:
    surface = risk_surface(dumps([[541_050, 171_050]] * 30, [45] * 30), AREA, as_of=NOW)
    assert surface["expected_per_day"].max() > 0.05 * surface["expected_per_day"].sum()
    assert np.isfinite(surface["expected_per_day"]).all()


def test_bad_frames_are_refused(borough: gpd.GeoDataFrame) -> None:
    null = borough.copy()
    null.loc[4, "geometry"] = None
    for frame, error, words in [
        (null, FrameError, "1 null geometries"),
        (borough.to_crs(4326), CRSError, "in degrees"),
        (borough.to_crs(32631), CRSError, "to_crs"),
        (borough.drop(columns="first_reported_at"), FrameError, "is missing"),
    ]:
        with pytest.raises(error, match=words):
            risk_surface(frame, AREA, as_of=NOW)


@pytest.mark.parametrize(
    "setting",
    [
        {"cell_size_m": 0},
        {"scales_m": ()},
        {"scales_m": (-1.0,)},
        {"half_lives_days": (0.0,)},
        {"months": 1},
        {"prior_width": 0},
        {"prior_near": -1.0},
        {"prior_lasting": 0},
        {"prior_fading": np.nan},
    ],
)
def test_settings_out_of_range_are_refused(setting: dict[str, object]) -> None:
    with pytest.raises(ParameterError, match=str(next(iter(setting)))):
        SurfaceParams(**setting)


def test_other_knowledge_moves_risk_to_where_it_points_and_sees_nothing_later(
    borough: gpd.GeoDataFrame,
) -> None:
    bins = gpd.GeoDataFrame(
        {"kind": ["bins"] * 3}, geometry=gpd.points_from_xy(*SITES.T), crs=27700
    )
    noise = dumps(np.repeat(SITES, 20, axis=0), np.tile(np.arange(1.0, 61), 1))
    later = pd.concat([noise, dumps(SITES[:1], [-3.0])], ignore_index=True)
    plain = risk_surface(borough, AREA, as_of=NOW)
    known = risk_surface(borough, AREA, as_of=NOW, others=OtherKnowledge([noise], features=bins))
    same = risk_surface(borough, AREA, as_of=NOW, others=OtherKnowledge([later], features=bins))
    assert known["expected_per_day"].tolist() == same["expected_per_day"].tolist()
    assert known["expected_per_day"].sum() == pytest.approx(plain["expected_per_day"].sum())
    assert sum(known.attrs["weights"].values()) == pytest.approx(1)
    learnt = known.attrs["covariates"]
    assert plain.attrs["covariates"] is None
    assert learnt["kinds"][0]["kind"] == "bins"
    assert learnt["kinds"][0]["low"] > 5  # two in three incidents on some 1 % of the ground
    given = known["given_per_day"].sum() / known.attrs["per_day"]
    assert given == pytest.approx(known.attrs["weights"][np.inf, np.inf], abs=0.01)
