"""Rates inside outlines: the prior, the count, and which of them speaks when."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from hotspots.core.errors import CRSError, ParameterError
from hotspots.detection import DetectionParams, detect_hotspots
from hotspots.forecast.intensity import SurfaceParams, risk_surface
from hotspots.forecast.outline_rates import outline_rates, over_outlines
from hotspots.synthetic import BoroughParams, synthetic_borough

NOW = pd.Timestamp("2026-06-01T00:00Z")
DAY = pd.Timedelta(days=1)


EVEN = DetectionParams(n_simulations=99, null="even")


def cells(rates: list[float]) -> gpd.GeoDataFrame:
    """Squares of 100 m in a row."""
    squares = [shapely.box(100 * n, 0, 100 * n + 100, 100) for n in range(len(rates))]
    return gpd.GeoDataFrame({"expected_per_day": rates}, geometry=squares, crs=27700)


def outlines(*shapes: shapely.Geometry, crs: int = 27700) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), [f"place {n}" for n in range(len(shapes))], crs=crs)


def dumps(*ages: float) -> gpd.GeoDataFrame:
    reported_at = [NOW - age * DAY for age in ages]
    return gpd.GeoDataFrame(
        {"first_reported_at": pd.DatetimeIndex(reported_at)},
        geometry=[shapely.Point(50, 50)] * len(ages),
        crs=27700,
    )


def test_a_surface_is_summed_by_the_part_of_each_cell_inside() -> None:
    # half of the first cell and a quarter of the second: 0.5 x 4 + 0.25 x 8
    shape = shapely.box(50, 0, 125, 100)
    summed = over_outlines(cells([4.0, 8.0]), outlines(shape, shapely.box(900, 0, 950, 50)))
    assert summed == pytest.approx([4.0, 0.0])


def test_the_rate_is_the_mean_of_the_gamma_that_prior_and_count_leave() -> None:
    ages = (0.0, 180.0, 360.0)
    rates = outline_rates(
        dumps(*ages),
        ["place 0"] * 3,
        outlines(shapely.box(0, 0, 100, 100)),
        cells([0.02]),
        as_of=NOW,
    )
    # weights 1, 1/2, 1/4; days seen 180 / ln 2 x (1 - 1/4); the prior is one incident in 50 days
    seen = 180 / np.log(2) * 0.75
    assert rates["place 0"] == pytest.approx((1.75 + 1) / (seen + 50))


def test_without_dumps_it_is_the_surface_drawn_down_by_what_was_not_seen() -> None:
    record = dumps(180.0)
    rates = outline_rates(
        record, [-1], outlines(shapely.box(0, 0, 100, 100)), cells([0.02]), as_of=NOW
    )
    seen = 180 / np.log(2) * 0.5
    assert rates["place 0"] == pytest.approx(1 / (seen + 50))


@given(st.integers(0, 60), st.floats(1e-4, 5))
def test_it_lies_between_the_count_and_the_surface(n: int, prior: float) -> None:
    ages = np.linspace(0, 720, max(n, 1))
    labels = ["place 0" if n else None] * len(ages)
    rate = outline_rates(
        dumps(*ages), labels, outlines(shapely.box(0, 0, 100, 100)), cells([prior]), as_of=NOW
    )["place 0"]
    weight = n and np.exp2(-ages / 180).sum()
    count = weight / (180 / np.log(2) * (1 - np.exp2(-ages.max() / 180))) if ages.max() else np.inf
    low, high = sorted((count, prior))
    assert low * (1 - 1e-9) <= rate <= high * (1 + 1e-9)


def test_the_future_is_not_seen() -> None:
    place, ground = outlines(shapely.box(0, 0, 100, 100)), cells([0.02])
    past, later = dumps(10.0, 20.0), dumps(10.0, 20.0, -5.0)
    one = outline_rates(past, ["place 0"] * 2, place, ground, as_of=NOW)
    two = outline_rates(later, ["place 0"] * 3, place, ground, as_of=NOW)
    pd.testing.assert_series_equal(one, two)


def test_no_outline_and_no_surface_are_no_fault() -> None:
    nothing = gpd.GeoSeries([], crs=27700)
    assert outline_rates(dumps(1.0), [-1], nothing, cells([0.1]), as_of=NOW).empty
    bare = outline_rates(
        dumps(1.0), [-1], outlines(shapely.box(0, 0, 100, 100)), cells([]).set_crs(27700), as_of=NOW
    )
    assert 0 < bare["place 0"] < 1e-5


def test_wrong_input_is_refused() -> None:
    place = outlines(shapely.box(0, 0, 100, 100), crs=3035)
    with pytest.raises(CRSError, match="one CRS"):
        outline_rates(dumps(1.0), [-1], place, cells([0.1]), as_of=NOW)
    with pytest.raises(ParameterError, match="half_life_days"):
        outline_rates(
            dumps(1.0),
            [-1],
            place.set_crs(27700, allow_override=True),
            cells([0.1]),
            as_of=NOW,
            half_life_days=0,
        )


def test_places_flagged_by_a_passing_burst_are_forecast_better_than_by_their_count() -> None:
    # Even ground flags bursts, surroundings flag none.
    # Planted: bursts of near repeats and no lasting place: every flag is the winner's curse.
    params = BoroughParams(near_repeat=0.5)
    ours, counted = 0.0, 0.0
    for seed in range(3):
        made = synthetic_borough(params, seed=seed)
        last = made.incidents["first_reported_at"].max() - 31 * DAY
        hotspots = detect_hotspots(made.incidents, made.study_area, EVEN, as_of=last).hotspots
        past = made.incidents[made.incidents["first_reported_at"] <= last]
        after = made.incidents[made.incidents["first_reported_at"] > last]
        own = past.sjoin(hotspots[["geometry"]], how="left")["index_right"]
        own = own[~own.index.duplicated()].fillna(-1).astype(int).to_numpy()
        surface = risk_surface(
            past, made.study_area, as_of=last, params=SurfaceParams(cell_size_m=50)
        )
        rates = outline_rates(past, own, hotspots.geometry, surface, as_of=last)
        came = np.array([after.intersects(shape).sum() for shape in hotspots.geometry])
        year = (past["first_reported_at"] > last - pd.Timedelta(days=365)).to_numpy()
        count = np.array([(year & (own == n)).sum() for n in hotspots.index]) / 365
        ours += poisson.logpmf(came, 31 * rates.to_numpy()).sum()
        counted += poisson.logpmf(came, 31 * count).sum()
    assert ours > counted
