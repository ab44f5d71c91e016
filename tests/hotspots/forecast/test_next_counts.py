"""Counts of the next month: intervals against draws of the model, and by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import stats

from hotspots.core.errors import ParameterError
from hotspots.forecast.next_counts import likely_counts, next_counts

NOW = pd.Timestamp("2026-06-01T00:00Z")
PLACES = gpd.GeoSeries([shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 100)], crs=27700)
CELLS = gpd.GeoDataFrame({"expected_per_day": [0.5, 0.01]}, geometry=PLACES, crs=27700)


def incidents(days_ago: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"first_reported_at": NOW - pd.to_timedelta(days_ago, "D")})


def test_intervals_hold_nine_tenths_of_what_the_model_draws() -> None:
    rng = np.random.default_rng(1)
    shape, rate = rng.uniform(1, 30, 4_000), rng.uniform(0.5, 8, 4_000)
    counts = rng.poisson(rng.gamma(shape, 1 / rate))
    low, high = likely_counts(shape[:, None], rate[:, None], np.ones((4_000, 1)))
    # Whole numbers miss 90 % by some on either side; 4,000 draws have a standard error of 0.5 %.
    assert np.mean((low <= counts) & (counts <= high)) == pytest.approx(0.9, abs=0.025)


def test_no_other_run_of_counts_of_the_same_length_is_likelier() -> None:
    low, high = likely_counts(np.array([[3.0]]), np.array([[0.5]]), np.ones((1, 1)))
    mass = stats.nbinom.pmf(np.arange(60), 3.0, 0.5 / 1.5)
    width = int(high[0] - low[0]) + 1
    runs = [mass[start : start + width].sum() for start in range(60 - width)]
    assert int(np.argmax(runs)) == low[0]
    for other in (width - 1, width + 1):
        best = max(mass[start : start + other].sum() for start in range(60 - other))
        assert abs(max(runs) - 0.9) <= abs(best - 0.9)


def test_a_quiet_place_may_have_none_and_a_busy_one_surely_some() -> None:
    ages = np.append(np.arange(1, 361, 2), [300.0])
    labels = np.append(np.zeros(180, dtype=int), 1)
    counts = next_counts(incidents(ages), labels, PLACES, CELLS, as_of=NOW)
    assert counts.loc[0, "expected"] == pytest.approx(15, rel=0.15)  # every second day
    assert 5 < counts.loc[0, "low"] < 12 < 18 < counts.loc[0, "high"] < 27
    assert counts.loc[1, "low"] == 0


def test_a_longer_time_has_more() -> None:
    past, labels = incidents(np.arange(1.0, 90)), np.zeros(89, dtype=int)
    month, year = (
        next_counts(past, labels, PLACES, CELLS, as_of=NOW, days=days) for days in (30, 365)
    )
    assert (year["expected"] / month["expected"]).to_numpy() == pytest.approx(365 / 30)
    assert (year["high"] > month["high"]).all()


def test_no_places_have_no_counts_and_no_time_is_refused() -> None:
    nothing = PLACES.iloc[:0]
    assert next_counts(incidents(np.ones(1)), [-1], nothing, CELLS, as_of=NOW).empty
    with pytest.raises(ParameterError, match="days is 0"):
        next_counts(incidents(np.ones(1)), [0], PLACES, CELLS, as_of=NOW, days=0)
