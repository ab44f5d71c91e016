"""Requests of another Open311 service come in once each, and what became of them goes back once."""

import json
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from geodata.accounts import api_keys
from geodata.core.geography import to_lonlat
from geodata.core.vocabulary import Scope, SystemKind
from geodata.incidents import incident_events
from geodata.models import IncidentEvent, Report
from geodata.people import systems
from geodata.people.audit import Actor
from geodata.people.systems import System
from geodata.reports import remote_requests
from geodata.store.engine import Store, open_store
from tests.web.conftest import SignIn, found_council, make_app
from tests.web.exchange.conftest import SETTINGS, TickAt
from tests.web.exchange.little_server import HOSTS, Heard, LittleServer, Said
from tests.web.page import Page
from web.admin.system_forms import Open311Form
from web.services import clearing
from web.services.background import ticking
from web.services.clearing import NewClearance
from web.services.exchange import systems as use_cases
from web.services.exchange.open311_asking import ask_due
from web.services.exchange.systems import SystemTerms

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
LON, LAT = (float(each) for each in to_lonlat(553_005, 174_005))


def enter(store: Store, url: str, secret: str = "", **terms: object) -> System:
    own_terms = {"services": ["canisters"], "sends_states": True, "format": "json"} | terms
    with store.writing() as session:
        entered = SystemTerms("FixMyStreet", SystemKind.OPEN311, url, secret, terms=own_terms)
        return use_cases.add(session, Actor(None, NOW), entered, private_hosts=HOSTS)


def request(number: int, **changed: object) -> dict[str, object]:
    """A row as a service tells it; each 100 m from the last."""
    lon, lat = (float(each) for each in to_lonlat(552_100 + 100 * (number % 30), 174_005))
    return {
        "service_request_id": str(number),
        "service_code": "canisters",
        "status": "open",
        "requested_datetime": (NOW - timedelta(hours=3)).isoformat(),
        "updated_datetime": (NOW - timedelta(hours=3)).isoformat(),
        "description": "A heap by the gate",
        "lat": lat,
        "long": lon,
        "account_id": "17",
        "media_url": "http://127.0.0.1:9/secret.jpg",
    } | changed


def serving(*rows: dict[str, object], size: int = 1_000) -> object:
    """A service that knows pages of a size."""

    def play(heard: Heard) -> Said:
        if heard.method == "POST":
            return Said(200, b"[]")
        first = (int(heard.query["page"]) - 1) * size
        return Said(200, json.dumps(rows[first : first + size]).encode())

    return play


def reports(store: Store) -> list[Report]:
    with store.reading() as session:
        return list(session.scalars(select(Report).order_by(Report.id)))


def system_of(store: Store, system: System) -> System:
    with store.reading() as session:
        return systems.get(session, system.id)


def clear(store: Store, at: datetime) -> None:
    with store.writing() as session:
        incident = session.scalars(select(Report.incident_id)).first()
        assert incident is not None
        new = NewClearance(incident, "cleared", at, no_photo_reason="Too dark")
        clearing.record(session, new, now=at)


def test_request_becomes_a_report_of_the_day_without_who_sent_it(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    enter(council, other.address, "secret-key", jurisdiction="testford")
    words = "A heap by the gate. Call me on 07700 900123, jo@example.org"
    other.play = serving(request(17, description=words))
    assert tick_at(NOW).requests_taken == 1
    (report,) = reports(council)
    assert (report.channel, report.reported_at) == ("open311", NOW - timedelta(hours=3))
    assert report.incident_id is not None
    assert "A heap by the gate" in report.description
    assert "07700" not in report.description
    assert "jo@example.org" not in report.description
    query = other.heard[0].query
    assert (query["api_key"], query["jurisdiction_id"]) == ("secret-key", "testford")
    assert query["service_code"] == "canisters"
    assert {each.path for each in other.heard} == {"/requests.json"}  # no picture is fetched


def test_overlapping_windows_and_repeated_pages_take_each_request_once(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    enter(council, other.address)
    # Pages of 2 of which the second repeats a row of the first, as where one came in between.
    rows = [request(n) for n in (1, 2, 2, 3, 4)]
    other.play = serving(*rows, size=2)
    for minutes in (0, 6, 12):
        assert tick_at(NOW + timedelta(minutes=minutes)).problems == []
    with council.reading() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == 4


def test_service_that_knows_no_pages_is_not_asked_for_ever(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    enter(council, other.address)
    other.play = lambda _: Said(200, json.dumps([request(1)]).encode())
    tick_at(NOW)
    # Nine days (a week, and two of overlap) are two windows, each asked for a second page.
    assert len(other.heard) == 4


def test_answer_that_was_cut_off_is_asked_for_in_parts(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    system = enter(council, other.address)
    rows = [
        request(n, requested_datetime=(NOW - timedelta(minutes=n)).isoformat(), status="closed")
        for n in range(1_500)
    ]

    def newest(heard: Heard) -> Said:
        first, last = (
            datetime.fromisoformat(heard.query[name]) for name in ("start_date", "end_date")
        )
        inside = (
            row
            for row in rows
            if first <= datetime.fromisoformat(str(row["requested_datetime"])) <= last
        )
        return Said(200, json.dumps(list(inside)[:1_000]).encode())

    other.play = newest
    tick_at(NOW)
    with council.reading() as session:
        assert remote_requests.tallies(session)[system.id].refused == 1_500


def test_two_workers_take_a_request_once(council: Store, other: LittleServer) -> None:
    enter(council, other.address)
    together = threading.Barrier(2, timeout=20)

    def play(heard: Heard) -> Said:
        if heard.query["page"] == "1":
            together.wait()
            return Said(200, json.dumps([request(1), request(2)]).encode())
        return Said(200, b"[]")

    other.play = play
    workers = [
        threading.Thread(target=ask_due, args=(council, HOSTS), kwargs={"clock": lambda: NOW})
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(reports(council)) == 2


def test_other_categories_and_other_places_stay_out_and_are_named(
    council: Store, other: LittleServer, tick_at: TickAt, signed_in: SignIn
) -> None:
    system = enter(council, other.address)
    other.play = serving(
        request(1, service_code="potholes"),
        request(2, lat=48.8566, long=2.3522),
        request(3, lat="x"),
        request(4, lat=LAT + 1),
        request(5, requested_datetime="yesterday"),
        request(6, status="closed"),
        request(7, requested_datetime=(NOW + timedelta(days=30)).isoformat()),
        request(8),
    )
    tick_at(NOW)
    assert len(reports(council)) == 1
    page = Page.of(signed_in("manager").get(f"/admin/systems/{system.id}"))
    rows = page.table("Its requests that became no report, the newest first").rows
    why = {row["Number there"]: row["Reason"] for row in rows}
    assert set(why) == {"2", "3", "4", "5", "6", "7"}
    assert "Great Britain" in why["2"]
    assert "no position" in why["3"]
    assert "outside the borough" in why["4"]
    assert "time when it was made" in why["5"]
    assert "closed there" in why["6"]
    assert "lies in the future" in why["7"]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Said(500), "it answers 500"),
        (Said(403), "it answers 403"),
        (Said(302, headers={"Location": "http://169.254.169.254/"}), "sends on to another"),
        (Said(200, b"<html><p>Down for maintenance"), "no XML"),
        (Said(200, b"<html><p>Down</p></html>"), "its root is 'html'"),
        (Said(200, b'<!DOCTYPE x [<!ENTITY a "b">]><service_requests/>'), "declares its own"),
        (Said(200, b"Down for maintenance"), "neither JSON nor XML"),
        (Said(200, b'{"error": "no"}'), "no list of requests"),
        (Said(200, b"[" * 5_000), "nests more than"),
        (Said(200, b"[1, 2]"), "no list of requests"),
        (Said(200, b" " * 5_000_001), "longer than"),
    ],
)
def test_service_that_misbehaves_is_said_and_asked_again(
    geopackage: Store, other: LittleServer, reply: Said, why: str
) -> None:
    found_council(geopackage)
    system = enter(geopackage, other.address)
    other.play = lambda _: reply
    tally = ask_due(geopackage, HOSTS, clock=lambda: NOW)
    assert why in tally.problems[0]
    after = system_of(geopackage, system)
    assert (why in str(after.problem), after.asked_to, after.asked_at) == (True, None, NOW)
    other.play = serving(request(1))
    assert ask_due(geopackage, HOSTS, clock=lambda: NOW + timedelta(minutes=1)).taken == 0
    assert ask_due(geopackage, HOSTS, clock=lambda: NOW + timedelta(minutes=6)).taken == 1
    assert system_of(geopackage, system).problem is None


def test_what_came_before_a_failure_stays_and_the_rest_follows(
    geopackage: Store, other: LittleServer
) -> None:
    found_council(geopackage)
    enter(geopackage, other.address)
    pages = serving(*(request(n) for n in (1, 2, 3)), size=2)
    other.play = lambda heard: Said(500) if heard.query["page"] == "2" else pages(heard)
    assert ask_due(geopackage, HOSTS, clock=lambda: NOW).taken == 2
    other.play = pages
    assert ask_due(geopackage, HOSTS, clock=lambda: NOW + timedelta(minutes=6)).taken == 1


def test_state_goes_back_once(council: Store, other: LittleServer, tick_at: TickAt) -> None:
    enter(council, other.address, "secret-key")
    other.play = serving(request(17))
    tick_at(NOW)
    clear(council, NOW + timedelta(hours=1))
    for hours in (2, 3):
        tick_at(NOW + timedelta(hours=hours))
    (sent,) = [each for each in other.heard if each.method == "POST"]
    assert sent.path == "/servicerequestupdates.json"
    form = {name: values[0] for name, values in parse_qs(sent.body.decode()).items()}
    assert form.pop("update_id").endswith("-17")
    assert form == {
        "service_request_id": "17",
        "status": "FIXED",
        "updated_datetime": (NOW + timedelta(hours=1)).isoformat(),
        "description": "The crew took the canisters away.",
        "api_key": "secret-key",
    }


def test_closing_there_is_a_note_here_and_closes_nothing(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    enter(council, other.address)
    other.play = serving(request(17))
    tick_at(NOW)
    other.play = serving(request(17, status="closed"))
    for minutes in (6, 12):
        tick_at(NOW + timedelta(minutes=minutes))
    (report,) = reports(council)
    with council.reading() as session:
        events = incident_events.history(session, report.incident_id)
    notes = [each.reason for each in events if each.kind == "note"]
    assert notes == ["FixMyStreet says that it is closed there."]
    assert not [each for each in events if each.kind == "clearance"]


@pytest.fixture
def second_site(geopackage_template: Path, tmp_path: Path) -> Iterator[tuple[Store, str]]:
    """A council of its own that serves Open311; its store and address."""
    path = shutil.copy(geopackage_template, tmp_path / "second.gpkg")
    store = open_store(f"sqlite:///{path}")
    found_council(store)
    server = make_server("127.0.0.1", 0, make_app(store), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield store, f"http://127.0.0.1:{server.port}/open311/v2"
    server.shutdown()
    thread.join()
    server.server_close()
    store.close()


@pytest.mark.parametrize("ending", ["json", "xml"])
def test_our_own_server_is_read_and_told(
    second_site: tuple[Store, str], geopackage: Store, ending: str
) -> None:
    there, address = second_site
    found_council(geopackage)
    now = datetime.now(UTC).replace(microsecond=0)
    with there.writing() as session:
        key, _ = api_keys.add(
            session,
            "The council",
            [Scope.REPORTS_WRITE],
            contractor=None,
            per_minute=1_000,
            ends_at=now + timedelta(days=30),
            user_id=None,
            now=now,
        )
    app = make_app(there)
    sent = {"api_key": key, "service_code": "canisters", "lat": str(LAT), "long": str(LON)}
    answer = app.test_client().post("/open311/v2/requests.json", data=sent)
    number = answer.json[0]["service_request_id"]
    enter(geopackage, address, key, format=ending)

    def tick_here(at: datetime) -> ticking.Ticked:
        return ticking.tick(geopackage, SETTINGS, clock=lambda: at)

    assert tick_here(now + timedelta(minutes=1)).requests_taken == 1
    clear(geopackage, now + timedelta(minutes=2))
    done = tick_here(now + timedelta(minutes=3))
    assert (done.pushed, done.problems) == (1, [])
    with there.reading() as session:
        note = session.scalars(
            select(IncidentEvent).where(IncidentEvent.kind == "note").order_by(IncidentEvent.id)
        ).one()
        assert note.details["status"] == "FIXED"
        assert session.scalars(select(Report.reference)).one() == number


def test_request_with_letters_or_times_that_nobody_can_keep_holds_no_other_up(
    council: Store, other: LittleServer, tick_at: TickAt
) -> None:
    """Half a pair of UTF-16, and moments that are in no year of UTC, as JSON lets anybody write."""
    enter(council, other.address)
    other.play = serving(
        request(1, description="A heap \ud800 by the gate"),
        request(2, service_request_id="\udfff"),
        request(3, requested_datetime="0001-01-01T00:00:00+14:00"),
        request(4, requested_datetime="9999-12-31T23:59:59-12:00"),
        request(5, requested_datetime="1900-01-01T00:00:00Z"),
        request(6),
    )
    done = tick_at(NOW)
    assert done.requests_taken == 3
    assert reports(council)[0].description == "A heap ? by the gate"


def test_service_codes_are_read_however_they_are_parted(app: Flask) -> None:
    typed = {"name": "FixMyStreet", "services": "n2o; tips,bins\nn2o"}
    with app.test_request_context(method="POST", data=typed):
        terms = Open311Form().system_terms(SystemKind.OPEN311).terms
    assert terms["services"] == ["bins", "n2o", "tips"]
