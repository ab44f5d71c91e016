"""Sunset against the published times of London, and when a shift turns dark."""

from datetime import date

import pandas as pd
import pytest

from hotspots.core.errors import FrameError, ParameterError
from hotspots.timing.daylight import dark_from, sun_times

LONDON = {"lon": -0.1278, "lat": 51.5074}


@pytest.mark.parametrize(
    ("day", "rise", "down"),  # HM Nautical Almanac Office, London, clock time
    [
        (date(2026, 3, 20), "06:03", "18:13"),
        (date(2026, 6, 21), "04:43", "21:21"),
        (date(2026, 9, 23), "06:49", "18:57"),
        (date(2026, 12, 21), "08:04", "15:53"),
    ],
)
def test_the_sun_rises_and_sets_as_published(day: date, rise: str, down: str) -> None:
    for moment, clock in zip(sun_times(day, **LONDON), (rise, down), strict=True):
        published = pd.Timestamp(f"{day} {clock}", tz="Europe/London")
        assert abs(moment - published) <= pd.Timedelta(minutes=2)


@pytest.mark.parametrize(
    ("start", "end", "is_dark_from"),
    [
        ("2026-12-21T09:00Z", "2026-12-21T15:30Z", None),
        ("2026-12-21T09:00Z", "2026-12-21T17:00Z", "2026-12-21T15:53Z"),
        ("2026-12-21T18:00Z", "2026-12-21T22:00Z", "2026-12-21T18:00Z"),
        ("2026-12-21T06:00Z", "2026-12-21T10:00Z", "2026-12-21T06:00Z"),
        ("2026-12-21T23:00Z", "2026-12-22T03:00Z", "2026-12-21T23:00Z"),
    ],
)
def test_a_shift_is_dark_from_sunset_on_and_before_sunrise(
    start: str, end: str, is_dark_from: str | None
) -> None:
    dark = dark_from(start, end, **LONDON)
    if is_dark_from is None:
        assert dark is None
    else:
        assert abs(dark - pd.Timestamp(is_dark_from)) <= pd.Timedelta(minutes=2)


def test_a_naive_time_and_the_polar_night_are_refused() -> None:
    with pytest.raises(FrameError, match="starts_at"):
        dark_from("2026-12-21T09:00", "2026-12-21T10:00Z", **LONDON)
    with pytest.raises(ParameterError, match="latitude 80"):
        sun_times(date(2026, 12, 21), lon=0, lat=80)
