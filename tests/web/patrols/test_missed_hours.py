"""A shift that misses the hours in which dumping is expected says so, at the council's hours."""

from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from geodata import detections
from geodata.rules.days import LONDON
from geodata.store import settings
from geodata.store.engine import Store
from hotspots.detection import DetectionParams
from tests.filled_stores import filled_once
from tests.web.desk import store_incidents, weekly
from web.services.detection import detecting
from web.services.patrols.missed_hours import missed, missed_hours
from web.services.patrols.shift_hours import SHIFT, ShiftHours
from web.services.patrols.tonight import usual_shift

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)  # noon in London
SHIFT_OF_20 = (MONDAY + timedelta(hours=8), MONDAY + timedelta(hours=12.5))
NIGHT = 24
"""Hours from noon to noon."""


def night(hours: dict[int, float]) -> np.ndarray:
    """Incidents by the hour of the clock."""
    expected = np.zeros(NIGHT)
    for hour, dumps in hours.items():
        expected[(hour - 12) % NIGHT] = dumps
    return expected


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({1: 1, 2: 3, 3: 3, 4: 1}, "between 02:00 and 04:00, after this shift ends"),
        ({17: 2, 18: 2, 23: 1}, "between 17:00 and 19:00, before this shift starts"),
        # 00:00 to 04:00 holds 4 of 4, 00:00 to 03:00 is the first with more than half; half an
        # hour of it is in the shift
        ({0: 1, 1: 1, 2: 1, 3: 1}, "between 00:00 and 03:00, mostly after this shift ends"),
        ({21: 2, 22: 2, 3: 1}, ""),  # 21:00 to 23:00 is worked
        (dict.fromkeys(range(24), 1), ""),  # no hour stands out
        ({}, ""),
    ],
)
def test_the_hours_of_most_dumping_are_told_where_the_shift_misses_them(
    hours: dict[int, float], words: str
) -> None:
    assert missed(night(hours), (8, 12.5)) == words


@given(
    st.lists(st.integers(0, 9), min_size=NIGHT, max_size=NIGHT),
    st.integers(0, 20),
    st.integers(1, 4),
)
def test_what_is_told_holds_most_and_is_not_worked(
    dumps: list[int], start: int, length: int
) -> None:
    words = missed(np.array(dumps, dtype=float), (start, start + length))
    if not words:
        return
    first, last = (int(words.split()[k][:2]) for k in (1, 3))
    named_hours = [(first - 12 + k) % NIGHT for k in range((last - first) % NIGHT)]
    assert sum(dumps[hour] for hour in named_hours) > sum(dumps) / 2
    worked = sum(dumps[hour] for hour in named_hours if start <= hour < start + length)
    assert worked < sum(dumps[hour] for hour in named_hours) / 2
    assert len(named_hours) <= 8


@pytest.fixture
@filled_once
def hot(council: Store) -> Store:
    """Two places where canisters are dumped in the nights of Mondays, from 02:20 to 02:50."""
    seen = datetime(2026, 11, 17, 2, 50, tzinfo=LONDON)
    spots = [(553_000, 174_000, weekly(20, seen)), (555_000, 174_000, weekly(14, seen))]
    spread = [(552_100 + 350 * k, 173_200, [MONDAY - timedelta(days=30 * k + 9)]) for k in range(9)]
    store_incidents(council, spots + spread, now=MONDAY, state="cleared", clean_h=0.5)
    with council.writing() as session:
        detecting.run(session, DetectionParams(), as_of=MONDAY, now=MONDAY)
    return council


def test_the_likeliest_places_of_tonight_are_named(hot: Store) -> None:
    with hot.reading() as session:
        run = detections.latest_run(session)
        names = [identity.name for _, identity in detections.hotspots_of(session, run.id)]
        sentence = missed_hours(session, *SHIFT_OF_20)
        late = missed_hours(session, *(at + timedelta(hours=5) for at in SHIFT_OF_20))
    assert len(names) == 2
    for name in names:
        assert name in sentence
    assert sentence.startswith("Most dumping at the two likeliest places (")
    assert "is expected between 02:00 and 03:00, after this shift ends." in sentence
    assert late == ""  # 01:00 to 05:30


def test_before_the_first_run_nothing_is_said(council: Store) -> None:
    with council.reading() as session:
        assert missed_hours(session, *SHIFT_OF_20) == ""


@time_machine.travel(MONDAY)
def test_the_page_says_it_and_the_councils_hours_mend_it(hot: Store, signed_in) -> None:
    officer = signed_in("officer")
    for page in ("/patrols", "/officer/hotspots"):
        text = officer.get(page).text
        assert "20:00 to 00:30, one team of two" in text
        assert "between 02:00 and 03:00, after this shift ends." in text
    with hot.writing() as session:
        settings.write(session, SHIFT, ["23:00", "03:00"])
    text = officer.get("/patrols").text
    assert "23:00 to 03:00, one team of two" in text
    assert "Most dumping" not in text


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        (datetime(2026, 6, 21, 8, tzinfo=UTC), "21 18:00", "21 23:00"),  # before sunset
        (datetime(2026, 6, 21, 20, tzinfo=UTC), "21 21:00", "21 23:00"),  # 21:00 in London
        (datetime(2026, 6, 21, 21, tzinfo=UTC), "22 18:00", "22 23:00"),  # an hour is left
    ],
)
def test_hours_that_are_set_hold_whatever_the_sun_does(now: datetime, start: str, end: str) -> None:
    hours = ShiftHours(time(18), time(23))
    london = timedelta(hours=1)
    shift = [f"{at + london:%d %H:%M}" for at in usual_shift(now, (0.21, 51.45), hours)]
    assert shift == [start, end]
