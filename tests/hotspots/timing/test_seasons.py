"""The borough's year: planted months, records too short to tell, and no look-ahead."""

import numpy as np
import pandas as pd
import pytest

from hotspots.synthetic import PRESETS, SUMMER_PEAK, BoroughParams, synthetic_borough
from hotspots.timing.seasons import month_weights

AS_OF = "2025-12-31T12:00Z"


def borough(months: tuple[float, ...], days: int, start: str, seed: int) -> pd.DataFrame:
    params = BoroughParams(days=days, incidents_per_day=3.0, months=months)
    return pd.DataFrame(synthetic_borough(params, seed=seed, start=start).incidents)


def test_planted_months_come_out_over_four_years() -> None:
    incidents = borough(SUMMER_PEAK, 1461, "2022-01-01", 1)
    weights = month_weights(incidents, as_of=AS_OF, months=12)
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    planted = np.array(SUMMER_PEAK) / np.mean(SUMMER_PEAK) * days
    assert weights / weights.sum() == pytest.approx(planted / planted.sum(), rel=0.12)


def test_months_that_differ_by_chance_alone_stay_almost_even() -> None:
    incidents = borough((1.0,) * 12, 731, "2024-01-01", 2)
    weights = month_weights(incidents, as_of=AS_OF, months=12)
    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    assert weights / days == pytest.approx(np.ones(12), abs=0.15)


def test_a_record_of_less_than_a_year_shows_no_season() -> None:
    incidents = borough(SUMMER_PEAK, 300, "2025-03-01", 3)
    weights = month_weights(incidents, as_of=AS_OF, months=6)
    assert weights.tolist() == [31, 31, 30, 31, 30, 31]  # days of July to December


def test_months_before_the_record_are_null() -> None:
    incidents = borough(SUMMER_PEAK, 420, "2024-12-01", 4)
    weights = month_weights(incidents, as_of=AS_OF, months=15)
    assert np.isnan(weights).tolist() == [True] * 2 + [False] * 13  # October and November
    assert np.isnan(month_weights(incidents.iloc[:0], as_of=AS_OF)).all()


def test_nothing_after_as_of_is_seen() -> None:
    incidents = pd.DataFrame(synthetic_borough(PRESETS["seasonal"], seed=5).incidents)
    as_of = pd.Timestamp("2025-06-30T12:00Z")
    past = incidents[incidents["first_reported_at"] <= as_of]
    assert len(past) < len(incidents)
    expected = month_weights(past, as_of=as_of)
    assert month_weights(incidents, as_of=as_of).tolist() == expected.tolist()
