"""The time of year in counts to come: planted months, doubt about them, and no look-ahead."""

import numpy as np
import pandas as pd
import pytest

from hotspots.forecast.next_season import BoroughYear
from hotspots.synthetic import SUMMER_PEAK

NOW = pd.Timestamp("2026-05-01T00:00Z")


def record(days: int, a_day: float, months: tuple[float, ...], seed: int = 1) -> pd.DataFrame:
    """Reported in the mornings of so many days before now."""
    calendar = pd.date_range(end="2026-04-30", periods=days)
    factors = np.array(months)[calendar.month - 1] / np.mean(months)
    counts = np.random.default_rng(seed).poisson(a_day * factors)
    return pd.DataFrame(
        {"first_reported_at": (calendar.repeat(counts) + pd.Timedelta(hours=32)).tz_localize("UTC")}
    )


def test_the_month_to_come_has_its_planted_share_of_the_year() -> None:
    year = BoroughYear(record(4 * 365, 4.0, SUMMER_PEAK), NOW)
    peak = np.array(SUMMER_PEAK) / np.mean(SUMMER_PEAK)
    assert year.ahead(0, 30) == pytest.approx(30 * peak[4], rel=0.12)  # May
    # A half-life so long that nothing fades: the planted days of February to April.
    days_of = 28 * peak[1] + 31 * peak[2] + 30 * peak[3]
    assert year.seen(0, 1e9, 89) == pytest.approx(days_of, rel=0.12)


def test_an_even_year_changes_nothing_and_is_hardly_doubted() -> None:
    year = BoroughYear(record(730, 10.0, (1.0,) * 12), NOW)
    assert year.ahead(0, 30) == pytest.approx(30, rel=0.05)
    assert year.level() == pytest.approx(1, rel=0.05)
    assert year.multiples(30) == pytest.approx(np.ones(5), abs=0.1)


def test_a_first_year_with_seasons_is_doubted_although_they_are_not_known() -> None:
    first = BoroughYear(record(300, 10.0, SUMMER_PEAK), NOW)
    assert first.ahead(0, 30) == 30
    assert np.ptp(first.multiples(30)) > 0.3
    assert np.mean(first.multiples(30)) == pytest.approx(1)


def test_nothing_after_the_moment_is_seen_and_an_empty_record_is_even() -> None:
    everything = record(730, 3.0, SUMMER_PEAK)
    then = pd.Timestamp("2025-11-01T00:00Z")
    seen = everything[everything["first_reported_at"] <= then]
    for one, other in ((BoroughYear(everything, then), BoroughYear(seen.iloc[::-1], then)),):
        assert one.ahead(0, 30) == other.ahead(0, 30)
        assert one.multiples(30).tolist() == other.multiples(30).tolist()
    nothing = BoroughYear(everything.iloc[:0], NOW)
    assert (nothing.ahead(0, 30), nothing.level()) == (30, pytest.approx(1))
    assert nothing.multiples(30).tolist() == [1] * 5


def test_a_borough_that_grew_tenfold_is_doubted_within_bounds() -> None:
    slow, fast = record(400, 1.0, (1.0,) * 12), record(30, 40.0, (1.0,) * 12)
    multiples = BoroughYear(pd.concat([slow, fast], ignore_index=True), NOW).multiples(30)
    assert 0 < multiples.min() < 0.6 < 1.5 < multiples.max() < 4
