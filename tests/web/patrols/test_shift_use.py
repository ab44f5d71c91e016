"""What a shift's minutes go to, by hand's arithmetic."""

from datetime import datetime, timedelta

import pytest

from tests.web.patrol_shift import TONIGHT
from web.services.patrols.patrol_sheet import SheetStop
from web.services.patrols.shift_use import shift_use

START: datetime = TONIGHT["starts_at"]
ASKED = {"mode": "foot", "max_stops": 3, "dwell_min": 15, "revisit_min": 120, "start_xy": [0, 0]}


def stop(key: int, east_m: float, minute: int) -> SheetStop:
    at = START + timedelta(minutes=minute)
    leaves = at + timedelta(minutes=15)
    return SheetStop(key, 1, key, "Here", east_m, 0.0, at, leaves, "", (), None)


def test_minutes_are_spent_at_stops_on_the_way_and_waiting() -> None:
    """On foot 4.5 km/h is 75 m a minute: 1,000 m by 1.3 are 17.3, so 18 minutes a way."""
    use = shift_use([stop(1, 1000, 20), stop(2, 0, 60)], ASKED, START, TONIGHT["ends_at"])
    assert (use.shift_min, use.standing_min, use.travel_min) == (240, 30, 36)
    assert use.spare_min == 174
    assert use.waits == {1: 2, 2: 7}  # 20 - 18; 60 - 35 - 18


@pytest.mark.parametrize(
    ("stops", "hours", "limit"),
    [
        (3, 4, "the 3 stops that each team may make"),
        (1, 4, "no team comes back to a place within 120 minutes"),
        (1, 0.4, "the length of the shift"),  # 24 minutes, of which 9 remain
    ],
)
def test_the_limit_that_binds_is_named(stops: int, hours: float, limit: str) -> None:
    made = [stop(n, 0, 20 * (n - 1)) for n in range(1, stops + 1)]
    assert limit in shift_use(made, ASKED, START, START + timedelta(hours=hours)).limit


def test_a_team_without_a_stop_has_all_of_its_shift_to_spare() -> None:
    use = shift_use([], ASKED, START, TONIGHT["ends_at"])
    assert (use.spare_min, use.waits) == (240, {})
