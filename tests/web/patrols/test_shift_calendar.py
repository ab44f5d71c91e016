"""Shifts in a diary: when they are, for their reader alone."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask.testing import FlaskClient

from geodata.accounts import users
from geodata.models import PatrolPlan
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.web.conftest import SignIn
from tests.web.page import Page

STARTS = datetime(2026, 12, 4, 21, 30, tzinfo=UTC)


def _plan(store: Store, starts_at: datetime, teams: list[int]) -> None:
    with store.writing() as session:
        session.add(
            PatrolPlan(
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=4),
                seed=1,
                params={"teams": teams},
                coverage={"share": 0.5},
                made_at=starts_at - timedelta(days=2),
            )
        )


def test_diary_shows_each_shift_once_as_it_was_planned_last(
    signed_in: SignIn, client: FlaskClient, council: Store
) -> None:
    _plan(council, STARTS, [2])
    _plan(council, STARTS, [2, 3])
    _plan(council, STARTS + timedelta(days=1), [2])
    links = Page.of(signed_in("officer").get("/patrols")).links
    (feed,) = {urlsplit(link.href).path for link in links if link.href.endswith(".ics")}
    answer = client.get(feed)  # a diary is not signed in
    assert answer.mimetype == "text/calendar"
    lines = answer.text.split("\r\n")
    assert lines.count("BEGIN:VEVENT") == 2
    assert "DTSTART:20261204T213000Z" in lines
    assert "DTEND:20261205T013000Z" in lines
    assert any("2 + 3 officers" in line for line in lines)
    assert client.get(feed.replace(".ics", "x.ics")).status_code == 404
    with council.writing() as session:
        user = users.find(session, "officer-1")
        users.set_password(session, user.id, hashed("another long password"))
    assert client.get(feed).status_code == 404
