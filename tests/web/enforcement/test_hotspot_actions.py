"""The actions at a hotspot: those inside its outline, for those who may read them."""

from datetime import UTC, datetime, timedelta

import pytest
import shapely

from geodata.enforcement import actions
from geodata.people import audit
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import run_now, scattered, store_incidents, weekly
from tests.web.page import Page

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
DESK, ACTIONS = "/officer/hotspots/H-0001", "/enforcement/hotspots/H-0001"


@pytest.fixture
@filled_once
def spot(council: Store) -> Store:
    """One hotspot, round 553000 174000."""
    spots = [(553_000, 174_000, weekly(20, NOW - timedelta(days=3)))]
    store_incidents(council, spots + scattered(NOW), now=NOW, state="cleared")
    with council.writing() as session:
        run_now(session, audit.Actor(None, NOW), as_of=NOW)
    return council


def act_at(store: Store, x: float) -> str:
    columns = {
        "kind": "advice",
        "offence_at": NOW,
        "issued_on": NOW.date(),
        "geometry": shapely.Point(x, 174_000),
        "age_band": "18_or_over",
    }
    with store.writing() as session:
        return actions.add(session, columns, at=NOW, now=NOW, user_id=None).reference


def test_the_hotspots_page_leads_readers_to_the_actions_inside_it(spot: Store, signed_in) -> None:
    inside, outside = act_at(spot, 553_000), act_at(spot, 553_400)
    officer = signed_in("officer", may_read_enforcement=True)
    assert Page.of(officer.get(DESK)).leads_to(ACTIONS)
    page = officer.get(ACTIONS).text
    assert inside in page
    assert outside not in page
    with spot.reading() as session:
        ((entry, who),) = audit.entries(session, "enforcement_action")
    assert (entry.act, who) == ("list", "officer-1")
    assert entry.after == {"hotspot": "H-0001", "rows": 1}


def test_others_neither_see_the_way_nor_may_go_it(spot: Store, signed_in) -> None:
    officer = signed_in("officer")
    assert ACTIONS not in officer.get(DESK).text
    assert officer.get(ACTIONS).status_code == 403


def test_a_hotspot_that_is_none_is_not_found(council: Store, signed_in) -> None:
    officer = signed_in("officer", may_read_enforcement=True)
    assert officer.get("/enforcement/hotspots/H-0404").status_code == 404
