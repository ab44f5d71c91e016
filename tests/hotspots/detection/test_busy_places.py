"""Places that recur as chance may have it: listed, and kept apart from hotspots."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.detection import DetectionParams, DetectionResult, detect_hotspots

AREA = gpd.GeoSeries([shapely.box(0, 0, 6_000, 6_000)], crs=27700)
NOW = pd.Timestamp("2026-11-01", tz="UTC")


def frame(xy: np.ndarray, days: np.ndarray) -> gpd.GeoDataFrame:
    """Incidents at noon of so many days before NOW."""
    reported_at = NOW - pd.to_timedelta(days, unit="D") - pd.Timedelta(hours=12)
    return gpd.GeoDataFrame(
        {"first_reported_at": reported_at}, geometry=gpd.points_from_xy(*xy.T), crs=27700
    )


def scattered(seed: int = 3, n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """One town, dense in its middle, with no place special."""
    rng = np.random.default_rng(seed)
    return rng.normal(3_000, 500, (n, 2)).clip(1, 5_999), rng.integers(0, 360, n)


def detected(xy: np.ndarray, days: np.ndarray, **params: object) -> DetectionResult:
    return detect_hotspots(frame(xy, days), AREA, DetectionParams(**params), as_of=NOW)  # type: ignore[arg-type]


def brute(xy: np.ndarray, days: np.ndarray, radius: float) -> int:
    """The most different nights within a radius of any incident."""
    apart = np.hypot(*(xy[:, None] - xy).transpose(2, 0, 1))
    return max(len(np.unique(days[near])) for near in apart <= radius)


def test_a_town_without_a_special_place_has_busy_ones_and_no_hotspot() -> None:
    xy, days = scattered()
    result = detected(xy, days)
    assert len(result.hotspots) == 0
    assert result.busy["nights"].iloc[0] == brute(xy, days, 75) >= 4
    assert result.busy["nights"].is_monotonic_decreasing


def test_what_a_hotspot_holds_is_in_no_busy_place_and_nothing_is_in_two() -> None:
    xy, days = scattered()
    rng = np.random.default_rng(5)
    xy = np.vstack([xy, rng.normal(1_000, 3, (14, 2))])
    days = np.append(days, np.arange(14) * 20)
    result = detected(xy, days)
    assert len(result.hotspots) == 1
    near = shapely.distance(np.asarray(result.busy.geometry), shapely.Point(1_000, 1_000))
    assert near.min() > 75
    assert result.busy["incidents"].sum() <= (result.incidents["hotspot"] < 0).sum()


def test_one_night_or_one_week_is_no_recurrence() -> None:
    xy, days = scattered(n=40)
    spot = np.full((6, 2), 500.0) + np.arange(6)[:, None]
    one_week = np.append(days, [2, 3, 4, 2, 3, 4])
    busy = detected(np.vstack([xy, spot]), one_week).busy
    assert not (busy.geometry.distance(shapely.Point(500, 500)) < 75).any()


def test_observed_and_expected_count_the_same_things() -> None:
    """One pile a party: two piles of one night 20 m apart are one case."""
    xy, days = scattered(n=60)
    spot = np.array([[500.0, 500], [520, 500]] * 4)
    when = np.repeat([10, 60, 110, 160], 2)
    busy = detected(np.vstack([xy, spot]), np.append(days, when), min_rate_ratio=1e9).busy
    row = busy[busy.geometry.distance(shapely.Point(510, 500)) < 1].iloc[0]
    assert (row["incidents"], row["nights"], row["observed"]) == (8, 4, 4)
    assert "8 separate incidents on 4 nights" in row["reason"]
    assert f"4 where {'fewer than 0.1' if row['expected'] < 0.1 else ''}" in row["reason"]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_rows_order_changes_nothing(seed: int) -> None:
    xy, days = scattered(seed)
    order = np.random.default_rng(seed).permutation(len(xy))
    first, second = detected(xy, days).busy, detected(xy[order], days[order]).busy
    pd.testing.assert_frame_equal(
        pd.DataFrame(first.drop(columns="geometry")), pd.DataFrame(second.drop(columns="geometry"))
    )


def test_expected_under_even_ground_is_the_area_s_share() -> None:
    xy, days = scattered()
    busy = detected(xy, days, null="even", n_simulations=99, min_rate_ratio=1e9).busy
    cases = busy["expected"].iloc[0] / (np.pi * 75**2 / 36e6)
    assert 190 <= cases <= 200  # parties of 200 incidents


def test_too_few_incidents_have_no_busy_places() -> None:
    xy, days = scattered(n=10)
    result = detected(xy, days)
    assert "too few" in result.note
    assert len(result.busy) == 0
