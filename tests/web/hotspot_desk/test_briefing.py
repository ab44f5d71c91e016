"""The daily briefing: what it counts, by hand; who sees notices; and the mail at 7am."""

from datetime import UTC, datetime, timedelta

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from geodata.models import AuditEntry, Order, OrderVersion, OutboxMessage
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import run_now, scattered, store_incidents
from tests.web.page import Page
from web.services.background import ticking
from web.services.background.tick_settings import TickSettings
from web.services.briefing.class_changes import class_changes
from web.services.briefing.daily_briefing import daily_briefing
from web.services.mail.letters import Sender

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
SPOT = (553_000, 174_000)
PAGE = "/officer/briefing"


@pytest.fixture
@filled_once
def morning(council: Store) -> Store:
    """A dump every nine days at one place for half a year, others scattered, two of yesterday."""
    often = [NOW - timedelta(days=9 * n + 3) for n in range(30)]
    yesterday = [datetime(2026, 11, 23, h, tzinfo=UTC) for h in (0, 22)]
    earlier = [datetime(2026, 11, 22, 23, 59, tzinfo=UTC)]
    spots = [(*SPOT, often), (555_000, 174_000, yesterday + earlier), *scattered(earlier[0])]
    store_incidents(council, spots, now=NOW)
    return council


def test_new_is_what_was_first_reported_since_yesterday_began(morning: Store) -> None:
    with morning.reading() as session:
        new = daily_briefing(session, reads_notices=False, now=NOW).new
    # midnight and 22:00 of the 23rd; the minute before midnight is the day before
    assert (new.incidents, len(new.jobs)) == (2, 2)


def test_an_empty_record_is_not_nothing_new(council: Store) -> None:
    with council.reading() as session:
        new = daily_briefing(session, reads_notices=False, now=NOW).new
    assert new.incidents is None
    assert new.missing == "the record is empty"


def test_a_hotspot_that_comes_is_told_against_the_day_before(morning: Store) -> None:
    with morning.writing() as session:
        run_now(session, Actor(None, NOW), as_of=NOW - timedelta(days=260))
        for hours in (2, 1):  # a second run of the day hides nothing
            run_now(session, Actor(None, NOW), as_of=NOW - timedelta(hours=hours))
    with morning.reading() as session:
        changes = class_changes(session)
    assert changes.since == NOW - timedelta(days=260)
    (row,) = changes.rows
    assert row.before == ""
    assert row.words.startswith("New on the list: ")


def test_the_page_tells_orders_to_all_and_notes_who_reads_notices(
    morning: Store, signed_in
) -> None:
    with morning.writing() as session:
        order = Order(name="Riverside order")
        order.versions = [
            OrderVersion(
                number=1,
                change="made",
                geometry=shapely.MultiPolygon([shapely.Point(SPOT).buffer(200)]),
                valid_from=NOW.date() - timedelta(days=900),
                valid_to=NOW.date() + timedelta(days=100),
            )
        ]
        session.add(order)
    with time_machine.travel(NOW):
        plain, reader = signed_in("officer"), signed_in("manager", may_read_enforcement=True)
        page = Page.of(plain.get(PAGE))
        assert page.title.startswith("Briefing for Tuesday 24 November 2026")
        assert "4 Mar 2027: Riverside order, last day in force" in page.text
        assert "Notices are shown to those who may read enforcement data" in page.text
        assert readings(morning) == 0
        assert "no notice has a deadline" not in Page.of(reader.get(PAGE)).text
        assert readings(morning) == 1


def readings(store: Store) -> int:
    with store.reading() as session:
        query = select(func.count(AuditEntry.id)).where(AuditEntry.entity == "deadline")
        return session.scalar(query) or 0


@pytest.mark.parametrize("role", ["contractor", "partner", "member"])
def test_it_is_for_the_council_alone(signed_in, role: str) -> None:
    client: FlaskClient = signed_in(role)
    assert client.get(PAGE).status_code == 403


def test_the_mail_goes_once_a_day_from_seven_and_holds_numbers_alone(morning: Store) -> None:
    settings = TickSettings(
        Sender("Testford", "https://canisters.example"),
        briefed=("csu@example.org",),
        nightly_hour=23,
    )
    for hour in (6, 7, 8):
        at = NOW.replace(hour=hour, minute=0)
        ticking.tick(morning, settings, clock=lambda at=at: at)
        with morning.reading() as session:
            query = select(OutboxMessage).where(OutboxMessage.kind == "briefing")
            mails = session.scalars(query).all()
            assert len(mails) == (0 if hour == 6 else 1)
    (mail,) = mails
    assert mail.subject == "Briefing for 24 November 2026"
    assert "New since yesterday: 2 incidents" in mail.body
    assert "https://canisters.example/officer/briefing" in mail.body
    assert "K00" not in mail.body


def test_nobody_gets_a_mail_where_none_is_set(morning: Store) -> None:
    ticking.tick(morning, TickSettings(Sender("Testford"), nightly_hour=23), clock=lambda: NOW)
    with morning.reading() as session:
        query = select(func.count(OutboxMessage.id)).where(OutboxMessage.kind == "briefing")
        assert session.scalar(query) == 0
