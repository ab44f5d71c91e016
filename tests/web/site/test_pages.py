"""What everybody and what officers see, through the application."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
import shapely
from flask.testing import FlaskClient

from geodata.store.engine import Store
from hotspots.detection import DetectionParams
from tests.filled_stores import filled_once
from tests.signing_key import SIGNING_KEY
from tests.taking_in import import_file
from tests.web.conftest import make_app
from tests.web.page import Page
from web.application import create_app
from web.config import Config
from web.services.detection import detecting
from web.services.incidents.linking import relink
from web.services.publishing.releasing import release_due

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FEBRUARY = datetime(2027, 2, 2, 12, tzinfo=UTC)


@pytest.fixture
@filled_once
def dumps(council: Store, tmp_path: Path) -> Store:
    """Twelve dumps at one spot in West, over a week apart; nine scattered, three in East."""
    rows = [
        f"2026-0{month}-{day:02},552500,174000" for month in (4, 5, 6, 7) for day in (2, 11, 20)
    ]
    rows += [f"2026-0{month}-10,{553_000 + 150 * month},173500" for month in range(1, 10)]
    path = tmp_path / "reports.csv"
    path.write_text("Date,Easting,Northing\n" + "\n".join(rows))
    with council.writing() as session:
        import_file(session, "reports", path, now=NOW)
        relink(session, now=NOW)
    return council


def detect(store: Store) -> None:
    with store.writing() as session:
        detecting.run(session, DetectionParams(), as_of=NOW, now=NOW)


@pytest.fixture
def released(dumps: Store) -> Store:
    """Released in February 2027: January to September of 2026 have a record."""
    with dumps.writing() as session:
        release_due(session, now=FEBRUARY)
    return dumps


def test_before_a_release_the_public_sees_no_count(dumps: Store, client: FlaskClient) -> None:
    page = Page.of(client.get("/"))
    assert page.link("Testford") == "/"
    assert "No figures are released yet" in page.text
    assert "Reported" not in client.get("/feed.atom").text
    assert client.get("/figures.json").get_json() == {"figures": []}
    shown = {f["properties"]["shown"] for f in client.get("/wards.geojson").get_json()["features"]}
    assert shown == {"Not released yet"}


def test_the_public_sees_wards_and_no_small_count(released: Store, client: FlaskClient) -> None:
    page = Page.of(client.get("/"))
    wards = {row["Ward"]: row["Reported"] for row in page.table("By ward, 2026").rows}
    # were West's 18 told, East would be 21 - 18
    assert wards == {"West": "Too few to show", "East": "Too few to show"}
    months = page.table("By month, the whole borough").rows
    assert [row["Month"] for row in months][::8] == ["January 2026", "September 2026"]
    # one in the first three months; four from April to July
    assert {row["Reported"] for row in months} == {"Too few to show"}


def test_the_feed_says_what_the_page_says_and_no_more(released: Store, client: FlaskClient) -> None:
    answer = client.get("/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.data)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}title") for entry in entries][:2] == [
        "Wards in 2026",
        "September 2026",
    ]
    summaries = [entry.findtext(f"{atom}summary") or "" for entry in entries]
    assert not re.search(r"\b[1-4]\b", " ".join(summaries))
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{atom}{name}")


def test_the_public_map_holds_no_point(released: Store, client: FlaskClient) -> None:
    layer = client.get("/wards.geojson").get_json()
    assert {f["properties"]["name"] for f in layer["features"]} == {"West", "East"}
    assert {f["geometry"]["type"] for f in layer["features"]} == {"Polygon"}
    assert set(layer["features"][0]["properties"]) == {"name", "shown", "in_target", "style"}


def test_hotspots_are_for_officers_only(client: FlaskClient, signed_in) -> None:
    paths = ["hotspots", "hotspots.js", "hotspots.geojson", "incidents.geojson", "wards.geojson"]
    paths += ["hotspots.kml", "hotspots.gpx"]
    crew = signed_in("contractor")
    for path in paths:
        answer = client.get(f"/officer/{path}")
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in")
        assert crew.get(f"/officer/{path}").status_code == 403


def test_several_refused_requests_are_told_once(client: FlaskClient) -> None:
    for path in ("/officer/hotspots", "/contractor/token", "/contractor/"):
        client.get(path)
    assert client.get("/sign-in").text.count("Sign in to see this page.") == 1


def test_an_officer_sees_each_hotspot_and_its_reason(dumps: Store, signed_in) -> None:
    officer = signed_in("officer")
    assert "No detection has run yet" in officer.get("/officer/hotspots").text
    detect(dumps)
    page = officer.get("/officer/hotspots").text
    assert "12 separate incidents on 12 nights" in page
    features = officer.get("/officer/hotspots.geojson").get_json()["features"]
    outline, ring = (shapely.geometry.shape(feature["geometry"]) for feature in features)
    assert outline.covers(ring)
    # 552500, 174000 is 0.19299 E, 51.44441 N; a ten-thousandth of a degree is 7 to 11 m
    assert outline.buffer(1e-4).covers(shapely.Point(0.19299, 51.44441))
    kml = ElementTree.fromstring(officer.get("/officer/hotspots.kml").data)
    corners = [at.split(",") for at in (kml.findtext(".//{*}coordinates") or "").split()]
    in_kml = shapely.Polygon([(float(lon), float(lat)) for lon, lat in corners])
    assert in_kml.symmetric_difference(outline).area < 0.01 * outline.area
    point = ElementTree.fromstring(officer.get("/officer/hotspots.gpx").data).find("{*}wpt")
    assert outline.covers(shapely.Point(float(point.get("lon")), float(point.get("lat"))))
    assert len(officer.get("/officer/incidents.geojson").get_json()["features"]) == 21


def test_every_answer_forbids_inline_script(client: FlaskClient) -> None:
    for path in ("/", "/sign-in", "/nowhere", "/map.js", "/static/site.css"):
        with client.get(path) as answer:
            policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_pages_hold_no_inline_script_or_style(dumps: Store, client: FlaskClient, signed_in) -> None:
    detect(dumps)
    officer = signed_in("officer")
    for page in (client.get("/"), client.get("/sign-in"), officer.get("/officer/hotspots")):
        assert not re.search(r"<script(?![^>]* src=)", page.text)
        assert not re.search(r"<style|\sstyle=|\son\w+=", page.text)


def test_everything_a_page_loads_is_kept_here(client: FlaskClient) -> None:
    page = client.get("/").text
    loaded = re.findall(r'<(?:link|script)[^>]*(?:href|src)="([^"]+)"', page)
    assert len(loaded) > 5
    for address in loaded:
        assert address.startswith("/"), address
        with client.get(address) as answer:  # closes the file
            assert answer.status_code == 200, address


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/nowhere", 404, "Page not found"), ("/sign-out", 405, "answers to a form only")],
)
def test_errors_are_pages_in_plain_words(
    client: FlaskClient, path: str, status: int, words: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert "Testford" in answer.text


def test_a_fault_of_ours_is_said_without_its_details(council: Store) -> None:
    app = make_app(council)
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    app.add_url_rule("/fault", "fault", lambda: 1 / 0)
    answer = app.test_client().get("/fault")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "ZeroDivision" not in answer.text


def test_a_body_that_is_too_big_is_refused(app, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = client.post("/sign-in", data={"name": "x" * 2000})
    assert answer.status_code == 413
    assert "too big" in answer.text


def test_health_answers_while_the_store_does(client: FlaskClient) -> None:
    assert client.get("/health").get_json() == {"status": "ok"}


def test_a_background_map_is_drawn_with_its_attribution_and_its_host_allowed(
    council: Store,
) -> None:
    config = Config(
        secret_key=SIGNING_KEY,
        tile_url="https://{s}.tiles.example.org/{z}/{x}/{y}.png",
        tile_attribution="© Makers of maps",
        tile_max_zoom=17,
    )
    answer = create_app(config, store=council).test_client().get("/map.js")
    assert "https://{s}.tiles.example.org/{z}/{x}/{y}.png" in answer.text
    assert json.dumps("© Makers of maps")[1:-1] in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://*.tiles.example.org;" in policy
    assert "default-src 'none'" in policy


def test_without_a_background_map_no_other_host_is_allowed(client: FlaskClient) -> None:
    answer = client.get("/map.js")
    assert "tileLayer" not in answer.text
    assert "http" not in answer.headers["Content-Security-Policy"]
