"""The secret of a system is changed, and no push is lost between the old one and the new."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import SystemKind
from geodata.people import audit, outbox, systems
from geodata.people.audit import Actor
from geodata.people.systems import System
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.exchange.fake_contractor import FakeContractor
from tests.web.exchange.little_server import HOSTS, LittleServer
from tests.web.page import Page
from web.services.admin import retention
from web.services.admin.retention_schedule import Terms
from web.services.exchange import delivering, secret_changes
from web.services.exchange import systems as use_cases
from web.services.exchange.systems import SystemTerms

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def entered(store: Store, url: str, kind: SystemKind = SystemKind.JOBS, secret: str = "") -> System:
    with store.writing() as session:
        terms = SystemTerms("Whitespace", kind, url, secret=secret)
        return use_cases.add(session, Actor(None, NOW), terms, private_hosts=HOSTS)


def changed(store: Store, system: System, days: float, secret: str = "") -> System:
    with store.writing() as session:
        overlap = timedelta(days=days)
        return secret_changes.change(session, Actor(None, NOW), system.id, secret, overlap=overlap)


def takes(store: Store, other: LittleServer, system: System, secret: str, at: datetime) -> bool:
    """Whether somebody who knows a secret takes a push of that moment."""
    other.play = FakeContractor(secret, FlaskClient(lambda *_: None))
    with store.writing() as session:
        use_cases.send_test(session, Actor(None, at), system.id)
        (due,) = outbox.due_pushes(session, now=at, limit=9)
    report = delivering.send_due(store, HOSTS, clock=lambda: at)
    with store.writing() as session:
        outbox.remove(session, [due[0]])
    return report.sent == 1


def test_both_secrets_are_good_until_the_old_one_ends(store: Store, other: LittleServer) -> None:
    old = entered(store, other.address)
    new = changed(store, old, days=7)
    assert new.secret != old.secret
    last, end = NOW + 7 * DAY - timedelta(seconds=1), NOW + 7 * DAY
    assert [takes(store, other, new, old.secret, at) for at in (NOW, last, end)] == [
        True,
        True,
        False,
    ]
    later = [at + timedelta(hours=1) for at in (NOW, last, end)]
    assert [takes(store, other, new, new.secret, at) for at in later] == [True, True, True]
    with store.writing() as session:
        (entry, _), *_ = audit.entries(session, "remote_system", old.id)
        assert (entry.act, entry.after) == (
            "change_secret",
            {"old_secret_ends_at": "2026-11-30T12:00:00+00:00"},
        )
        retention.clean_up(session, Terms(6, 6, 35), now=last)
        assert systems.get(session, old.id).old_secret == old.secret
        retention.clean_up(session, Terms(6, 6, 35), now=end)
        assert systems.get(session, old.id).old_secret is None


def test_a_secret_that_others_know_ends_at_once(geopackage: Store, other: LittleServer) -> None:
    old = entered(geopackage, other.address)
    new = changed(geopackage, old, days=0)
    assert not takes(geopackage, other, new, old.secret, NOW)
    newest = changed(geopackage, new, days=7)
    with geopackage.writing() as session:
        secret_changes.end_old(session, Actor(None, NOW), old.id)
    assert not takes(geopackage, other, newest, new.secret, NOW + DAY)


@pytest.mark.parametrize(
    ("kind", "days", "secret", "why"),
    [
        (SystemKind.JOBS, 7, "whsec_c2hvcnQ=", "too weak"),
        (SystemKind.JOBS, 31, "", "0 to 30 days more, not 31"),
        (SystemKind.JOBS, 7, "whsec_" + "QUJD" * 8, "has already"),
        (SystemKind.OPEN311, 0, "", "enter the key"),
        (SystemKind.OPEN311, 0, "a\nb", "copy it whole"),
        (SystemKind.TEAMS, 0, "", "secret of Whitespace is its address"),
    ],
)
def test_what_is_no_secret_of_it_is_refused(
    geopackage: Store, kind: SystemKind, days: int, secret: str, why: str
) -> None:
    system = entered(geopackage, "https://jobs.example.com/", kind, "whsec_" + "QUJD" * 8)
    with pytest.raises(RefusedError, match=why):
        changed(geopackage, system, days, secret)


def test_page_shows_the_new_secret_once_and_until_when_the_old_one_is_good(
    signed_in: SignIn, council: Store
) -> None:
    system = entered(council, "https://jobs.example.com/hooks")
    client, address = signed_in("manager"), f"/admin/systems/{system.id}"
    weak = client.post(f"{address}/secret", data={"secret": "short", "overlap": "7"})
    assert (weak.status_code, "too weak" in weak.text) == (400, True)
    made = client.post(f"{address}/secret", data={"secret": "", "overlap": "7"})
    with council.reading() as session:
        now_kept = systems.get(session, system.id)
    assert now_kept.old_secret == system.secret
    assert now_kept.secret in made.text
    assert system.secret not in made.text
    assert made.headers["Cache-Control"] == "no-store"
    page = Page.of(client.get(address))
    assert "Good until" in page.text
    assert not {system.secret, now_kept.secret} & set(page.text.split())
    client.post(f"{address}/secret/end-old")
    assert "Good until" not in client.get(address).text
