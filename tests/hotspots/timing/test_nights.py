import pandas as pd
import pytest

from hotspots.timing.nights import dump_nights


def night(**times: str) -> str:
    row = pd.DataFrame({name: pd.to_datetime([value], utc=True) for name, value in times.items()})
    return f"{dump_nights(row).iloc[0]:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        ("2026-06-06T07:30Z", "2026-06-05"),  # Saturday morning: Friday's night
        ("2026-06-06T21:30Z", "2026-06-06"),
        ("2026-06-06T10:59Z", "2026-06-05"),  # 11:59 in London
        ("2026-06-06T11:00Z", "2026-06-06"),  # noon in London
        ("2026-01-06T11:30Z", "2026-01-05"),  # winter: 11:30 in London
    ],
)
def test_a_night_runs_from_noon_to_noon_in_london(reported: str, expected: str) -> None:
    assert night(first_reported_at=reported) == expected


def test_the_middle_of_what_is_known_decides() -> None:
    # Clean on Saturday 23:00, seen on Sunday 13:00: the middle is Sunday 6:00, Saturday's night
    times = {"first_reported_at": "2026-06-08T09:00Z", "first_seen_at": "2026-06-07T12:00Z"}
    assert night(**times, last_clean_at="2026-06-06T22:00Z") == "2026-06-06"
    assert night(**times) == "2026-06-07"


def test_what_was_clean_long_ago_says_nothing_of_the_night() -> None:
    # Of ten nights any may be it: seen on Saturday morning, it counts for Friday's as all do.
    times = {"first_reported_at": "2026-06-06T07:30Z", "last_clean_at": "2026-05-27T07:30Z"}
    assert night(**times) == "2026-06-05"
    # Exactly a day still tells: the middle of Friday 13:00 to Saturday 13:00 is Saturday 1:00.
    day = {"first_reported_at": "2026-06-06T12:00Z", "last_clean_at": "2026-06-05T12:00Z"}
    assert night(**day) == "2026-06-05"
