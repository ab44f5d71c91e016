"""The error of the risk surface: against the sum over every incident, and against new samples."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots import risk_surface
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


def test_the_variance_is_the_sum_of_what_each_incident_adds_squared() -> None:
    rows = incidents(np.random.default_rng(1), 40)
    surface = risk_surface(rows, AREA, as_of=AS_OF)
    xy = np.array([(point.x, point.y) for point in rows.geometry])
    age = ((AS_OF - rows["first_reported_at"]) / pd.Timedelta(days=1)).to_numpy()
    centres = np.array([(cell.centroid.x, cell.centroid.y) for cell in surface.geometry])
    homes = np.floor(xy / 100) * 100 + 50
    added = np.zeros((len(centres), len(xy)))
    for (scale, half_life), share in surface.attrs["weights"].items():
        if not np.isfinite(scale):
            continue
        gone = np.exp2(-age / half_life)
        if scale == 0:
            kernel = (centres[:, None] == homes[None]).all(axis=2).astype(float)
        else:
            lags = (centres[:, None] - homes[None]) / scale
            kernel = np.exp(-0.5 * (lags**2).sum(axis=2)) * (np.abs(lags) <= 4.5).all(axis=2)
        added += share * gone / gone.sum() * kernel / kernel.sum(axis=0)
    twin = surface.attrs["per_day"] * np.sqrt((added**2).sum(axis=1))
    found = surface_errors(rows, surface, as_of=AS_OF)
    assert found.index.equals(surface.index)
    # The kernels end at four standard deviations here and at half a cell beyond there.
    np.testing.assert_allclose(found, twin, rtol=0.02, atol=twin.max() * 1e-3)


def test_surfaces_of_other_samples_differ_by_about_so_much() -> None:
    draws = []
    for seed in range(30):
        rows = incidents(np.random.default_rng(seed))
        surface = risk_surface(rows, AREA, as_of=AS_OF)
        here = surface.geometry.contains(shapely.Point(640, 660)).to_numpy()
        error = surface_errors(rows, surface, as_of=AS_OF)
        draws.append((surface["expected_per_day"][here].item(), error[here].item()))
    rate, error = np.array(draws).T
    # Sampled weights add some, which the error leaves out: between two thirds and all of it.
    assert 0.6 < error.mean() / rate.std(ddof=1) < 1.2


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
