"""The map of one hotspot, and the tables that say the same."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from shapely.geometry import Point, shape

from geodata import detections, places
from geodata.core.vocabulary import PlaceKind
from geodata.people.audit import Actor
from geodata.posters import interventions, poster_events, poster_sites
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import run_now, scattered, store_incidents, weekly
from tests.web.page import Page
from web.services.hotspots.hotspot_surroundings import surroundings

NOW = datetime(2026, 7, 31, 12, tzinfo=UTC)
ACTOR = Actor(None, NOW)
PAGE = "/officer/hotspots/H-0001"
LAYERS = ("outlines", "orders", "cctv", "posters", "other", "fixtures", "incidents")


@pytest.fixture
@filled_once
def ground(council: Store) -> Store:
    """A hotspot of two runs with a camera, a past operation, a poster and two lamp columns."""
    spots = [(553_000, 174_000, weekly(20, NOW - timedelta(days=3)))]
    store_incidents(council, spots + scattered(NOW), now=NOW, state="cleared")
    with council.writing() as session:
        for days in (40, 0):
            run_now(session, ACTOR, as_of=NOW - timedelta(days=days))
        here = Point(553_020, 174_000).buffer(30)
        interventions.add(
            session,
            ACTOR,
            here,
            kind="cctv",
            name="Camera 4",
            camera_ref="C4",
            purpose="Dumping",
            valid_from=date(2026, 6, 1),
        )
        interventions.add(
            session,
            ACTOR,
            here,
            kind="operation",
            name="Spring sweep",
            valid_from=date(2026, 3, 1),
            valid_to=date(2026, 3, 2),
        )
        for name, x in (("Column 12", 553_040), ("Column 99", 555_000)):
            places.add(session, PlaceKind.LAMP_COLUMN, name, Point(x, 174_000))
        site = poster_sites.add(session, ACTOR, "Gate", Point(553_060, 174_000), campaign_id=None)
        at = NOW - timedelta(days=1)
        poster_events.add(session, site, "damaged", at=at, now=NOW, user_id=None)
    return council


def test_it_has_all_that_lies_within_250_metres(ground: Store) -> None:
    with ground.reading() as session:
        around = surroundings(session, "H-0001", now=NOW)
        history = detections.history_of(session, detections.find_by_code(session, "H-0001").id)
    assert around.outlines["as_of"].tolist() == ["31 Jul 2026", "21 Jun 2026"]
    assert around.outlines["dumps"].tolist() == [h.incidents for _, h in history]
    assert around.intervention_records["name"].tolist() == ["Spring sweep", "Camera 4"]
    assert around.intervention_records["holds"].tolist() == [False, True]
    fixtures = around.fixtures
    assert fixtures["what"].tolist() == ["Damaged", "Lamp column"]
    assert fixtures["name"].tolist()[1] == "Column 12"
    outline = history[0][1].geometry
    assert (around.incidents.distance(outline) <= 250.5).all()
    assert around.incidents["age_days"].is_monotonic_increasing  # the newest first
    assert len(around.incidents) >= 20


@time_machine.travel(NOW)
def test_every_layer_is_served_to_officers_only(ground: Store, signed_in, client) -> None:
    officer, crew = signed_in("officer"), signed_in("contractor")
    for address in (f"{PAGE}.js", *(f"{PAGE}/{layer}.geojson" for layer in LAYERS)):
        assert officer.get(address).status_code == 200, address
        assert crew.get(address).status_code == 403
        assert client.get(address).status_code == 302
    assert officer.get(f"{PAGE}/secrets.geojson").status_code == 404
    assert officer.get("/officer/hotspots/H-0099/outlines.geojson").status_code == 404
    assert officer.get("/officer/hotspots/H-0099.js").status_code == 404


@time_machine.travel(NOW)
def test_the_newest_outline_is_on_top_and_interventions_say_whether_they_hold(
    ground: Store, signed_in
) -> None:
    officer = signed_in("officer")
    outlines = officer.get(f"{PAGE}/outlines.geojson").json["features"]
    assert [f["properties"]["as_of"] for f in outlines] == ["21 Jun 2026", "31 Jul 2026"]
    assert ["dashArray" in f["properties"]["style"] for f in outlines] == [True, False]
    camera = officer.get(f"{PAGE}/cctv.geojson").json["features"][0]["properties"]
    sweep = officer.get(f"{PAGE}/other.geojson").json["features"][0]["properties"]
    assert "dashArray" not in camera["style"]
    assert "dashArray" in sweep["style"]
    dump = officer.get(f"{PAGE}/incidents.geojson").json["features"][-1]["properties"]
    assert dump["href"].startswith("/officer/incidents/K")
    lon, lat = shape(outlines[1]["geometry"]).centroid.coords[0]
    # 553000, 174000 is 0.2 E, 51.44 N
    assert (lon, lat) == pytest.approx((0.200, 51.444), abs=5e-3)


@time_machine.travel(NOW)
def test_the_tables_say_what_the_map_shows(ground: Store, signed_in) -> None:
    answer = signed_in("officer").get(PAGE)
    page = Page.of(answer).text
    for words in ("Camera 4", "Spring sweep", "Column 12", "Gate", "Damaged", "Lamp column"):
        assert words in page
    assert "Column 99" not in page
    links = Page.of(answer).links
    assert sum(link.href.startswith("/officer/incidents/K") for link in links) >= 20
    assert 'src="/officer/hotspots/H-0001.js"' in answer.text
