"""The board: what it shows of a run, and that its whole view stands in its address."""

from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geodata import detections
from geodata.core.geography import from_lonlat, to_lonlat
from geodata.detections import hotspot_records
from geodata.people.audit import Actor
from geodata.posters import interventions
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import run_now, scattered, store_incidents, weekly
from tests.web.page import Page
from web.services.hotspots.hotspot_board import BoardView, board

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
ACTOR = Actor(None, NOW)
WEST, EAST = (553_000, 174_000), (555_000, 174_500)


@pytest.fixture
@filled_once
def desk(council: Store) -> Store:
    """Two hotspots: twelve weekly incidents in West up to July, eight in East up to January."""
    spots = [
        (*WEST, weekly(12, NOW - timedelta(days=3))),
        (*EAST, weekly(8, NOW - timedelta(days=190))),
    ]
    store_incidents(council, spots + scattered(NOW), now=NOW)
    with council.writing() as session:
        run_now(session, ACTOR, as_of=NOW - timedelta(days=120))
        run_now(session, ACTOR)
    return council


def codes(answer: TestResponse) -> list[str]:
    """Codes of the hotspots on the board, in its order."""
    hotspots = [row[0] for table in Page.of(answer).tables for row in table.links if row]
    return [link.href.removeprefix("/officer/hotspots/") for link in hotspots]


def test_the_board_counts_recent_dumps_and_open_jobs(desk: Store) -> None:
    with desk.reading() as session:
        shown = board(session, today=NOW.date())
    west, east = shown.rows
    # 28 days back from 31 July noon: the incidents of 28, 21, 14 and 7 July
    assert (west.counts.recent, west.incidents, west.counts.open_jobs) == (4, 12, 12)
    assert (east.counts.recent, east.incidents) == (0, 8)
    assert west.counts.known_vehicles == 0


def test_interventions_in_force_at_the_place_stand_beside_it(desk: Store) -> None:
    lamp = {"kind": "lighting", "name": "New lamps", "valid_from": date(2026, 7, 1)}
    with desk.writing() as session:
        interventions.add(session, ACTOR, shapely.Point(WEST), **lamp, valid_to=None)
        interventions.add(session, ACTOR, shapely.Point(EAST), **lamp, valid_to=date(2026, 7, 30))
        west, east = board(session, today=NOW.date()).rows
    assert [m.name for m in west.intervention_records] == ["New lamps"]
    assert east.intervention_records == ()


def test_two_dates_are_compared_by_identity(desk: Store) -> None:
    with desk.reading() as session:
        newest, first = detections.runs(session)
        shown = board(session, BoardView(against_id=first.id), today=NOW.date())
        west, east = shown.rows
        assert west.then is None  # its incidents began in May, after the first run
        assert east.then is not None
        back = board(session, BoardView(run_id=first.id, against_id=newest.id), today=NOW.date())
    assert [row.code for row in back.rows] == [east.code]
    assert back.ended == [(west.code, west.name, 12)]


@time_machine.travel(NOW)
def test_the_view_is_shared_by_its_address(desk: Store, signed_in) -> None:
    officer = signed_in("officer")
    everything = codes(officer.get("/officer/hotspots"))
    assert len(everything) == 2
    west, east = everything
    assert codes(officer.get("/officer/hotspots?at_least=9")) == [west]
    assert codes(officer.get(f"/officer/hotspots?text={east.lower()}")) == [east]
    assert "at_least" in Page.of(officer.get("/officer/hotspots?sort=dumps")).fields
    by_last = officer.get("/officer/hotspots?sort=incidents&view=print")
    assert codes(by_last) == [west, east]
    assert "at_least" not in Page.of(by_last).fields  # nothing to press on paper
    layer = officer.get("/officer/hotspots.geojson?at_least=9").get_json()["features"]
    assert {f["properties"]["code"] for f in layer} == {west}


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    "query", ["run=x&at_least=many&sort=size&class=huge", "view=script", "against="]
)
def test_an_address_that_makes_no_sense_shows_the_board(desk: Store, signed_in, query: str) -> None:
    answer = signed_in("officer").get(f"/officer/hotspots?{query}")
    assert answer.status_code == 200
    assert len(codes(answer)) == 2


def test_a_run_that_is_not_there_is_said(desk: Store, signed_in) -> None:
    answer = signed_in("officer").get("/officer/hotspots?run=99")
    assert answer.status_code == 404
    assert "There is no detection run 99" in answer.text


@time_machine.travel(NOW)
def test_a_dismissed_hotspot_comes_back_after_its_day(desk: Store, signed_in) -> None:
    with desk.writing() as session:
        west = board(session, today=NOW.date()).rows[0]
        hotspot_records.dismiss(
            session, ACTOR, west.identity_id, until=date(2026, 9, 1), reason="The depot"
        )
        for day, shown in ((date(2026, 9, 1), 1), (date(2026, 9, 2), 2)):
            assert len(board(session, today=day).rows) == shown
    officer = signed_in("officer")
    assert "1 dismissed by an officer is not shown" in officer.get("/officer/hotspots").text
    assert west.code in codes(officer.get("/officer/hotspots?dismissed=1"))


def test_map_layers_of_interventions_are_officers_alone(
    desk: Store, client: FlaskClient, signed_in
) -> None:
    camera = {"kind": "cctv", "name": "Cam", "camera_ref": "C1", "purpose": "Litter"}
    with desk.writing() as session:
        interventions.add(
            session, ACTOR, shapely.Point(WEST), **camera, valid_from=date(2026, 1, 1)
        )
    assert client.get("/officer/measures/cctv.geojson").status_code == 302
    officer = signed_in("officer")
    (feature,) = officer.get("/officer/measures/cctv.geojson").get_json()["features"]
    assert from_lonlat(*feature["geometry"]["coordinates"]) == pytest.approx(WEST, abs=0.5)
    assert officer.get("/officer/measures/posters.geojson").get_json()["features"] == []
    assert officer.get("/officer/measures/all.geojson").status_code == 404


def test_the_surface_is_darkest_where_dumps_recur(desk: Store, signed_in) -> None:
    features = signed_in("officer").get("/officer/surface.geojson").get_json()["features"]
    darkest = [f for f in features if f["properties"]["level"].startswith("20 times")]
    west = shapely.Point(to_lonlat(*WEST)).buffer(0.002)
    assert any(west.intersects(shapely.geometry.shape(f["geometry"])) for f in darkest)


@time_machine.travel(NOW)
def test_a_store_without_incidents_says_that_too_little_is_known(council: Store, signed_in) -> None:
    with council.writing() as session:
        run_now(session, ACTOR)
    page = Page.of(signed_in("officer").get("/officer/hotspots")).text
    assert "0 incidents in 12 months are too few to test (it takes 20)" in page
    assert "None can be told yet: too little is on record." in page
    assert "no more than chance" not in page  # which nobody has tested
