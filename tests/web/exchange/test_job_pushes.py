"""A job is pushed to the contractor's system, signed; it fetches it and tells what was done."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import text

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Scope, SystemKind
from geodata.people import outbox, systems
from geodata.people.audit import Actor
from geodata.people.systems import System
from geodata.store.engine import Store
from tests.pictures import encoded, picture
from tests.web.conftest import SignIn
from tests.web.exchange.conftest import TickAt
from tests.web.exchange.fake_contractor import FakeContractor
from tests.web.exchange.little_server import HOSTS, LittleServer, Said
from tests.web.page import Page
from web.services import clearing
from web.services.clearing import NewClearance
from web.services.exchange import systems as use_cases
from web.services.exchange.systems import SystemTerms
from web.services.reporting.intake import NewReport, TakenReport, take_report

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=20)


def enter(store: Store, url: str, now: datetime = NOW, **terms: object) -> System:
    with store.writing() as session:
        details = SystemTerms("Whitespace", SystemKind.JOBS, url, **terms)
        return use_cases.add(session, Actor(None, now), details, private_hosts=HOSTS)


def report(store: Store, now: datetime, x: float = 553_000, **facts: object) -> TakenReport:
    with store.writing() as session:
        new = NewReport(shapely.Point(x, 174_000), "public", "web", now, **facts)
        return take_report(session, new, now=now)


def pushes(store: Store, system: System) -> list[systems.Push]:
    with store.reading() as session:
        return systems.pushes(session, system.id, limit=100)


def test_job_is_pushed_fetched_and_answered_with_a_photo(
    council: Store,
    other: LittleServer,
    tick_at: TickAt,
    keyed: Callable[..., FlaskClient],
) -> None:
    system = enter(council, f"{other.address}/hooks")
    contractor = FakeContractor(system.secret, keyed(Scope.JOBS_READ, Scope.OUTCOMES_WRITE))
    other.play = contractor
    taken = report(council, NOW + timedelta(minutes=1), description="By the gate", has_needles=True)
    assert tick_at(NOW + timedelta(minutes=2)).pushed == 1
    job = contractor.jobs[taken.incident_key]
    assert (job["state"], job["hazards"]) == ("open", ["needles"])
    outcome = {"outcome": "cleared", "occurred_at": (NOW + timedelta(hours=2)).isoformat()}
    photo = encoded(picture(), "JPEG")
    first = contractor.tell(taken.incident_key, outcome, photo, "key-of-this-visit")
    again = contractor.tell(taken.incident_key, outcome, photo, "key-of-this-visit")
    assert (first["state"], first["is_new"], again["is_new"]) == ("cleared", True, False)
    assert again["clearance_id"] == first["clearance_id"]
    tick_at(datetime.now(UTC) + timedelta(minutes=1))
    assert contractor.types == ["job.opened", "job.changed"]
    assert contractor.jobs[taken.incident_key]["state"] == "cleared"


def test_push_says_which_job_and_nothing_of_a_person(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    enter(council, other.address)
    taken = report(council, NOW + timedelta(minutes=1), description="Outside Jo Smith's house")
    tick_at(NOW + timedelta(minutes=2))
    (heard,) = other.heard
    assert json.loads(heard.body) == {
        "type": "job.opened",
        "timestamp": (NOW + timedelta(minutes=1)).isoformat(),
        "data": {
            "reference": taken.incident_key,
            "state": "open",
            "address": f"https://canisters.example/api/jobs/{taken.incident_key}",
        },
    }


def test_failed_push_waits_longer_each_time_and_bears_the_same_key(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    other.play = lambda _: Said(503)
    system = enter(council, other.address)
    report(council, NOW + timedelta(minutes=1))
    # Waits of 1, 5 and 15 minutes: tried at 2, 3, 8 and 23 minutes and not between.
    for minute in range(2, 24):
        tick_at(NOW + timedelta(minutes=minute))
    assert [each.headers["webhook-id"] for each in other.heard] == [
        other.heard[0].headers["webhook-id"]
    ] * 4
    assert len({each.headers["webhook-signature"] for each in other.heard}) == 4
    (push,) = pushes(council, system)
    assert (push.attempts, push.error, push.sent_at) == (4, "it answers 503", None)


def test_system_that_is_gone_for_days_is_given_up_and_the_page_says_so(
    council: Store, other: LittleServer, tick_at: TickAt, signed_in: SignIn
) -> None:
    other.play = lambda _: Said(500)
    system = enter(council, other.address)
    report(council, NOW + timedelta(minutes=1))
    now, tries = NOW + timedelta(minutes=2), 0
    tick_at(now)
    while (push := pushes(council, system)[0]).abandoned_at is None:
        with council.writing() as session:
            letter = outbox.claim(session, push.id, now=push.next_attempt_at)
            assert letter is not None
            outbox.mark_failed(session, push.id, "it answers 500", now=push.next_attempt_at)
        tries += 1
        assert tries < 20
    client = signed_in("manager")
    page = Page.of(client.get("/admin/background"))
    (row,) = page.table(
        "Mails, text messages and pushes that were not taken, the oldest first"
    ).rows
    assert (row["About"], row["Next try"]) == ("Job push to Whitespace", "Given up")
    page = Page.of(client.get(f"/admin/systems/{system.id}"))
    assert "Given up" in page.tags
    other.play = lambda _: Said(200)
    again = next(act for act in page.actions if act.endswith("/again"))
    assert client.post(again).status_code == 302
    before = len(other.heard)
    tick_at(datetime.now(UTC) + timedelta(minutes=1))
    assert len(other.heard) == before + 1
    assert other.heard[-1].headers["webhook-id"] == other.heard[0].headers["webhook-id"]
    assert pushes(council, system)[0].sent_at is not None


def test_one_system_that_fails_keeps_no_other_waiting(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    other.play = lambda heard: Said(500 if heard.path == "/bad" else 200)
    bad = enter(council, f"{other.address}/bad")
    good = enter(council, f"{other.address}/good")
    for minute, x in ((1, 553_000), (2, 554_500)):
        report(council, NOW + timedelta(minutes=minute), x)
    assert tick_at(NOW + timedelta(minutes=3)).pushed == 2
    assert [each.path for each in other.heard].count("/bad") == 1
    assert {each.sent_at is None for each in pushes(council, bad)} == {True}
    assert {each.sent_at is None for each in pushes(council, good)} == {False}


def test_system_that_says_gone_is_not_asked_again(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    other.play = lambda _: Said(410)
    system = enter(council, other.address)
    report(council, NOW + timedelta(minutes=1))
    tick_at(NOW + timedelta(minutes=2))
    assert pushes(council, system)[0].abandoned_at is not None


def test_private_target_is_not_called_and_said(council: Store, tick_at: TickAt) -> None:
    with council.writing() as session:  # entered while the operator still allowed it
        details = SystemTerms("Old", SystemKind.JOBS, "https://10.0.0.7/hooks")
        hosts = frozenset({"10.0.0.7"})
        system = use_cases.add(session, Actor(None, NOW), details, private_hosts=hosts)
    report(council, NOW + timedelta(minutes=1))
    done = tick_at(NOW + timedelta(minutes=2))
    (push,) = pushes(council, system)
    assert "10.0.0.7 is a private address" in push.error
    assert any("HOTSPOTS_PRIVATE_HOSTS=10.0.0.7" in problem for problem in done.problems)


def test_what_was_before_a_system_is_not_pushed_to_it(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    report(council, NOW - timedelta(days=1))
    first = enter(council, other.address)
    report(council, NOW + timedelta(minutes=1), 555_000)
    second = enter(council, other.address, NOW + timedelta(minutes=2))
    tick_at(NOW + timedelta(minutes=3))
    assert (len(pushes(council, first)), pushes(council, second)) == (1, [])


def test_system_that_is_off_is_not_called_and_gets_what_waits_when_it_is_on(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    system = enter(council, other.address)
    report(council, NOW + timedelta(minutes=1))
    other.play = lambda _: Said(500)
    tick_at(NOW + timedelta(minutes=2))
    with council.writing() as session:
        use_cases.switch(session, Actor(None, NOW), system.id, is_on=False)
    other.play = lambda _: Said(200)
    tick_at(NOW + timedelta(minutes=10))
    assert len(other.heard) == 1
    with council.writing() as session:
        use_cases.switch(session, Actor(None, NOW), system.id, is_on=True)
    tick_at(NOW + timedelta(minutes=11))
    assert len(other.heard) == 2


def test_clearing_by_an_officer_is_told_too(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    enter(council, other.address)
    taken = report(council, NOW + timedelta(minutes=1))
    with council.writing() as session:
        at = NOW + timedelta(hours=1)
        new = NewClearance(taken.incident_id, "cleared", at, no_photo_reason="Too dark")
        clearing.record(session, new, now=at)
    tick_at(NOW + timedelta(hours=2))
    assert [json.loads(each.body)["type"] for each in other.heard] == ["job.opened", "job.changed"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"url": "http://jobs.example.com/"}, "https"),
        ({"url": "https://192.168.0.9/"}, "private address"),
        ({"secret": "whsec_c2hvcnQ="}, "too weak"),
        ({"secret": "whsec_\nX"}, "character"),
    ],
)
def test_bad_terms_are_refused(geopackage: Store, changed: dict[str, str], why: str) -> None:
    details = {"url": "https://jobs.example.com/", "secret": ""} | changed
    with geopackage.writing() as session, pytest.raises(RefusedError, match=why):
        terms = SystemTerms("X", SystemKind.JOBS, **details)
        use_cases.add(session, Actor(None, NOW), terms, private_hosts=frozenset())


def test_secret_is_shown_once_and_sealed(signed_in: SignIn, council: Store) -> None:
    client = signed_in("manager")
    form = {"name": "Whitespace", "url": "https://jobs.example.com/hooks", "contractor": ""}
    page = client.post("/admin/systems/new/jobs", data=form)
    with council.reading() as session:
        (system,) = systems.every(session)
        stored = " ".join(map(str, session.execute(text("SELECT * FROM remote_system")).one()))
        audit = str(session.execute(text("SELECT after FROM audit_entry")).all())
    assert system.secret in page.text
    assert page.headers["Cache-Control"] == "no-store"
    for words in (stored, audit, client.get(f"/admin/systems/{system.id}").text):
        assert system.secret not in words
    assert "/hooks" not in stored + audit
    assert Page.of(client.get("/admin/systems")).tags == ["On"]


def test_entered_address_that_is_private_is_refused_at_its_field(signed_in: SignIn) -> None:
    form = {"name": "Whitespace", "url": "https://127.0.0.1/", "contractor": ""}
    answer = signed_in("manager").post("/admin/systems/new/jobs", data=form)
    assert answer.status_code in (200, 400)
    assert "private address" in Page.of(answer).text


@pytest.mark.parametrize("role", ["officer", "contractor", "partner"])
def test_others_enter_no_systems(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    assert client.get("/admin/systems").status_code == 403
    assert client.get("/admin/systems/new/jobs").status_code == 403
