"""A system that is slow or gone is left alone longer each time, and its page says so."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from geodata.core.vocabulary import SystemKind
from geodata.people import audit, systems
from geodata.people.audit import Actor
from geodata.people.systems import Push, System
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.exchange.little_server import HOSTS, Heard, LittleServer, Said
from tests.web.page import Page
from web.services.common import outgoing
from web.services.exchange import delivering
from web.services.exchange import systems as use_cases
from web.services.exchange.delivering import PushReport
from web.services.exchange.systems import SystemTerms

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def entered(store: Store, other: LittleServer) -> System:
    with store.writing() as session:
        terms = SystemTerms("Whitespace", SystemKind.JOBS, other.address)
        return use_cases.add(session, Actor(None, NOW), terms, private_hosts=HOSTS)


def queue(store: Store, system: System, at: datetime) -> None:
    with store.writing() as session:
        use_cases.job_pushes.queue_test(session, system, now=at)


def round_at(store: Store, at: datetime) -> PushReport:
    return delivering.send_due(store, HOSTS, clock=lambda: at)


def kept(store: Store, system: System) -> tuple[System, list[Push]]:
    with store.reading() as session:
        return systems.get(session, system.id), systems.pushes(session, system.id, limit=99)


def test_all_that_waits_for_a_system_that_is_down_backs_off_with_it(
    store: Store, other: LittleServer
) -> None:
    system = entered(store, other)
    other.play = lambda _: Said(503)
    # A push a minute for 25 minutes. Waits are 1, 5 and 15 minutes, so that it is called at minutes
    # 0, 1, 6 and 21, and not once for each push.
    called = []
    for minute in range(25):
        at, before = NOW + minute * MINUTE, len(other.heard)
        queue(store, system, at)
        round_at(store, at)
        called += [minute] * (len(other.heard) - before)
    assert called == [0, 1, 6, 21]
    after, pushes = kept(store, system)
    assert (after.failing_since, after.failures) == (NOW, 4)
    assert (after.tried_at, after.next_try_at) == (NOW + 21 * MINUTE, NOW + 81 * MINUTE)
    assert after.push_problem == "it answers 503"
    # The first was there for four tries; those of minutes 7 to 21 for one; the last three for none.
    assert [push.attempts for push in pushes][::-1] == [4, 3, *[2] * 5, *[1] * 15, *[0] * 3]
    other.play = lambda _: Said(204)
    assert round_at(store, NOW + 80 * MINUTE).sent == 0
    assert round_at(store, NOW + 81 * MINUTE).sent == 25
    after, _ = kept(store, system)
    assert (after.failing_since, after.failures, after.next_try_at) == (None, 0, None)


def test_what_a_dead_system_never_took_is_given_up_together_and_sent_again_together(
    geopackage: Store, other: LittleServer
) -> None:
    system = entered(geopackage, other)
    other.play = lambda _: Said(500)
    for second in range(3):
        queue(geopackage, system, NOW + timedelta(seconds=second))
    at = NOW + MINUTE
    # 1 + 5 + 15 + 60 + 180 + 360 + 720 + 3 * 1440 minutes are 3 days and 93.7 hours: 5,661 minutes.
    while (state := kept(geopackage, system))[1][0].abandoned_at is None:
        round_at(geopackage, at)
        at = kept(geopackage, system)[0].next_try_at or at
        assert len(other.heard) < 20
    assert len(other.heard) == 11
    assert {push.abandoned_at for push in state[1]} == {NOW + MINUTE + 5661 * MINUTE}
    other.play = lambda _: Said(200)
    with geopackage.writing() as session:
        assert use_cases.send_given_up_again(session, Actor(None, at), system.id) == 3
        (entry, _), *_ = audit.entries(session, "remote_system", system.id)
        assert (entry.act, entry.after) == ("replay_given_up", {"pushes": 3})
    assert round_at(geopackage, at).sent == 3


def test_one_push_that_is_refused_holds_up_no_other(geopackage: Store, other: LittleServer) -> None:
    system = entered(geopackage, other)
    queue(geopackage, system, NOW)
    other.play = lambda _: Said(422)
    round_at(geopackage, NOW)
    assert kept(geopackage, system)[0].failing_since is None
    other.play = lambda _: Said(200)
    queue(geopackage, system, NOW + timedelta(seconds=1))
    assert round_at(geopackage, NOW + timedelta(seconds=2)).sent == 1


def test_page_says_since_when_a_slow_system_takes_nothing_and_tries_it_now(
    council: Store, other: LittleServer, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()

    def answer_late(_: Heard) -> Said:
        answers.wait(10)
        return Said(200)

    system, calls = entered(council, other), outgoing.to_system
    other.play = answer_late
    monkeypatch.setattr(
        outgoing, "to_system", lambda *given, **terms: calls(*given, **terms | {"timeout_s": 0.2})
    )
    queue(council, system, NOW)
    round_at(council, NOW)
    answers.set()
    client, address = signed_in("manager"), f"/admin/systems/{system.id}"
    page = Page.of(client.get(address)).text
    assert "It has taken nothing since" in page
    assert "127.0.0.1 did not answer within 0.2 seconds" in page
    assert "1 push waits for it." in page
    assert "12:01" in page  # the next try
    assert Page.of(client.get("/admin/systems")).tags == ["Trouble"]
    client.post(f"{address}/try-now")
    other.play = lambda _: Said(200)
    assert round_at(council, NOW).sent == 0  # the account asked in truth, long after
    assert round_at(council, datetime.now(UTC)).sent == 1
    assert "taken nothing" not in client.get(address).text
