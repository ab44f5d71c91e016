"""The contractor's pages through the application, on both stores."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from geodata import places
from geodata.core.geography import to_lonlat
from geodata.core.vocabulary import PlaceKind
from geodata.models import Clearance, Photo, Report, ReporterContact, Street
from geodata.store import settings
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.page import Page
from web.services.clearing import depots
from web.services.reporting.intake import NewReport, take_report

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday

pytestmark = pytest.mark.usefixtures("_at_noon")


@pytest.fixture
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def tell(store: Store, x: float, days_ago: float, **rest: object) -> str:
    told_at = NOW - timedelta(days=days_ago)
    values = {"source": "public", "channel": "web", "reported_at": told_at} | rest
    new = NewReport(shapely.Point(553_000 + x, 174_000), **values)  # type: ignore[arg-type]
    with store.writing() as session:
        return take_report(session, new, now=told_at).incident_key


@pytest.fixture
def keys(council: Store) -> dict[str, str]:
    """Overdue since Monday's end; due tonight; needles due in an hour; found by a crew."""
    with council.writing() as session:
        places.add(
            session,
            PlaceKind.CAR_PARK,
            "Westgate",
            shapely.Point(553_000, 174_010),
            access="Height 2 m",
        )
    return {
        "overdue": tell(council, 0, 6, landmark="Bay 114", cylinders=3),
        "tonight": tell(council, 300, 2.1, charger_band="51_to_100"),
        "needles": tell(council, 2_600, 0.125, has_needles=True),
        "crew": tell(council, 900, 1, source="crew", description="My number is 07700 900123"),
    }


def order(page: str) -> list[str]:
    return re.findall(r'data-reference="(\w+)"', page)


def test_the_most_urgent_comes_first(signed_in: SignIn, keys: dict[str, str]) -> None:
    page = signed_in("contractor").get("/contractor/").text
    assert order(page) == [keys[k] for k in ("overdue", "needles", "tonight", "crew")]
    assert "Overdue: 1." in page
    # The third of two working days from Thursday 19 November ended on Monday the 23rd.
    assert "Was due 23 Nov 2026, 11:59pm, 36 hours ago" in page
    assert "Due 25 Nov 2026, 1:00pm, in 1 hour" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ward=East", ["needles"]),
        ("urgency=overdue", ["overdue"]),
        ("hazard=cylinders", ["overdue"]),
        ("hazard=needles&ward=West", []),
    ],
)
def test_filters(signed_in: SignIn, keys: dict[str, str], query: str, shown: list[str]) -> None:
    page = signed_in("contractor").get("/contractor/?" + query).text
    assert order(page) == [keys[k] for k in shown]


def test_nearest_first_with_distances(signed_in: SignIn, keys: dict[str, str]) -> None:
    # The crew stands at the needles; longitudes are east.
    lon, lat = to_lonlat(555_600, 174_000)
    page = signed_in("contractor").get(f"/contractor/?lon={lon}&lat={lat}").text
    assert order(page) == [keys[k] for k in ("needles", "crew", "tonight", "overdue")]
    assert "1.7 km away" in page
    assert "2.6 km away" in page
    assert signed_in("officer").get("/contractor/?lon=x&lat=1e9").status_code == 200


def test_a_reference_leads_to_its_job(signed_in: SignIn, keys: dict[str, str]) -> None:
    client = signed_in("contractor")
    answer = client.get(f"/contractor/?reference=%20{keys['tonight'].lower()}")
    assert answer.location.endswith(f"/contractor/jobs/{keys['tonight']}")
    assert client.get("/contractor/?reference=NOSUCH").status_code == 200


def test_a_job_says_what_a_crew_needs_and_not_who_reported(
    signed_in: SignIn, keys: dict[str, str], council: Store
) -> None:
    with council.writing() as session:
        report = session.scalars(select(Report.id).where(Report.reference == keys["crew"])).one()
        session.add(
            ReporterContact(report_id=report, email="jo@example.org", token="t", created_at=NOW)
        )
    client = signed_in("contractor")
    page = client.get(f"/contractor/jobs/{keys['overdue']}").text
    for words in ("Bay 114", "Westgate", "Height 2 m", "hand-separate, do not compact", "geo:51."):
        assert words in page
    everything = client.get("/contractor/").text + client.get("/contractor/worklist.csv").text
    everything += client.get(f"/contractor/jobs/{keys['crew']}").text
    assert "07700" not in everything
    assert "example.org" not in everything


def outcome(**fields: object) -> dict[str, object]:
    return {"outcome": "not_found", "idempotency_key": "k1"} | fields


def test_an_outcome_is_saved_and_the_next_job_offered(
    signed_in: SignIn, keys: dict[str, str], council: Store
) -> None:
    client = signed_in("contractor")
    fields = outcome(
        outcome="cleared",
        no_photo_reason="Dark",
        cylinders="3",
        sacks="1",
        weight_kg="4.5",
        charger_band="11_to_50",
        disposal="specialist_gas",
        occurred_at="2026-11-25T11:30:00Z",
        lon="0.2",
        lat="51.4",
        accuracy_m="9",
    )
    answer = client.post(f"/contractor/jobs/{keys['overdue']}", data=fields)
    page = client.get(answer.location).text
    assert "3 jobs left" in page
    assert f"/contractor/jobs/{keys['needles']}" in page
    with council.reading() as session:
        row = session.scalars(select(Clearance)).one()
        assert (row.cylinders, row.sacks, row.weight_kg, row.chargers) == (3, 1, 4.5, 25)
        assert row.occurred_at == NOW - timedelta(minutes=30)
        assert row.recorded_at == NOW
        assert row.geometry.x == pytest.approx(552_900, abs=2_000)
        assert row.user_id is not None


def test_a_photo_goes_with_it_and_loses_what_it_knew(
    signed_in: SignIn, keys: dict[str, str], council: Store
) -> None:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(made, "JPEG", comment=b"secret")
    client = signed_in("contractor")
    fields = outcome(outcome="cleared", pictures=(io.BytesIO(made.getvalue()), "a.jpg"))
    assert client.post(f"/contractor/jobs/{keys['overdue']}", data=fields).status_code == 302
    with council.reading() as session:
        photo = session.scalars(select(Photo)).one()
    answer = client.get(f"/contractor/photos/{photo.id}?small=1")
    assert answer.mimetype == "image/jpeg"
    assert b"secret" not in answer.data


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outcome": ""}, "Choose what you did"),
        ({"outcome": "cleared"}, "Add a photo, or say why there is none"),
        ({"outcome": "not_our_land"}, "Say whose land it is"),
        ({"outcome": "duplicate", "duplicate_of": "NOSUCH"}, "there is no incident NOSUCH"),
        ({"cylinders": "-1"}, "Enter a whole number, 0 or more"),
    ],
)
def test_a_faulty_form_comes_back_with_a_sentence_and_what_was_typed(
    signed_in: SignIn, keys: dict[str, str], council: Store, fields: dict, words: str
) -> None:
    client = signed_in("contractor")
    answer = client.post(
        f"/contractor/jobs/{keys['overdue']}", data=outcome(note="Gate code", **fields)
    )
    assert answer.status_code == 400
    assert words in answer.text
    assert "Gate code" in answer.text
    with council.reading() as session:
        assert session.scalars(select(Clearance)).all() == []


def test_a_broken_photo_is_refused_and_nothing_is_stored(
    signed_in: SignIn, keys: dict[str, str], council: Store
) -> None:
    fields = outcome(outcome="cleared", pictures=(io.BytesIO(b"<script>"), "a.jpg"))
    answer = signed_in("contractor").post(f"/contractor/jobs/{keys['overdue']}", data=fields)
    assert answer.status_code == 400
    with council.reading() as session:
        assert session.scalars(select(Clearance)).all() == []


def test_a_job_that_is_its_own_duplicate_is_refused_whole(
    signed_in: SignIn, keys: dict[str, str], council: Store
) -> None:
    fields = outcome(outcome="duplicate", duplicate_of=keys["overdue"])
    answer = signed_in("contractor").post(f"/contractor/jobs/{keys['overdue']}", data=fields)
    assert answer.status_code == 400
    with council.reading() as session:
        assert session.scalars(select(Clearance)).all() == []


def test_a_queued_outcome_is_answered_to_the_script_and_taken_once(
    signed_in: SignIn, keys: dict[str, str], council: Store
) -> None:
    client = signed_in("contractor")
    address = f"/contractor/outcomes/{keys['tonight']}"
    first = client.post(address, data=outcome()).get_json()
    again = client.post(address, data=outcome()).get_json()
    assert first == {"reference": keys["tonight"], "state": "not_found", "is_new": True}
    assert again["is_new"] is False
    refused = client.post(address, data=outcome(outcome="cleared", idempotency_key="k2"))
    assert refused.status_code == 422
    assert "photo" in refused.get_json()["problem"]
    assert "token" in client.get("/contractor/token").get_json()
    with council.reading() as session:
        assert len(session.scalars(select(Clearance)).all()) == 1


def test_an_entry_is_corrected_from_the_job_page(
    signed_in: SignIn, keys: dict[str, str], council: Store
) -> None:
    client = signed_in("contractor")
    address = f"/contractor/jobs/{keys['overdue']}"
    client.post(address, data=outcome())
    with council.reading() as session:
        wrong = session.scalars(select(Clearance.id)).one()
    assert Page.of(client.get(f"{address}?replaces={wrong}")).value("replaces") == str(wrong)
    fields = outcome(outcome="no_access", idempotency_key="k2", replaces=str(wrong))
    assert client.post(address, data=fields).status_code == 302
    page = client.get(address).text
    assert "(corrected later)" in page
    assert "Clock stopped" in page


def test_the_spreadsheet_says_the_same_and_runs_no_formula(
    signed_in: SignIn, keys: dict[str, str], council: Store
) -> None:
    tell(council, 1_200, 0.5, landmark="=HYPERLINK()")
    text = signed_in("contractor").get("/contractor/worklist.csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["report_ref"] for row in rows][:2] == [keys["overdue"], keys["needles"]]
    assert rows[0]["due_local_time"] == "2026-11-23 23:59"
    assert (rows[0]["reported_cylinders"], rows[0]["cylinders"]) == ("3", "")
    assert rows[0]["reported_grid_ref"] == "TQ 5300 7400"
    assert "'=HYPERLINK()" in {row["landmark"] for row in rows}


def test_a_round_goes_along_the_streets_that_were_imported(
    signed_in: SignIn, keys: dict[str, str], council: Store
) -> None:
    client = signed_in("contractor")
    assert (
        "straight lines times 1.4: no street map was imported"
        in client.get("/contractor/round").text
    )
    # The crew stands at the one end of a street whose other end is at the needles.
    corners = [(0, 0), (0, -1_000), (2_600, -1_000), (2_600, 0)]
    line = shapely.LineString([(553_000 + x, 174_000 + y) for x, y in corners])
    with council.writing() as session:
        session.add(Street(geometry=line))
    lon, lat = to_lonlat(553_000, 174_000)
    query = f"?hazard=needles&lon={lon}&lat={lat}"
    page = client.get("/contractor/round" + query).text
    assert order(page) == [keys["needles"]]
    assert "Distances are along the streets" in page
    assert "after about 4.6 km" in page  # 1,000 m + 2,600 m + 1,000 m; straight it would be 3.6 km
    assert "about 9.2 km of road" in page


def test_a_round_starts_at_the_depot_that_the_council_has_set(
    signed_in: SignIn, keys: dict[str, str], council: Store
) -> None:
    client = signed_in("contractor")
    address = "/contractor/round?hazard=needles"
    assert "From the middle of the borough" in client.get(address).text
    with council.writing() as session:
        # 4 km west of the needles and outside the borough, as contractors' depots may be
        depot = depots.find_depot(session, "551600, 174000")
        settings.write(session, depots.DEPOT, depot.to_record())
    page = client.get(address).text
    assert "From the depot, TQ 5160 7400" in page
    assert "about 11.2 km of road" in page  # 4 km there and 4 km back, times 1.4
    lon, lat = to_lonlat(553_000, 174_000)
    assert "From where you are" in client.get(f"{address}&lon={lon}&lat={lat}").text


def test_a_round_visits_every_job_and_comes_as_gpx(signed_in: SignIn, keys: dict[str, str]) -> None:
    client = signed_in("contractor")
    page = client.get("/contractor/round?hours=8").text
    assert sorted(order(page)) == sorted(keys.values())
    route = ElementTree.fromstring(client.get("/contractor/round.gpx").data)
    names = [e.text.split()[1] for e in route.iter("{http://www.topografix.com/GPX/1/1}name")][1:]
    assert names == order(page)
    places = ElementTree.fromstring(client.get("/contractor/round.kml").data).iterfind(
        ".//{*}Placemark"
    )
    assert [place.findtext("{*}name").split()[1] for place in places] == order(page)
    assert client.get("/contractor/round?hours=-3").status_code == 200
    line, start, *stops = client.get("/contractor/round.geojson").get_json()["features"]
    assert [stop["properties"]["number"] for stop in stops] == ["1", "2", "3", "4"]
    # From where it starts, by each stop, and back.
    at = [each["geometry"]["coordinates"] for each in (start, *stops, start)]
    assert line["geometry"]["coordinates"] == at
    assert start["properties"]["where"] == "the middle of the borough"


def test_the_map_has_every_job(signed_in: SignIn, keys: dict[str, str]) -> None:
    layer = signed_in("contractor").get("/contractor/jobs.geojson").get_json()
    assert [f["properties"]["urgency"] for f in layer["features"]][:2] == [
        "Overdue",
        "Due within 4 hours",
    ]


@pytest.mark.parametrize("role", ["partner", None])
def test_nobody_else_sees_the_worklist(
    signed_in: SignIn, client: FlaskClient, keys: dict[str, str], role: str | None
) -> None:
    visitor = signed_in(role) if role else client
    for path in (
        "/",
        "/jobs/" + keys["crew"],
        "/worklist.csv",
        "/round",
        "/jobs.geojson",
        "/token",
    ):
        assert visitor.get("/contractor" + path).status_code in {302, 403}


def test_the_worker_and_the_manifest_are_served_from_where_they_rule(client: FlaskClient) -> None:
    worker = client.get("/contractor/sw.js")
    assert worker.mimetype == "text/javascript"
    assert "&#" not in worker.text  # JavaScript, not HTML
    assert client.get("/contractor/manifest.webmanifest").get_json()["scope"] == "/contractor/"


@pytest.mark.parametrize("name", ["endpoint", "_scheme", "_external", "_anchor", "_method"])
def test_a_query_that_names_what_url_for_reads_does_no_harm(
    signed_in: SignIn, keys: dict[str, str], name: str
) -> None:
    page = signed_in("contractor").get(f"/contractor/map.js?{name}=https://elsewhere.example")
    assert page.status_code == 200
    assert "elsewhere.example" not in page.text
