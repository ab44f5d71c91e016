"""The page of one hotspot: its history, and what officers write there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient

from geodata import detections
from geodata.detections import hotspot_records
from geodata.people.audit import Actor
from geodata.posters import interventions
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import run_now, scattered, store_incidents, weekly
from tests.web.page import Page
from web.services.hotspots.hotspot_dossier import dossier

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
ACTOR = Actor(None, NOW)
PAGE = "/officer/hotspots/H-0001"


@pytest.fixture
@filled_once
def desk(council: Store) -> Store:
    """One hotspot that two runs flag."""
    spots = [(553_000, 174_000, weekly(20, NOW - timedelta(days=3)))]
    store_incidents(council, spots + scattered(NOW), now=NOW, state="cleared")
    with council.writing() as session:
        for days in (40, 0):
            run_now(session, ACTOR, as_of=NOW - timedelta(days=days))
    return council


@pytest.fixture
def officer(desk: Store, signed_in) -> Iterator[FlaskClient]:
    """Signed in, with the clock at NOW."""
    with time_machine.travel(NOW):
        yield signed_in("officer")


def test_the_dossier_holds_every_run_and_month(desk: Store) -> None:
    with desk.writing() as session:
        interventions.add(
            session,
            ACTOR,
            shapely.Point(553_000, 174_030),
            kind="bin",
            name="New bin",
            valid_from=datetime(2026, 6, 1).date(),  # noqa: DTZ001 - a day
        )
        spot = dossier(session, "h-0001", now=NOW)
    newest, first = spot.runs
    assert (newest.incidents, first.moved_m) == (20, None)
    assert newest.moved_m is not None
    assert spot.is_current
    # Incidents on 28, 21, 14 and 7 July at noon; that of 30 June was cleared in July
    assert (spot.months[-1].incidents, spot.months[-1].cleared) == (4, 5)
    assert (len(spot.months), sum(m.incidents for m in spot.months)) == (36, 20)
    assert [m.name for m in spot.intervention_records] == ["New bin"]


def test_splits_and_merges_are_told(desk: Store, officer: FlaskClient) -> None:
    with desk.writing() as session:
        run = detections.latest_run(session)
        other = detections.new_identity(session, "Bandstand", NOW)
        mine = detections.find_by_code(session, "H-0001")
        detections.save_succession(session, run, "split", mine.id, other.id)
        detections.save_succession(session, run, "merge", other.id, mine.id)
    page = Page.of(officer.get(PAGE))
    assert "incidents here in the next 30 days (likely" in page.text
    assert "This split off it: Bandstand" in page.text
    assert "This went into it: Bandstand" in page.text
    assert page.link("Bandstand") == f"/officer/hotspots/{other.code}"


def test_a_name_a_note_and_a_watch_are_kept(desk: Store, officer: FlaskClient) -> None:
    officer.post(f"{PAGE}/name", data={"name": "Bandstand"})
    officer.post(f"{PAGE}/notes", data={"text": "Gate <b>broken</b>"})
    officer.post(f"{PAGE}/watch", data={"wanted": "yes"})
    page = Page.of(officer.get(PAGE))
    assert page.heading == "Bandstand"
    assert "Gate <b>broken</b>" in page.text  # read as it was typed, and no markup of the page
    assert "Stop watching" in page.text
    with desk.reading() as session:
        key = detections.find_by_code(session, "H-0001").id
        assert [w.name for w in hotspot_records.watchers_of(session, key)] == ["officer-1"]


@pytest.mark.parametrize(
    ("path", "data", "words", "kept"),
    [
        ("name", {"name": ""}, "Enter a name", ""),
        ("notes", {"text": "Call 07700 900123"}, "07700 900123: take out", "Call 07700 900123"),
        (
            "dismiss",
            {"reason": "The depot", "until": "2026-07-01"},
            "is not in the future",
            "The depot",
        ),
        ("dismiss", {"reason": "The depot", "until": "soon"}, "Enter a day such as", "The depot"),
        ("record", {"scanning": "Mail a@example.org"}, "take out mail", "Mail a@example.org"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    officer: FlaskClient, path: str, data: dict[str, str], words: str, kept: str
) -> None:
    if path == "record":
        seen = Page.of(officer.get(f"{PAGE}/record")).value("seen")
        data = data | {"seen": seen, "owner_id": "0"}
    answer = officer.post(f"{PAGE}/{path}", data=data)
    assert answer.status_code == 400
    page = Page.of(answer)
    assert words in page.text
    assert kept in page.typed


def test_of_two_who_write_the_record_the_second_is_told(officer: FlaskClient) -> None:
    seen = Page.of(officer.get(f"{PAGE}/record")).value("seen")
    mine = {"scanning": "Mine", "owner_id": "0", "review_on": "2026-07-31", "seen": seen}
    assert officer.post(f"{PAGE}/record", data=mine).status_code == 302
    late = officer.post(f"{PAGE}/record", data=mine | {"scanning": "Theirs"})
    assert late.status_code == 400
    assert "Somebody saved another version" in late.text
    assert "Theirs" in late.text
    assert "Mine" in officer.get(PAGE).text
    assert "Review due" in officer.get("/officer/hotspots").text


def test_only_officers_may_write(desk: Store, client: FlaskClient, signed_in) -> None:
    crew = signed_in("contractor")
    for path in ("notes", "watch", "restore", "name", "dismiss", "record"):
        assert client.post(f"{PAGE}/{path}").status_code == 302
        assert crew.post(f"{PAGE}/{path}").status_code == 403


def test_an_unknown_code_is_said(officer: FlaskClient) -> None:
    answer = officer.get("/officer/hotspots/H-9999")
    assert answer.status_code == 404
    assert "There is no hotspot H-9999" in answer.text
