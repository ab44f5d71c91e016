"""Officers hear of what they asked for, by mail or in their team's channel, once."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata.accounts import users
from geodata.core.vocabulary import AlertKind, SystemKind
from geodata.models import OutboxMessage, Place
from geodata.people import alert_rules
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.web.conftest import SignIn
from tests.web.desk import run_now, scattered, store_incidents, weekly
from tests.web.exchange.conftest import TickAt
from tests.web.exchange.little_server import HOSTS, LittleServer
from tests.web.exchange.test_job_pushes import report
from tests.web.page import Page
from web.services.alerts import officer_alerts
from web.services.exchange import channel_posts, systems
from web.services.exchange.channel_posts import Post
from web.services.exchange.systems import SystemTerms
from web.services.mail.letters import Sender

MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 9, tzinfo=UTC)
JULY = datetime(2026, 7, 31, 12, tzinfo=UTC)
SENDER = Sender("Testford", "https://canisters.example")


def officer(store: Store, email: str | None = "ann@example.org") -> int:
    with store.writing() as session:
        return users.add(
            session, "ann", hashed("a long enough password"), "officer", now=MONDAY, email=email
        ).id


def channel(store: Store, kind: SystemKind, url: str) -> int:
    with store.writing() as session:
        details = SystemTerms("Street scene", kind, url)
        return systems.add(session, Actor(None, MONDAY), details, private_hosts=HOSTS).id


def rule(
    store: Store, user: int, what: AlertKind, ward: str | None = None, system: int | None = None
) -> None:
    with store.writing() as session:
        query = select(Place.id).where(Place.name == ward)
        ward_id = session.scalars(query).one() if ward else None
        alert_rules.add(session, user, what, ward_id=ward_id, system_id=system, now=MONDAY)


def alerts(store: Store) -> list[OutboxMessage]:
    with store.reading() as session:
        kinds = OutboxMessage.kind.in_([officer_alerts.KIND, channel_posts.KIND])
        return list(session.scalars(select(OutboxMessage).where(kinds).order_by(OutboxMessage.id)))


def test_overdue_in_ones_ward_is_mailed_once_a_morning(council: Store, tick_at: TickAt) -> None:
    user = officer(council)
    rule(council, user, AlertKind.OVERDUE, "East")
    west, east = (report(council, MONDAY, x) for x in (553_000, 555_000))
    for hour in (0, 1, 5):
        tick_at(THURSDAY + timedelta(hours=hour))
    (mail,) = alerts(council)
    assert (mail.recipient, mail.subject) == ("ann@example.org", "1 overdue job in East")
    assert east.incident_key in mail.body
    assert west.incident_key not in mail.body


@pytest.mark.parametrize("kind", [SystemKind.TEAMS, SystemKind.SLACK])
def test_channel_is_told_once_whoever_asked(
    council: Store, other: LittleServer, tick_at: TickAt, kind: SystemKind
) -> None:
    user, room = officer(council), channel(council, kind, other.address)
    with council.writing() as session:
        second = users.add(
            session, "sam", hashed("a long enough password"), "officer", now=MONDAY
        ).id
    for each in (user, second):
        rule(council, each, AlertKind.OVERDUE, None, room)
    late = report(council, MONDAY)
    tick_at(THURSDAY)
    (heard,) = other.heard
    message = json.loads(heard.body)
    if kind == SystemKind.SLACK:
        assert message["text"].startswith("1 overdue job\n" + late.incident_key)
    else:
        (card,) = message["attachments"]
        texts = [block["text"] for block in card["content"]["body"]]
        assert texts[0] == "1 overdue job"
        assert texts[1].startswith(late.incident_key)
    assert "webhook-signature" not in heard.headers


def test_new_hotspot_is_told_once_and_not_the_first_run(council: Store) -> None:
    user = officer(council)
    rule(council, user, AlertKind.NEW_HOTSPOT)
    rule(council, user, AlertKind.NEW_HOTSPOT, "East")
    old = [(553_000, 174_000, weekly(20, JULY - timedelta(days=3))), *scattered(JULY)]
    store_incidents(council, old, now=JULY)
    actor = Actor(None, JULY)
    with council.writing() as session:
        first = run_now(session, actor, as_of=JULY)
        assert officer_alerts.tell_of_new_hotspots(session, SENDER, first.run_id, now=JULY) == 0
    later = JULY + timedelta(days=1)
    new = (553_900, 173_300, weekly(20, JULY - timedelta(days=3)))
    store_incidents(council, [*old, new], now=later)
    with council.writing() as session:
        second = run_now(session, Actor(None, later), as_of=later)
        for _ in range(2):
            officer_alerts.tell_of_new_hotspots(session, SENDER, second.run_id, now=later)
    (mail,) = alerts(council)  # it lies in West: the rule of East is not told
    assert mail.subject == "1 new hotspot"
    assert "H-0002" in mail.body
    assert "H-0001" not in mail.body


def test_account_that_ended_is_told_nothing(council: Store, tick_at: TickAt) -> None:
    user = officer(council)
    rule(council, user, AlertKind.OVERDUE)
    with council.writing() as session:
        users.set_active(session, user, is_active=False)
    report(council, MONDAY)
    tick_at(THURSDAY)
    assert alerts(council) == []


def test_names_in_a_post_call_nobody(council: Store, other: LittleServer) -> None:
    room = channel(council, SystemKind.SLACK, other.address)
    from geodata.people import systems as stored

    with council.writing() as session:
        post = Post("New", ["<!channel> & <https://evil.example|here>"])
        channel_posts.queue(session, stored.get(session, room), "k", post, now=MONDAY)
    assert json.loads(alerts(council)[0].body) == {
        "text": "New\n&lt;!channel&gt; &amp; &lt;https://evil.example|here&gt;"
    }


def test_officer_adds_and_removes_an_alert(signed_in: SignIn, council: Store) -> None:
    client: FlaskClient = signed_in("officer")
    room = channel(council, SystemKind.TEAMS, "https://teams.example.com/hook")
    form = {"what": "overdue", "ward": "0", "system": str(room)}
    assert client.post("/officer/alerts", data=form).status_code == 302
    page = Page.of(client.get("/officer/alerts"))
    (row,) = page.table("Your alerts").rows
    assert row["What"] == "Jobs that are overdue, each morning"
    assert row["By"].endswith("Street scene")
    remove = next(act for act in page.actions if act.endswith("/remove"))
    assert client.post(remove).status_code == 302
    assert client.post(remove).status_code == 404


def test_mail_without_an_address_is_refused_at_its_field(signed_in: SignIn) -> None:
    form = {"what": "overdue", "ward": "0", "system": "0"}
    page = Page.of(signed_in("officer").post("/officer/alerts", data=form))
    assert "no email address" in page.text
