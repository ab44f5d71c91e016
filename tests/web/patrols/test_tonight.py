"""One press plans tonight's patrol, at hours that follow the sun and the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from geodata import patrols, places
from geodata.core.vocabulary import PlaceKind
from geodata.people.audit import Actor
from geodata.store import settings
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import run_now, store_incidents, weekly
from tests.web.page import Page
from tests.web.patrol_shift import NOW, ask
from web.services.patrols.patrolling import START_PLACE
from web.services.patrols.tonight import LEAST, LENGTH, usual_shift

LONDON = ZoneInfo("Europe/London")
DARTFORD = (0.21, 51.45)
BOARD, PLANS = "/officer/hotspots", "/patrols"


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        (local(2026, 11, 24, 9), "24 20:00", "25 00:30"),
        # sunset on 21 June is at 21:20 there (almanac), so that the quarter after it is 21:30
        (local(2026, 6, 21, 9), "21 21:30", "22 02:00"),
        (local(2026, 11, 24, 21, 50), "24 22:00", "25 00:30"),  # half of it is over
        (local(2026, 11, 24, 23, 1), "25 20:00", "26 00:30"),  # less than 90 minutes are left
        (local(2026, 6, 22, 0, 20), "22 00:30", "22 02:00"),  # the night before is still on
        # the clocks go back at 02:00 on 25 October: 4½ hours are over before
        (local(2026, 10, 24, 9), "24 20:00", "25 00:30"),
    ],
)
def test_tonight_is_when_people_would_say_it_is(now: datetime, start: str, end: str) -> None:
    shift = [f"{at.astimezone(LONDON):%d %H:%M}" for at in usual_shift(now, DARTFORD)]
    assert shift == [start, end]


@given(
    st.integers(0, 5_000_000).map(lambda m: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
)
def test_a_usual_shift_is_never_over_nor_too_short(now: datetime) -> None:
    starts_at, ends_at = usual_shift(now, DARTFORD)
    assert starts_at >= now or starts_at > ends_at - LENGTH
    assert now < ends_at
    assert LEAST - timedelta(minutes=15) <= ends_at - starts_at <= LENGTH
    assert starts_at - now <= timedelta(days=1)


@pytest.fixture
@filled_once
def hot(council: Store) -> Store:
    """One hotspot, and the place where patrols start."""
    spots = [(553_000, 174_000, weekly(20, NOW - timedelta(days=3)))]
    spread = [(552_100 + 350 * k, 173_200, [NOW - timedelta(days=30 * k + 9)]) for k in range(9)]
    store_incidents(council, spots + spread, now=NOW, state="cleared")
    with council.writing() as session:
        run_now(session, Actor(None, NOW), as_of=NOW)
        hall = places.borough(session).centroid
        places.add(session, PlaceKind.BUILDING, "Civic Centre", hall)
        settings.write(session, START_PLACE, "Civic Centre")
    return council


@time_machine.travel(NOW)
def test_one_press_on_the_first_page_plans_tonight(hot: Store, signed_in) -> None:
    officer = signed_in("officer")
    page = Page.of(officer.get(BOARD)).text
    assert "Plan tonight's patrol" in page
    assert "20:00 to 00:30, one team of two by vehicle, from" in page
    answer = ask(officer, "/patrols/tonight")
    assert "from Civic Centre" in officer.get(answer.location).text
    with hot.reading() as session:
        plan = patrols.newest_plans(session)[0]
    assert (plan.params["teams"], plan.params["mode"]) == ([2], "vehicle")
    assert plan.starts_at == datetime(2026, 11, 23, 20, tzinfo=UTC)
    for address in (BOARD, PLANS):
        page = Page.of(officer.get(address))
        assert page.leads_to(f"/patrols/{plan.id}")
        assert "Plan it anew" in page.text


@time_machine.travel(NOW)
def test_where_it_cannot_be_planned_the_form_says_why(hot: Store, signed_in) -> None:
    with hot.writing() as session:
        settings.write(session, START_PLACE, "The old town hall")
    answer = ask(signed_in("officer"), "/patrols/tonight")
    assert "no place called" in answer.text
    assert Page.of(answer).value("start") == "20:00"


@time_machine.travel(NOW)
def test_the_plan_of_another_night_is_not_tonights(hot: Store, signed_in) -> None:
    officer = signed_in("officer")
    ask(officer, "/patrols/tonight")
    with time_machine.travel(NOW + timedelta(days=1)):
        assert "Plan it anew" not in officer.get(BOARD).text


def test_crews_and_the_public_plan_nothing(hot: Store, signed_in, client) -> None:
    assert signed_in("contractor").post("/patrols/tonight").status_code == 403
    assert client.post("/patrols/tonight").status_code == 302
