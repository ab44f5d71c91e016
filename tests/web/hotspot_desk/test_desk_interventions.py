"""Recording what was done: by any way to say a place, with bad input answered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from shapely.geometry import Point

from geodata import places
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import InterventionKind, PlaceKind
from geodata.people.audit import Actor
from geodata.posters import interventions
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import run_now, scattered, store_incidents, weekly
from tests.web.page import Page
from web.services.common.written_places import place_of

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
NEW = "/officer/interventions/new"
FORM = {
    "kind": "lighting",
    "name": "Two lamps",
    "where": "TQ 530 740",
    "radius_m": "50",
    "valid_from": "2026-06-01",
}


@pytest.fixture
@filled_once
def desk(council: Store) -> Store:
    spots = [(553_000, 174_000, weekly(12, NOW - timedelta(days=3)))]
    a_year_before = scattered(NOW - timedelta(days=360))  # a record that effects can look back on
    store_incidents(council, spots + scattered(NOW) + a_year_before, now=NOW)
    with council.writing() as session:
        run_now(session, Actor(None, NOW))
        places.add(session, PlaceKind.PARK, "Park", shapely.box(553_900, 173_900, 554_100, 174_100))
        for x in (552_500, 555_500):
            places.add(session, PlaceKind.STREET, "High Street", Point(x, 174_000))
    return council


@pytest.fixture
def officer(desk: Store, signed_in) -> Iterator[FlaskClient]:
    """Signed in, with the clock at NOW."""
    with time_machine.travel(NOW):
        yield signed_in("officer")


@pytest.mark.parametrize(
    ("text", "middle", "area"),
    [
        ("TQ 530 740", (553_050, 174_050), 2_500 * 3.14),  # the middle of its square of 100 m
        ("553000, 174000", (553_000, 174_000), 2_500 * 3.14),
        ("51.44433, 0.20019", (553_000, 174_000), 2_500 * 3.14),
        ("park", (554_000, 174_000), 200 * 200),  # its own outline
    ],
)
def test_a_place_is_said_in_many_ways(
    desk: Store, text: str, middle: tuple[float, float], area: float
) -> None:
    with desk.reading() as session:
        place = place_of(session, text, radius_m=50)
    assert place.centroid.distance(Point(middle)) < 5
    assert place.area == pytest.approx(area, rel=0.02)


def test_a_hotspot_s_code_means_its_outline(desk: Store) -> None:
    with desk.reading() as session:
        assert place_of(session, "h-0001", radius_m=0).covers(Point(553_000, 174_000))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("H-0077", "there is no hotspot H-0077"),
        ("High Street", "2 places are called"),
        ("behind the pub", "no known place"),
        ("", "no known place"),
        ("51.5, 0.9", "km outside the borough"),
        ("0, 0", "lies nowhere near the borough"),
        ("90, 180", "lies nowhere near the borough"),
    ],
)
def test_a_place_that_is_none_is_refused_with_what_to_do(
    desk: Store, text: str, words: str
) -> None:
    with desk.reading() as session, pytest.raises(RefusedError, match=words):
        place_of(session, text, radius_m=50)


def test_an_intervention_is_recorded_and_corrected(desk: Store, officer: FlaskClient) -> None:
    answer = officer.post(NEW, data=FORM | {"cost": "1250.50"}, follow_redirects=True)
    assert "£1,250.50" in answer.text
    edit = "/officer/interventions/1/edit"
    assert "Leave it empty to keep that" in officer.get(edit).text
    officer.post(edit, data=FORM | {"where": "", "name": "Three lamps", "cost": ""})
    with desk.reading() as session:
        kept = interventions.find(session, 1)
        assert kept.name == "Three lamps"
        assert kept.geometry.centroid.distance(Point(553_050, 174_050)) < 1
    page = " ".join(officer.get("/officer/interventions/1").text.split())
    assert "name from Two lamps to Three lamps" in page
    assert "cost pence from 125050 to nothing" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("where", "nowhere", "no known place"),
        ("radius_m", "wide", "Enter a whole number"),
        ("valid_to", "2026-05-01", "lies before the first"),
        ("cost", "lots", "Enter a number, such as 12.50"),
        ("name", "", "Enter a name"),
        ("kind", "drone", "Choose one of the list"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_lost(
    desk: Store, officer: FlaskClient, field: str, value: str, words: str
) -> None:
    answer = officer.post(NEW, data=FORM | {"note": "Kept text", field: value})
    assert answer.status_code == 400
    page = Page.of(answer)
    assert words in page.fields[field].error
    assert page.value("note") == "Kept text"
    with desk.reading() as session:
        assert interventions.listed(session) == []


def test_the_cctv_log_says_what_must_be_weeded(officer: FlaskClient) -> None:
    camera = FORM | {"kind": "cctv", "camera_ref": "CAM-7", "export_ref": "EX-1"}
    refused = officer.post(NEW, data=camera)
    assert Page.of(refused).fields["purpose"].error
    officer.post(NEW, data=camera | {"purpose": "Litter", "weed_on": "2026-07-31"})
    officer.post(NEW, data=FORM)
    (log,) = Page.of(officer.get("/officer/interventions?kind=cctv")).tables
    (camera_row,) = log.cells
    assert "CAM-7" in " ".join(camera_row)
    assert "Weed now" in " ".join(camera_row)


def test_only_officers_may_see_or_record(client: FlaskClient, signed_in) -> None:
    crew = signed_in("contractor")
    for path in (NEW, "/officer/interventions", "/officer/interventions/map.js"):
        assert client.get(path).status_code == 302
        assert crew.get(path).status_code == 403


@pytest.mark.parametrize("kind", [kind.value for kind in InterventionKind])
def test_every_kind_is_entered_ended_and_seen_at_the_hotspot_and_its_effect(
    officer: FlaskClient, kind: str
) -> None:
    camera = {"camera_ref": "CAM-7", "purpose": "Litter"} if kind == "cctv" else {}
    form = FORM | camera | {"kind": kind, "where": "H-0001", "name": "Thing done"}
    answer = officer.post(NEW, data=form | {"cost": "10", "note": "Went well"})
    assert answer.location == "/officer/interventions/1"
    page = officer.get(answer.location).text
    assert "£10.00" in page
    assert "Went well" in page
    assert "1 Jun 2026 to further notice" in page
    ended = officer.post(f"{answer.location}/end", data={"valid_to": "2026-07-15"})
    assert ended.location == answer.location
    page = officer.get(answer.location).text
    assert "1 Jun 2026 to 15 Jul 2026" in page
    assert "End it" not in page
    assert "valid to from nothing to 2026-07-15" in " ".join(page.split())
    hotspot = Page.of(officer.get("/officer/hotspots/H-0001"))
    assert hotspot.link("Thing done") == "/officer/interventions/1"
    assert "Did it work? Thing done" in officer.get("/officer/effects/intervention/1").text


@pytest.mark.parametrize(
    ("day", "words"), [("2026-05-01", "lies before the first"), ("", "Enter a day")]
)
def test_an_end_that_cannot_be_is_refused_and_nothing_changed(
    desk: Store, officer: FlaskClient, day: str, words: str
) -> None:
    officer.post(NEW, data=FORM)
    answer = officer.post("/officer/interventions/1/end", data={"valid_to": day})
    assert answer.status_code == 400
    assert words in answer.text
    with desk.reading() as session:
        assert interventions.find(session, 1).valid_to is None


@pytest.mark.parametrize("name", ["West", "west ward"])
def test_something_done_in_a_whole_ward_names_the_ward(
    desk: Store, officer: FlaskClient, name: str
) -> None:
    answer = officer.post(NEW, data=FORM | {"kind": "event", "where": name})
    assert answer.status_code == 302
    with desk.reading() as session:
        assert interventions.find(session, 1).geometry.bounds == (
            552_000,
            173_000,
            554_000,
            175_000,
        )
