"""OGC API - Features: who reads what, which features a query means, and where they lie."""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pyproj
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV30SpecValidator
from schemathesis.specs.openapi.checks import positive_data_acceptance
from werkzeug.serving import make_server

from geodata.core.vocabulary import Scope
from geodata.store import releases
from geodata.store.engine import Store
from tests.web.api.conftest import MakeKey
from tests.web.desk import scattered, store_incidents

Keyed = Callable[..., FlaskClient]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EPSG = "http://www.opengis.net/def/crs/EPSG/0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
OPEN = {"borough", "wards", "ward_figures", "places", "orders"}
CLOSED = {"incidents", "reports", "clearances", "hotspots", "interventions", "poster_sites"}
INCIDENTS = "/ogc/collections/incidents/items"
EVERY = 25


@pytest.fixture
def officer(keyed: Keyed, council: Store) -> FlaskClient:
    """A map program with an officer's key, and 25 dumps 12 days apart to read."""
    store_incidents(council, scattered(NOW, EVERY), now=NOW)
    return keyed(Scope.READ_OFFICER)


def _ids(client: FlaskClient, **query: object) -> set[str]:
    answer = client.get(INCIDENTS, query_string={"limit": 1_000} | query)
    assert answer.status_code == 200, answer.text
    ids = {feature["id"] for feature in answer.json["features"]}
    assert answer.json["numberMatched"] == answer.json["numberReturned"] == len(ids)
    return ids


def test_key_opens_what_is_not_public(client: FlaskClient, officer: FlaskClient) -> None:
    def listed(reader: FlaskClient) -> set[str]:
        return {each["id"] for each in reader.get("/ogc/collections").json["collections"]}

    assert listed(client) == OPEN
    assert listed(officer) == OPEN | CLOSED
    for name in OPEN | CLOSED:
        for rest in ("", "/items", "/items/1"):
            address = f"/ogc/collections/{name}{rest}"
            status = client.get(address).status_code
            assert (status == 401) == (name in CLOSED), address


def test_key_without_the_scope_opens_nothing_more(keyed: Keyed) -> None:
    others = keyed(*(scope for scope in Scope if scope != Scope.READ_OFFICER))
    refused = others.get(INCIDENTS)
    assert refused.status_code == 403
    assert "read:officer" in refused.json["detail"]


def test_key_is_taken_as_a_password(app: Flask, officer: FlaskClient, make_key: MakeKey) -> None:
    key = make_key(Scope.READ_OFFICER)
    assert app.test_client().get(INCIDENTS, auth=("any name", key)).status_code == 200
    assert app.test_client().get(INCIDENTS, auth=("any name", "x")).status_code == 401


def test_pages_hold_every_feature_once(officer: FlaskClient) -> None:
    address, pages = f"{INCIDENTS}?limit=10", []
    while address:
        page = officer.get(address).json
        assert page["numberMatched"] == EVERY
        pages.append([feature["id"] for feature in page["features"]])
        address = {link["rel"]: link["href"] for link in page["links"]}.get("next")
    assert [len(page) for page in pages] == [10, 10, 5]
    assert {each for page in pages for each in page} == {f"K{n:04}" for n in range(EVERY)}


def test_coordinates_come_in_the_order_of_the_systems_axes(officer: FlaskClient) -> None:
    x, y, _ = scattered(NOW, 1)[0]
    lon, lat = pyproj.Transformer.from_crs(27700, 4326, always_xy=True).transform(x, y)
    expected = {
        CRS84: pytest.approx((lon, lat), abs=1e-7),
        f"{EPSG}/4326": pytest.approx((lat, lon), abs=1e-7),
        f"{EPSG}/27700": (x, y),
    }
    for uri, coordinates in expected.items():
        for address in (f"{INCIDENTS}/K0000", INCIDENTS):
            answer = officer.get(address, query_string={"crs": uri})
            feature = answer.json if "features" not in answer.json else answer.json["features"][0]
            assert tuple(feature["geometry"]["coordinates"]) == coordinates
            assert answer.headers["Content-Crs"] == f"<{uri}>"
            assert answer.mimetype == "application/geo+json"


def test_box_holds_exactly_what_lies_in_it(officer: FlaskClient) -> None:
    """On the grid a box in degrees is turned by 1.7 degrees here: 50 m at the end of a ward."""
    to_degrees = pyproj.Transformer.from_crs(27700, 4326, always_xy=True)
    spots = {f"K{n:04}": spot[:2] for n, spot in enumerate(scattered(NOW, EVERY))}
    degrees = {name: to_degrees.transform(*spot) for name, spot in spots.items()}
    lons, lats = (sorted(each) for each in zip(*degrees.values(), strict=True))
    for k in (2, 7, 12):
        x0, x1, y0, y1 = lons[k] - 1e-6, lons[-k] + 1e-6, lats[k] - 1e-6, lats[-k] + 1e-6
        inside = {n for n, (x, y) in degrees.items() if x0 <= x <= x1 and y0 <= y <= y1}
        assert _ids(officer, bbox=f"{x0},{y0},{x1},{y1}") == inside
        assert _ids(officer, bbox=f"{x0},{y0},-5,{x1},{y1},99") == inside
        turned = f"{y0},{x0},{y1},{x1}"
        assert _ids(officer, bbox=turned, **{"bbox-crs": f"{EPSG}/4326"}) == inside
    inside = {
        n for n, (x, y) in spots.items() if 552_500 <= x <= 554_000 and 173_400 <= y <= 174_500
    }
    assert 0 < len(inside) < EVERY
    grid = {"bbox": "552500,173400,554000,174500", "bbox-crs": f"{EPSG}/27700"}
    assert _ids(officer, **grid) == inside


def test_box_goes_round_the_world_or_misses_it(officer: FlaskClient) -> None:
    everything = {f"K{n:04}" for n in range(EVERY)}
    assert _ids(officer, bbox="-180,-90,180,90") == everything
    assert _ids(officer, bbox="0,50,-170,60") == everything  # east across 180 degrees
    assert _ids(officer, bbox="170,50,-170,60") == set()
    assert _ids(officer, bbox="100,-20,110,-10") == set()


def test_time_is_an_instant_a_day_or_an_interval(officer: FlaskClient) -> None:
    """The k-th dump was told of 12k days and 5 hours before 20 November, noon: at 7 UTC."""
    assert _ids(officer, datetime="2026-11-20T07:00:00Z") == {"K0000"}
    assert _ids(officer, datetime="2026-11-20T07:00:01Z") == set()
    assert _ids(officer, datetime="2026-11-08") == {"K0001"}
    assert _ids(officer, datetime="2026-10-27T00:00:00Z/2026-11-09T00:00:00Z") == {"K0001", "K0002"}
    assert _ids(officer, datetime="2026-11-08/..") == {"K0000", "K0001"}
    assert len(_ids(officer, datetime="/2026-11-08T06:59:59Z")) == EVERY - 2


BAD = {
    "limit": ["0", "-1", "x", "1.5", ""],
    "bbox": ["1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "0,60,1,50", "0,0,0,91", "0,0,181,1"],
    "bbox-crs": ["EPSG:4326", ""],
    "crs": [f"{EPSG}/3857", "x"],
    "datetime": ["yesterday", "2026-11-20T07:00:00", "2026-11-20/2026-11-19", "../..", "x/y/z"],
    "cursor": ["x", "c-1", "c9999999999"],
    "f": ["xml"],
    "colour": ["red"],
}


def test_every_bad_parameter_is_named_with_what_to_do(officer: FlaskClient) -> None:
    for name, values in BAD.items():
        for value in values:
            answer = officer.get(INCIDENTS, query_string={name: value})
            assert answer.status_code == 400, (name, value)
            assert answer.mimetype == "application/problem+json"
            assert [fault["where"] for fault in answer.json["faults"]] == [f"query.{name}"]
            assert len(answer.json["faults"][0]["what"]) > 15
    for address in ("nothing", "incidents/items/K9", "clearances/items/x", "clearances/items/²"):
        assert officer.get(f"/ogc/collections/{address}").status_code == 404
    assert len(officer.get(INCIDENTS, query_string={"limit": 10**6}).json["features"]) == EVERY


def test_figures_of_wards_are_those_that_were_released(client: FlaskClient, council: Store) -> None:
    wards = [
        {"name": "West", "reported": 12, "in_time_percent": 75},
        {"name": "East", "reported": None, "in_time_percent": None},
    ]
    with council.writing() as session:
        releases.add(
            session,
            releases.YEAR,
            "2025",
            first_day=date(2025, 1, 1),
            last_day=date(2025, 12, 31),
            cells={"wards": wards, "months": {}},
            now=NOW,
        )
    address = "/ogc/collections/ward_figures/items"
    features = client.get(address).json["features"]
    reported = {f["properties"]["ward"]: f["properties"]["reported"] for f in features}
    assert reported == {"West": 12, "East": None}
    assert all(feature["geometry"]["type"] == "Polygon" for feature in features)
    assert client.get(address, query_string={"datetime": "2024-06-01"}).json["features"] == []
    assert (
        client.get(f"{address}/{features[1]['id']}").json["properties"] == features[1]["properties"]
    )


def test_every_document_links_on_and_reads_as_a_page(officer: FlaskClient) -> None:
    landing = officer.get("/ogc").json
    linked = {link["rel"]: link["href"] for link in landing["links"]}
    assert {"self", "alternate", "service-desc", "conformance", "data"} <= set(linked)
    conforms = officer.get(linked["conformance"]).json["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in conforms
    addresses = ["/ogc/", "/ogc/conformance", "/ogc/collections", "/ogc/collections/incidents"]
    for address in [*addresses, INCIDENTS, f"{INCIDENTS}/K0003"]:
        page = officer.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
        assert page.mimetype == "text/html", address
        answer = officer.get(address)
        links = {link["rel"]: link for link in answer.json["links"]}
        assert links["self"]["type"] == answer.mimetype
        assert officer.get(links["alternate"]["href"]).mimetype == "text/html"
    assert "K0003" in officer.get(INCIDENTS, query_string={"f": "html"}).text


def test_who_has_the_same_already_gets_no_body(officer: FlaskClient) -> None:
    tag = {"If-None-Match": officer.get(INCIDENTS).headers["ETag"]}
    assert officer.get(INCIDENTS, headers=tag).status_code == 304
    assert "Authorization" in officer.get(INCIDENTS).headers["Vary"]


@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
def test_description_is_openapi_and_names_every_address(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/ogc/openapi.json")
    assert answer.mimetype == "application/vnd.oai.openapi+json"
    OpenAPIV30SpecValidator(answer.json).validate()
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/ogc")]
    assert len(answer.json["paths"]) == len(rules) == 8


@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
def test_schemathesis_finds_no_unexpected_answer(app: Flask, make_key: MakeKey) -> None:
    headers = {"Authorization": f"Bearer {make_key(*Scope, per_minute=100_000)}"}
    described = schemathesis.openapi.from_wsgi("/ogc/openapi.json", app)
    for result in described.get_all_operations():
        operation = result.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=6,
            deadline=timedelta(seconds=20),
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=True,
        )
        def check(case: schemathesis.Case) -> None:
            # Which corner of a box comes first, and that a time is one, no schema can say.
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        check()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application, served."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="GDAL's programs are not installed")
@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
def test_gdal_reads_every_feature(
    officer: FlaskClient, address: str, make_key: MakeKey, tmp_path
) -> None:
    key = make_key(Scope.READ_OFFICER)
    file = tmp_path / "incidents.geojson"
    subprocess.run(
        [
            "ogr2ogr",
            *("--config", "GDAL_HTTP_HEADERS", f"Authorization: Bearer {key}"),
            *("-oo", "PAGE_SIZE=10", "-f", "GeoJSON", str(file)),
            *(f"OAPIF:{address}/ogc", "incidents"),
        ],
        check=True,
        timeout=60,
    )
    features = json.loads(file.read_text())["features"]
    assert len(features) == EVERY
    lon, lat = pyproj.Transformer.from_crs(27700, 4326, always_xy=True).transform(552_100, 173_100)
    assert min(f["geometry"]["coordinates"] for f in features) == pytest.approx(
        [lon, lat], abs=1e-6
    )
