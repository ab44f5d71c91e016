"""Trends and spikes: planted ones, boroughs without any, and hand arithmetic."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hotspots.core.errors import FrameError, ParameterError
from hotspots.detection.trend import (
    CHANGE_DEFINITIONS,
    DOWN,
    INSUFFICIENT,
    NO_CLEAR_CHANGE,
    SPIKE,
    UP,
    ChangeParams,
    assess_change,
    assess_changes,
)

SEASON = 30 * np.exp(0.5 * np.sin(2 * np.pi * np.arange(53) / 13))


def by_share(share: float, factor: float, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """A hotspot whose share of a seasonal, growing borough grows by a factor a year."""
    borough = rng.poisson(SEASON * 1.2 ** (np.arange(53) / 13)) + 1
    chance = share * factor ** ((np.arange(53) - 26) / 13)
    return rng.binomial(borough, np.minimum(chance, 1)), borough


def test_growing_with_the_borough_is_no_trend() -> None:
    borough = np.repeat([10, 20, 30, 40], 13)
    change = assess_change(borough // 10, borough)
    assert change.verdict == NO_CLEAR_CHANGE
    assert change.slope_a_year == pytest.approx(0, abs=1e-9)


def test_the_season_is_no_spike() -> None:
    borough = np.append(np.full(39, 20), 80)
    own = np.append(np.full(39, 2), 8)
    change = assess_change(own, borough)
    assert change.expected == pytest.approx(8)  # 26 of 260, and 80 now
    assert not change.is_spike


def test_a_trend_is_found_as_often_as_it_can_be_and_seldom_where_there_is_none() -> None:
    rng = np.random.default_rng(1)
    verdicts = {
        factor: [assess_change(*by_share(0.1, factor, rng)).verdict for _ in range(200)]
        for factor in (1.0, 1.6, 1 / 1.6)
    }
    # No trend: two rules at 5 % together, 20 of 200 would be 10 %; 33 or more has 0.2 %.
    assert sum(v in (UP, DOWN) for v in verdicts[1.0]) < 33
    assert verdicts[1.6].count(UP) > 180
    assert verdicts[1 / 1.6].count(DOWN) > 180


def test_spikes_without_cause_are_one_in_twenty_at_most() -> None:
    # 400 at 5 %: 20; more than 34 has probability 0.1 %. Exact, so in truth fewer.
    rng = np.random.default_rng(2)
    spikes = [assess_change(*by_share(0.05, 1.0, rng)).is_spike for _ in range(400)]
    assert sum(spikes) <= 34


def test_the_limit_is_the_most_that_chance_explains() -> None:
    # 13 incidents in a year of 260; now 20 in the borough: chance 20 / 280 of each of 13 + x.
    own, borough = np.append(np.full(39, 1), 5), np.append(np.full(39, 20), 20)
    change = assess_change(own, borough)

    def p_value(x: int) -> float:
        return float(stats.binomtest(x, 13 + x, 20 / 280, alternative="greater").pvalue)

    assert p_value(int(change.limit)) > 0.05 >= p_value(int(change.limit) + 1)
    assert change.is_spike == (p_value(5) <= 0.05)
    assert change.verdict == SPIKE


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=14, max_size=45), st.integers(0, 12))
def test_a_spike_is_what_the_exact_test_rejects(past: list[int], latest: int) -> None:
    own = np.array([*past, latest])
    borough = np.full(len(own), 15)
    change = assess_change(own, borough)
    year = sum(past[-13:])
    p_value = stats.binom.sf(latest - 1, latest + year, 1 / 14)
    assert change.is_spike == (p_value <= 0.05)
    assert change.verdict in CHANGE_DEFINITIONS
    assert change.sentence.startswith(change.verdict.capitalize())


def test_the_last_four_weeks_make_no_trend() -> None:
    quiet = np.full(53, 2)
    loud = quiet.copy()
    loud[-1] = 19
    borough = np.full(53, 20)
    calm, spike = assess_change(quiet, borough), assess_change(loud, borough)
    assert spike.p_value == calm.p_value
    assert (calm.verdict, spike.verdict) == (NO_CLEAR_CHANGE, SPIKE)


def test_three_comparisons_one_way_need_the_last_year_to_differ_from_the_first() -> None:
    def yearly(*sums: int) -> np.ndarray:
        """Each year's incidents in its middle four weeks, so that periods show no slope."""
        own = np.zeros((len(sums), 13), dtype=int)
        own[:, 6] = sums
        return np.append(own.ravel(), 0)

    borough = np.full(53, 60)
    grown = assess_change(yearly(10, 16, 24, 40), borough)
    crept = assess_change(yearly(20, 21, 22, 23), borough)
    bent = assess_change(yearly(10, 24, 16, 40), borough)
    assert (grown.verdict, grown.years) == (UP, (10, 16, 24, 40))
    assert crept.verdict == bent.verdict == NO_CLEAR_CHANGE
    assert grown.p_value > 0.05  # it is the years that tell


def test_too_little_is_said_to_be_too_little() -> None:
    few = assess_change(np.append(np.tile([1, 0, 0, 0], 8), 0), np.full(33, 30))
    assert few.verdict == INSUFFICIENT
    assert few.sentence == (
        "Insufficient data: 8 incidents in 32 periods of four weeks are too few to see a trend; "
        "0 incidents in the last four weeks."
    )
    short = assess_change(np.full(20, 3), np.full(20, 30))
    assert short.verdict == INSUFFICIENT
    first = assess_change(np.array([2]), np.array([9]))
    assert first.verdict == INSUFFICIENT
    assert np.isnan(first.limit)


def test_a_borough_that_was_silent_is_no_division_by_nothing() -> None:
    borough = np.append(np.zeros(30, int), np.full(10, 5))
    change = assess_change(np.append(np.zeros(30, int), np.full(10, 3)), borough)
    assert change.verdict in CHANGE_DEFINITIONS
    assert assess_change(np.zeros(40, int), np.zeros(40, int)).verdict == INSUFFICIENT


def test_a_sentence_gives_counts_and_not_percentages() -> None:
    own = np.append(np.repeat([1, 2, 4], 13), 4)
    change = assess_change(own, np.full(40, 30))
    # 91 in three years of the same borough: 30.3 a year
    assert change.sentence == (
        "Trend up: 13, 26 and 52 incidents in the last 3 years, where the borough's pattern would "
        "give 30, 30 and 30."
    )
    assert change.slope_a_year > 0


def test_every_hotspot_has_its_row() -> None:
    counts = pd.DataFrame([[1] * 40, [0] * 40], index=["a", "b"])
    changes = assess_changes(counts, np.full(40, 9))
    assert changes.index.tolist() == ["a", "b"]
    assert changes["verdict"].tolist() == [NO_CLEAR_CHANGE, INSUFFICIENT]
    assert len(assess_changes(counts.iloc[:0], np.full(40, 9))) == 0


def test_a_hotspot_is_judged_the_same_among_others_as_by_itself() -> None:
    rng = np.random.default_rng(3)
    borough = rng.poisson(SEASON) + 1
    own = rng.binomial(borough, np.linspace(0, 0.4, 40)[:, None])
    together = assess_changes(pd.DataFrame(own), borough)
    assert together["verdict"].nunique() > 1
    for row, series in enumerate(own):
        alone = vars(assess_change(series, borough))
        pd.testing.assert_series_equal(together.loc[row, list(alone)], pd.Series(alone, name=row))


def test_input_without_meaning_is_refused() -> None:
    with pytest.raises(FrameError):
        assess_change(np.ones(3), np.ones(4))
    with pytest.raises(FrameError):
        assess_change(np.array([]), np.array([]))
    with pytest.raises(FrameError):
        assess_change(np.array([3, 1]), np.array([2, 2]))
    with pytest.raises(ParameterError):
        ChangeParams(alpha=0)
    with pytest.raises(ParameterError):
        ChangeParams(min_periods=2)
