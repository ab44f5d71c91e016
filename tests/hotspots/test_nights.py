import pandas as pd
import pytest

from hotspots.nights import dump_nights


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
    # Clean on Friday 18:00, seen on Sunday 10:00: the middle is Saturday 14:00
    assert (
        night(
            first_reported_at="2026-06-08T09:00Z",
            first_seen_at="2026-06-07T09:00Z",
            last_clean_at="2026-06-05T17:00Z",
        )
        == "2026-06-06"
    )
