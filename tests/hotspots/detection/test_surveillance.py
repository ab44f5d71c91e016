"""Weekly bounds against R's surveillance 1.20.3, and against planted weeks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import FrameError, ParameterError
from hotspots.detection.surveillance import (
    FarringtonParams,
    ears_c1_bounds,
    farrington_bounds,
    first_bounded_week,
)


def weekly(counts: object) -> pd.Series:
    values = np.asarray(counts)
    return pd.Series(values, pd.date_range("2020-01-06", periods=len(values), freq="7D"))


@pytest.fixture(scope="module")
def salmonella(shared_data: Path) -> pd.DataFrame:
    path = shared_data / "surveillance" / "salmNewport_farrington_ears.csv"
    return pd.read_csv(path, parse_dates=["week"], index_col="week")


@pytest.mark.shared_data
def test_farrington_bounds_are_those_of_r(salmonella: pd.DataFrame) -> None:
    judged = salmonella["farr_alarm"].notna()
    bounds = farrington_bounds(salmonella["count"], last_weeks=int(judged.sum()))[judged]
    assert len(bounds) == 104
    expected = salmonella.loc[judged, "farr_ub"]
    pd.testing.assert_series_equal(bounds["upper"], expected, check_names=False)
    assert (bounds["alarm"] == salmonella.loc[judged, "farr_alarm"].astype(bool)).all()


@pytest.mark.shared_data
def test_ears_bounds_are_those_of_r(salmonella: pd.DataFrame) -> None:
    judged = salmonella["c1_ub"].notna()
    bounds = ears_c1_bounds(salmonella["count"])[judged]
    assert bounds["upper"].to_numpy() == pytest.approx(salmonella.loc[judged, "c1_ub"], abs=1e-9)
    assert (bounds["alarm"] == salmonella.loc[judged, "c1_alarm"].astype(bool)).all()


def test_ears_bound_of_hand_worked_weeks() -> None:
    # 1..7: mean 4, variance 28/6 = 4.6667; 4 + 3.0902 * 2.1602 = 10.676
    bounds = ears_c1_bounds(weekly([1, 2, 3, 4, 5, 6, 7, 11, 2]))
    assert bounds["upper"].iloc[7] == pytest.approx(10.676, abs=5e-4)
    assert bounds["upper"].iloc[:7].isna().all()
    assert bounds["alarm"].tolist() == [False] * 7 + [True, False]


def test_ordinary_weeks_raise_the_alarm_as_seldom_as_asked() -> None:
    # 300 weeks at 1 %, seasonal with mean 12: 3 expected; 10 or more has probability 0.1 %.
    week = np.arange(209 + 300)
    mean = 12 * np.exp(0.4 * np.sin(2 * np.pi * week / 52.18))
    counts = np.random.default_rng(4).poisson(mean)
    assert farrington_bounds(weekly(counts), last_weeks=300)["alarm"].sum() < 10


def test_a_planted_outbreak_is_seen_and_an_old_one_does_not_hide_it() -> None:
    counts = np.random.default_rng(2).poisson(8, 300)
    counts[-1] = 25
    quiet = farrington_bounds(weekly(counts), last_weeks=1)
    counts[300 - 52 - 3 : 300 - 52 + 2] = 60
    after_an_outbreak = farrington_bounds(weekly(counts), last_weeks=1)
    assert quiet["alarm"].iloc[-1]
    assert after_an_outbreak["alarm"].iloc[-1]


def test_the_season_is_no_alarm() -> None:
    week = np.arange(300)
    counts = np.round(10 + 9 * np.cos(2 * np.pi * (week - 299) / 52.18))
    assert not farrington_bounds(weekly(counts), last_weeks=20)["alarm"].any()


@pytest.mark.parametrize("bounds", [ears_c1_bounds, farrington_bounds])
def test_a_week_is_judged_without_the_weeks_after_it(bounds) -> None:
    counts = np.random.default_rng(3).poisson(7, 260)
    of_all_weeks = bounds(weekly(counts)).iloc[:240]
    pd.testing.assert_frame_equal(bounds(weekly(counts[:240])), of_all_weeks)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=215, max_size=215))
def test_any_counts_get_bounds_that_are_numbers_or_null(counts: list[int]) -> None:
    bounds = farrington_bounds(weekly(counts), last_weeks=3)
    judged = bounds["upper"].dropna()
    assert np.isfinite(judged).all()
    assert (judged >= 0).all()


def test_one_year_back_is_enough_for_a_bound() -> None:
    params = FarringtonParams(years=1)
    counts = np.random.default_rng(6).poisson(8, 60)
    upper = farrington_bounds(weekly(counts), params)["upper"]
    assert upper.iloc[:55].isna().all()
    assert upper.iloc[55:].between(8, 40).all()


def test_too_short_a_record_has_no_bounds() -> None:
    assert farrington_bounds(weekly([5] * 100))["upper"].isna().all()
    assert ears_c1_bounds(weekly([5] * 7))["upper"].isna().all()
    assert len(farrington_bounds(weekly(np.array([], dtype=int)))) == 0


@pytest.mark.parametrize("years", [1, 4])
@pytest.mark.parametrize("begins", ["2020-01-06", "2021-07-12", "2023-02-27"])
def test_the_first_bounded_week_is_the_first_that_has_a_bound(begins: str, years: int) -> None:
    params = FarringtonParams(years=years, seasons=4)
    weeks = pd.date_range(begins, periods=52 * years + 12, freq="7D")
    bounds = farrington_bounds(pd.Series(9, weeks), params)
    assert first_bounded_week(weeks[0], params) == bounds["upper"].first_valid_index()


def test_series_that_are_not_weeks_are_refused() -> None:
    gap = weekly([1, 2, 3, 4]).drop(pd.Timestamp("2020-01-20"))
    for faulty in (gap, pd.Series([1, 2]), weekly([1, -1]), weekly([1, np.nan])):
        with pytest.raises(FrameError):
            ears_c1_bounds(faulty)
    with pytest.raises(FrameError):
        farrington_bounds(weekly([1, 2]).tz_localize("UTC"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"years": 0},
        {"seasons": 1},
        {"alpha": 1.0},
        {"weeks_left_out": 2},
        {"years": 1, "seasons": 14},
    ],
)
def test_settings_without_meaning_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        FarringtonParams(**wrong)  # type: ignore[arg-type]


def test_a_baseline_too_short_for_a_deviation_is_refused() -> None:
    with pytest.raises(ParameterError):
        ears_c1_bounds(weekly([1] * 9), baseline=2)
