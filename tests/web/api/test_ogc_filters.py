"""Filters in CQL2: each lets through what a brute-force filter of all the features does."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import shape
from sqlalchemy import select

from geodata.core.vocabulary import Scope
from geodata.models import Incident
from geodata.store import releases
from geodata.store.engine import Store
from tests.web.desk import scattered, store_incidents

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVERY = 25
INCIDENTS = "/ogc/collections/incidents/items"
GRID = "http://www.opengis.net/def/crs/EPSG/0/27700"
Feature = dict[str, Any]


@pytest.fixture
def officer(keyed: Callable[..., FlaskClient], council: Store) -> FlaskClient:
    """25 dumps, of which each property has gaps, and words that look like wildcards."""
    store_incidents(council, scattered(NOW, EVERY), now=NOW)
    with council.writing() as session:
        for n, each in enumerate(session.scalars(select(Incident).order_by(Incident.id))):
            each.chargers = None if n % 5 == 0 else 10 * n
            each.cylinders = n % 3
            each.has_needles = n % 4 == 0
            each.state = ("open", "cleared", "not_found", "a%b_C")[n % 4]
    return keyed(Scope.READ_OFFICER)


def every(client: FlaskClient, address: str = INCIDENTS, **query: object) -> list[Feature]:
    answer = client.get(address, query_string={"limit": 1_000} | query)
    assert answer.status_code == 200, (query, answer.text)
    assert answer.json["numberMatched"] == answer.json["numberReturned"]
    features: list[Feature] = answer.json["features"]
    return features


def at(feature: Feature, name: str = "first_reported_at") -> datetime:
    return datetime.fromisoformat(feature["properties"][name])


def less(left: float | None, right: float) -> bool:
    return left is not None and left < right


MORNING = datetime(2026, 10, 1, 7, tzinfo=UTC)
POLYGON = "POLYGON((0.19 51.43, 0.25 51.43, 0.2 51.47, 0.19 51.43))"
TRIANGLE = shapely.from_wkt(POLYGON)
BRUTE: dict[str, Callable[[Feature, dict[str, Any]], bool]] = {
    "cylinders = 2": lambda f, p: p["cylinders"] == 2,
    "2 <= cylinders": lambda f, p: p["cylinders"] >= 2,
    "cylinders > 0.5": lambda f, p: p["cylinders"] > 0.5,
    "chargers < 100": lambda f, p: less(p["chargers"], 100),
    "NOT (chargers < 100)": lambda f, p: p["chargers"] is not None and p["chargers"] >= 100,
    "chargers <> 20": lambda f, p: p["chargers"] not in (None, 20),
    "chargers IS NULL": lambda f, p: p["chargers"] is None,
    "chargers IS NOT NULL AND has_needles = TRUE": lambda f, p: (
        p["chargers"] is not None and p["has_needles"]
    ),
    "has_needles": lambda f, p: p["has_needles"],
    "NOT has_needles": lambda f, p: not p["has_needles"],
    "chargers BETWEEN 40 AND 120": lambda f, p: (
        p["chargers"] is not None and 40 <= p["chargers"] <= 120
    ),
    "chargers NOT BETWEEN 40 AND 120": lambda f, p: (
        p["chargers"] is not None and not 40 <= p["chargers"] <= 120
    ),
    "state IN ('open', 'not_found')": lambda f, p: p["state"] in {"open", "not_found"},
    "state NOT IN ('open')": lambda f, p: p["state"] != "open",
    "cylinders IN (0, 2)": lambda f, p: p["cylinders"] in {0, 2},
    "state LIKE 'o%'": lambda f, p: p["state"].startswith("o"),
    "state LIKE 'O%'": lambda f, p: False,
    "state LIKE '%o%'": lambda f, p: "o" in p["state"],
    "state LIKE '_pen'": lambda f, p: p["state"] == "open",
    r"state LIKE 'a\%b\_C'": lambda f, p: p["state"] == "a%b_C",
    "state LIKE 'a%c'": lambda f, p: False,
    f"state <> '{'(' * 40}'": lambda f, p: True,  # in quotes nothing is nested
    "state NOT LIKE '%e%'": lambda f, p: "e" not in p["state"],
    "state = 'open' OR chargers < 50 AND NOT cylinders = 0": lambda f, p: (
        p["state"] == "open" or (less(p["chargers"], 50) and p["cylinders"] != 0)
    ),
    "S_INTERSECTS(geometry, BBOX(0.19, 51.43, 0.21, 51.44))": lambda f, p: shapely.box(
        0.19, 51.43, 0.21, 51.44
    ).intersects(shape(f["geometry"])),
    f"S_INTERSECTS(geometry, {POLYGON})": lambda f, p: TRIANGLE.intersects(shape(f["geometry"])),
    f"NOT S_INTERSECTS({POLYGON}, geometry) OR cylinders = 1": lambda f, p: (
        p["cylinders"] == 1 or not TRIANGLE.intersects(shape(f["geometry"]))
    ),
    "S_INTERSECTS(geometry, BBOX(100, -20, 110, -10))": lambda f, p: False,
    "geometry IS NULL": lambda f, p: False,
    "T_AFTER(first_reported_at, TIMESTAMP('2026-10-01T07:00:00Z'))": lambda f, p: at(f) > MORNING,
    "T_BEFORE(first_reported_at, DATE('2026-10-01'))": lambda f, p: (
        at(f) < datetime(2026, 9, 30, 23, tzinfo=UTC)
    ),  # British Summer Time
    "T_AFTER(first_reported_at, DATE('2026-11-08'))": lambda f, p: (
        at(f) >= datetime(2026, 11, 9, tzinfo=UTC)
    ),
    "T_DURING(first_reported_at, INTERVAL('2026-10-01', '2026-11-08'))": lambda f, p: (
        datetime(2026, 9, 30, 23, tzinfo=UTC) < at(f) < datetime(2026, 11, 9, tzinfo=UTC)
    ),
    "T_DURING(first_reported_at, INTERVAL('2026-10-01T00:00:00Z', '..'))": lambda f, p: (
        at(f) > datetime(2026, 10, 1, tzinfo=UTC)
    ),
    "first_reported_at >= TIMESTAMP('2026-10-01T07:00:00Z')": lambda f, p: at(f) >= MORNING,
    "first_reported_at = DATE('2026-11-08')": lambda f, p: at(f).date() == date(2026, 11, 8),
    "TIMESTAMP('2026-10-01T07:00:00Z') > first_reported_at": lambda f, p: at(f) < MORNING,
}


def test_filter_lets_through_what_brute_force_does(officer: FlaskClient) -> None:
    features = every(officer)
    assert len(features) == EVERY
    partial = 0
    for text, wants in BRUTE.items():
        expected = {f["id"] for f in features if wants(f, f["properties"])}
        assert {f["id"] for f in every(officer, filter=text)} == expected, text
        partial += 0 < len(expected) < EVERY
    assert partial > 28  # the rest let all or nothing through


def test_filter_as_json_in_a_system_of_metres_pages(officer: FlaskClient) -> None:
    inside = {
        f"K{n:04}"
        for n, (x, y, _) in enumerate(scattered(NOW, EVERY))
        if 552_500 <= x <= 554_000 and 173_400 <= y <= 174_500 and n % 4
    }
    box = {"op": "s_intersects", "args": [{"property": "geometry"}]}
    box["args"].append({"bbox": [552_500, 173_400, 554_000, 174_500]})
    other = {"op": "not", "args": [{"op": "=", "args": [{"property": "state"}, "open"]}]}
    query = {
        "filter": json.dumps({"op": "and", "args": [box, other]}),
        "filter-lang": "cql2-json",
        "filter-crs": GRID,
    }
    assert 4 < len(inside) < EVERY
    assert {f["id"] for f in every(officer, **query)} == inside
    page = officer.get(INCIDENTS, query_string=query | {"limit": 3}).json
    assert (page["numberMatched"], page["numberReturned"]) == (len(inside), 3)
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    rest = {f["id"] for f in officer.get(following).json["features"]}
    assert rest < inside
    assert not rest & {f["id"] for f in page["features"]}


BAD = {
    "colour = 'red'": "there is no property 'colour': use key, state",
    "state = 1": "state holds a text, and '1",
    "chargers = 'many'": "chargers holds a whole number, and 'many' is none",
    "chargers = 1e300": "is none",
    "has_needles > TRUE": "use = or <>",
    "chargers": "compare it with a value",
    "chargers = cylinders": "two properties cannot be compared",
    "chargers = 1 + 2": "is none",
    "CASEI(state) = 'open'": "'casei' is none",
    "S_WITHIN(geometry, POINT(0 51))": "'s_within' is not offered: use AND, OR",
    "S_INTERSECTS(state, POINT(0 51))": "takes the property geometry",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))": "Self-intersection",
    "S_INTERSECTS(geometry, BBOX(1, 2, 0, 1))": "it ends before it begins",
    "S_INTERSECTS(geometry, POINT(0 99))": "99 is beyond 90",
    "T_AFTER(state, DATE('2026-11-01'))": "state holds a text, and T_AFTER compares times",
    "T_AFTER(first_reported_at, TIMESTAMP('yesterday'))": "'yesterday' is no time",
    "first_reported_at > 5": "holds an instant, and '5.0' is none",
    "state LIKE 1": "LIKE takes a text",
    "state LIKE '%a%b%c%d%e%f%'": "5 signs % at most",
    "chargers LIKE '1%'": "LIKE compares texts",
    "state BETWEEN 'a' AND 'b'": "BETWEEN compares numbers and times",
    "state = 'open' AND": "cannot be read from character",
    "": "cannot be read",
    "state = 'open' OR " * 300 + "has_needles": "characters: use 4,000 at most",
    "(" * 1_500 + "has_needles" + ")" * 1_500: "nested more than 30 deep",
    # In the text of CQL2 a backslash escapes no quote: all that follows is still to be read.
    r'"a\" = 1 OR ' + "(" * 1_500 + "a" + ")" * 1_500 + ' OR "b" = 1': "nested more than 30 deep",
    "NOT " * 900 + "has_needles": "nested more than 30 deep",
    "chargers = " + "-" * 3_000 + "1": "nested more than 30 deep",
    "chargers = 2" + "^2" * 1_500: "nested more than 30 deep",
}


def test_what_cannot_be_filtered_is_refused_in_a_sentence(officer: FlaskClient) -> None:
    for text, words in BAD.items():
        answer = officer.get(INCIDENTS, query_string={"filter": text})
        assert answer.status_code == 400, text[:60]
        assert answer.mimetype == "application/problem+json"
        (fault,) = answer.json["faults"]
        assert fault["where"] == "query.filter"
        assert words in fault["what"], text[:60]
    for text in ("{", "[1]", '{"op": "="}', '{"op": "=", "args": []}', "null", '"x"'):
        query = {"filter": text, "filter-lang": "cql2-json"}
        assert officer.get(INCIDENTS, query_string=query).status_code == 400, text
    for name in ("filter-lang", "filter-crs"):
        answer = officer.get(INCIDENTS, query_string={name: "x"})
        assert [fault["where"] for fault in answer.json["faults"]] == [f"query.{name}"]


def test_queryables_name_what_features_have(officer: FlaskClient) -> None:
    assert any("cql2-text" in each for each in officer.get("/ogc/conformance").json["conformsTo"])
    for each in officer.get("/ogc/collections").json["collections"]:
        links = [link["href"] for link in each["links"] if link["rel"].endswith("/queryables")]
        (answer,) = (officer.get(link) for link in links)
        assert answer.mimetype == "application/schema+json"
        names = set(answer.json["properties"]) - {"geometry"}
        for feature in officer.get(f"/ogc/collections/{each['id']}/items").json["features"][:1]:
            assert set(feature["properties"]) == names
        for name in names:  # each can be asked about
            every(officer, f"/ogc/collections/{each['id']}/items", filter=f'"{name}" IS NULL')
    assert "has_needles" in officer.get("/ogc/collections/incidents/queryables?f=html").text


def test_released_figures_are_filtered_too(client: FlaskClient, council: Store) -> None:
    wards = [
        {"name": "West", "reported": 12, "in_time_percent": 75},
        {"name": "East", "reported": None, "in_time_percent": None},
    ]
    with council.writing() as session:
        days = {"first_day": date(2025, 1, 1), "last_day": date(2025, 12, 31)}
        cells = {"wards": wards, "months": {}}
        releases.add(session, releases.YEAR, "2025", **days, cells=cells, now=NOW)

    def named(text: str) -> set[str]:
        features = every(client, "/ogc/collections/ward_figures/items", filter=text)
        return {feature["properties"]["ward"] for feature in features}

    assert named("reported >= 10 AND year = '2025'") == {"West"}
    assert named("reported IS NULL OR reported > 10") == {"West", "East"}
    assert named("T_BEFORE(released_at, DATE('2026-11-20'))") == set()
    assert named("NOT reported > 10") == set()
    everywhere = "S_INTERSECTS(geometry, BBOX(-2, 50, 2, 53))"
    assert named(f"{everywhere} AND ward LIKE 'E%'") == {"East"}
