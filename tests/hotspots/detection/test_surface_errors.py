"""The error of the risk surface: against a nudge to every incident, and against new samples."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import risk_surface
from hotspots.detection.sampling_variance import sampling_variance
from hotspots.detection.surface_errors import likely_range, surface_errors

AS_OF = pd.Timestamp("2026-11-01T00:00Z")
AREA = gpd.GeoSeries(
    [shapely.Polygon([(0, 0), (2000, 0), (2000, 1500), (1500, 2000), (0, 2000)])], crs=27700
)


def incidents(rng: np.random.Generator, n: int = 120) -> gpd.GeoDataFrame:
    """Half about one place, half anywhere."""
    n = rng.poisson(n)
    xy = np.where(
        rng.random((n, 1)) < 0.5, rng.normal((650, 650), 60, (n, 2)), rng.uniform(0, 1500, (n, 2))
    )
    when = AS_OF - pd.to_timedelta(rng.uniform(0, 700, n), unit="D")
    return gpd.GeoDataFrame(
        {"first_reported_at": when}, geometry=gpd.points_from_xy(*xy.T), crs=27700
    )


def rates_by_counts(rows: gpd.GeoDataFrame, surface: gpd.GeoDataFrame) -> Callable:
    """What each cell expects were every incident counted so often, the weights as they are."""
    xy = np.array([(point.x, point.y) for point in rows.geometry])
    age = ((AS_OF - rows["first_reported_at"]) / pd.Timedelta(days=1)).to_numpy()
    centres = np.array([(cell.centroid.x, cell.centroid.y) for cell in surface.geometry])
    homes = np.floor(xy / 100) * 100 + 50
    lags = np.abs(centres[:, None] - homes[None])
    parts = []
    for (scale, half_life), share in surface.attrs["weights"].items():
        if np.isinf(scale):
            kernel = np.ones((len(centres), len(xy)))
        elif scale == 0:
            kernel = (lags < 1).all(axis=2).astype(float)
        else:
            kernel = np.exp(-0.5 * ((lags / scale) ** 2).sum(axis=2))
            kernel *= (lags <= 4 * scale + 50).all(axis=2)
        parts.append((share * kernel / kernel.sum(axis=0), np.exp2(-age / half_life)))
    recent = np.where(age < 365, np.exp2(-age / 90), 0)  # a year back from the first of November

    def rates(counts: np.ndarray) -> np.ndarray:
        per_day = surface.attrs["per_day"] * (counts @ recent) / recent.sum()
        return per_day * sum(kernel @ (counts * gone) / (counts @ gone) for kernel, gone in parts)

    return rates


def test_the_variance_is_the_sum_of_what_each_incident_adds_squared_and_of_the_spread() -> None:
    rows = incidents(np.random.default_rng(1), 40)
    surface = risk_surface(rows, AREA, as_of=AS_OF)
    rates, ones, little = rates_by_counts(rows, surface), np.ones(len(rows)), 1e-4
    nudges = little * np.eye(len(rows))
    added = [(rates(ones + one) - rates(ones - one)) / (2 * little) for one in nudges]
    twin = np.sqrt((np.array(added) ** 2).sum(axis=0) + surface["spread_per_day"] ** 2)
    errors = surface_errors(rows, surface, as_of=AS_OF)
    assert errors.index.equals(surface.index)
    assert (errors > 1.01 * surface["spread_per_day"]).all()
    np.testing.assert_allclose(errors, twin, rtol=1e-5)


def test_surfaces_of_other_samples_differ_by_about_so_much() -> None:
    # The peak, its flank, ground where one comes now and then, and ground where none ever came
    places = [(640, 660), (850, 650), (1250, 350), (1750, 1250)]
    draws = []
    for seed in range(30):
        rows = incidents(np.random.default_rng(seed))
        surface = risk_surface(rows, AREA, as_of=AS_OF)
        error = surface_errors(rows, surface, as_of=AS_OF)
        here = [surface.geometry.contains(shapely.Point(place)).argmax() for place in places]
        draws.append((surface["expected_per_day"].iloc[here], error.iloc[here]))
    rate, error = np.array(draws).transpose(1, 0, 2)
    # Sampled weights of each expert's kernels add some, which the error leaves out.
    of_true = error.mean(axis=0) / rate.std(axis=0, ddof=1)
    assert (of_true > 0.6).all()
    assert (of_true < 1.2).all()


def test_even_ground_alone_is_as_unsure_as_the_areas_rate() -> None:
    # 4 incidents that are each a quarter of the rate: the error is half of what is expected.
    inside, cell = np.ones((3, 4)), np.array([0, 5, 5, 11])
    variance = sampling_variance(
        inside, cell, np.ones(4), np.full(4, 0.25), {(np.inf, np.inf): 1.0}, 100.0
    )
    np.testing.assert_allclose(np.sqrt(variance), 1 / 12 / 2)


def test_more_incidents_make_it_relatively_surer_and_none_make_it_flat() -> None:
    def relative(n: int) -> float:
        rows = incidents(np.random.default_rng(2), n)
        surface = risk_surface(rows, AREA, as_of=AS_OF)
        at = surface["expected_per_day"].idxmax()
        return surface_errors(rows, surface, as_of=AS_OF)[at] / surface["expected_per_day"][at]

    assert relative(1600) < relative(100) / 2
    none = incidents(np.random.default_rng(3)).iloc[:0]
    surface = risk_surface(none, AREA, as_of=AS_OF)
    assert (surface_errors(none, surface, as_of=AS_OF) == 0).all()
    assert surface_errors(none, surface.iloc[:0], as_of=AS_OF).empty


def test_what_comes_later_or_lies_outside_changes_nothing() -> None:
    rows = incidents(np.random.default_rng(4))
    surface = risk_surface(rows, AREA, as_of=AS_OF)
    more = gpd.GeoDataFrame(
        {"first_reported_at": [AS_OF + pd.Timedelta(hours=1), AS_OF - pd.Timedelta(days=9)]},
        geometry=gpd.points_from_xy([650, 9000], [650, 9000]),
        crs=27700,
    )
    again = surface_errors(pd.concat([more, rows]), surface, as_of=AS_OF)
    pd.testing.assert_series_equal(again, surface_errors(rows, surface, as_of=AS_OF))


def test_what_is_likely_is_the_gamma_s_middle_nine_tenths() -> None:
    # Mean 4 and error 2 are shape 4 and scale 1: half of a χ² of 8 degrees, 2.733 and 15.507
    low, high = likely_range(np.array([4.0, 0.0, 4.0]), np.array([2.0, 1.0, 0.0]))
    assert low == pytest.approx([2.733 / 2, 0, 4], abs=1e-3)
    assert high == pytest.approx([15.507 / 2, 0, 4], abs=1e-3)
