"""Possible hours against London's clock, a minute-by-minute twin and hand arithmetic."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.timing.aoristic import aoristic_weights, possible_hours

FRIDAY_22 = 4 * 24 + 22


def incidents(*intervals: tuple[str | None, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "last_clean_at": pd.to_datetime([clean for clean, _ in intervals], utc=True),
            "first_reported_at": pd.to_datetime([seen for _, seen in intervals], utc=True),
        }
    )


def test_an_interval_is_cut_at_the_hours_of_the_london_week() -> None:
    # Summer: 21:30 to 23:15 UTC on Friday is 22:30 to 00:15 in London.
    hours = possible_hours(incidents(("2026-06-05T21:30Z", "2026-06-05T23:15Z")))
    assert hours.hour.tolist() == [FRIDAY_22, FRIDAY_22 + 1, FRIDAY_22 + 2]
    assert hours.overlap.tolist() == [0.5, 1.0, 0.25]
    # 0.5, 1 and 0.25 of 1.75 hours
    assert aoristic_weights(hours) == pytest.approx([2 / 7, 4 / 7, 1 / 7])


def test_winter_is_an_hour_later_in_utc() -> None:
    hours = possible_hours(incidents(("2026-01-09T22:00Z", "2026-01-09T23:00Z")))
    assert hours.hour.tolist() == [FRIDAY_22]


def test_the_hour_that_comes_twice_in_october_counts_twice_and_the_lost_one_never() -> None:
    # 25 October 2026: 00:30 to 02:30 UTC is 01:30 BST, 01:00 to 02:00 GMT, 02:30 GMT.
    autumn = possible_hours(incidents(("2026-10-25T00:30Z", "2026-10-25T02:30Z")))
    assert autumn.hour.tolist() == [6 * 24 + 1, 6 * 24 + 1, 6 * 24 + 2]
    # 29 March 2026: clocks go from 01:00 to 02:00.
    spring = possible_hours(incidents(("2026-03-29T00:00Z", "2026-03-29T02:00Z")))
    assert spring.hour.tolist() == [6 * 24, 6 * 24 + 2]


def test_sunday_midnight_is_followed_by_monday() -> None:
    hours = possible_hours(incidents(("2026-01-11T23:00Z", "2026-01-12T01:00Z")))
    assert hours.hour.tolist() == [167, 0]


@pytest.mark.parametrize(
    ("clean", "seen"),
    [
        (None, "2026-06-05T21:30Z"),
        ("2026-06-04T21:29Z", "2026-06-05T21:30Z"),  # a minute more than a day
        ("2026-06-05T21:30Z", "2026-06-05T21:30Z"),  # no interval
        ("2026-06-05T22:30Z", "2026-06-05T21:30Z"),  # clean after it was seen
    ],
)
def test_an_interval_that_tells_nothing_is_left_out(clean: str | None, seen: str) -> None:
    hours = possible_hours(incidents((clean, seen), ("2026-06-05T20:30Z", "2026-06-05T21:30Z")))
    assert hours.is_known.tolist() == [False, True]
    assert set(hours.row.tolist()) == {1}


def test_a_sight_before_the_report_ends_the_interval() -> None:
    frame = incidents(("2026-01-09T22:00Z", "2026-01-10T09:00Z"))
    frame["first_seen_at"] = pd.to_datetime(["2026-01-09T23:00Z"], utc=True)
    assert possible_hours(frame).hour.tolist() == [FRIDAY_22]


def test_without_any_clean_time_no_hour_is_known() -> None:
    frame = incidents((None, "2026-06-05T21:30Z")).drop(columns="last_clean_at")
    assert not possible_hours(frame).is_known.any()
    assert len(possible_hours(frame.iloc[:0]).row) == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 366 * 1440), st.integers(1, 1440)), min_size=1, max_size=8)
)
def test_overlaps_are_those_of_walking_every_minute(spans: list[tuple[int, int]]) -> None:
    start = pd.Timestamp("2026-01-01", tz="UTC")
    begin = [start + pd.Timedelta(minutes=minute) for minute, _ in spans]
    end = [b + pd.Timedelta(minutes=length) for b, (_, length) in zip(begin, spans, strict=True)]
    hours = possible_hours(pd.DataFrame({"last_clean_at": begin, "first_reported_at": end}))
    for row, (b, (_, length)) in enumerate(zip(begin, spans, strict=True)):
        local = pd.date_range(b, periods=length, freq="min").tz_convert("Europe/London")
        walked = np.bincount(local.day_of_week * 24 + local.hour, minlength=168) / 60
        mine = hours.row == row
        assert np.bincount(hours.hour[mine], hours.overlap[mine], 168) == pytest.approx(walked)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_weights_follow_what_is_likely_and_sum_to_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    begin = pd.Timestamp("2026-03-01", tz="UTC") + pd.to_timedelta(rng.uniform(0, 700, 9), "h")
    end = begin + pd.to_timedelta(rng.uniform(0.1, 23, 9), "h")
    hours = possible_hours(pd.DataFrame({"last_clean_at": begin, "first_reported_at": end}))
    likely = rng.uniform(0.1, 5, len(hours.row))
    weights = aoristic_weights(hours, likely)
    for row in range(9):
        mine = hours.row == row
        raw = hours.overlap[mine] * likely[mine]
        assert weights[mine] == pytest.approx(raw / raw.sum())
