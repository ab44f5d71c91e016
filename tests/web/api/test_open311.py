"""Open311 as FixMyStreet speaks it: what its client sends, and what it reads of the answers.

Requests have the shape of FixMyStreet's ``Open311.pm``; ``perl_reads`` follows its XML::Simple.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geodata import reports
from geodata.core.geography import to_lonlat
from geodata.core.vocabulary import Scope
from geodata.incidents import incident_events, open_incidents
from geodata.store.engine import Store
from tests.web.api.conftest import MakeKey
from web.services import clearing
from web.services.clearing import NewClearance

LON, LAT = (float(each) for each in to_lonlat(553_005, 174_005))
BASE = "/open311/v2"
PROBLEM = {  # of `_populate_service_request_params`, and `_post`
    "email": "resident@example.org",
    "first_name": "Ann",
    "last_name": "Example",
    "phone": "07700 900123",
    "description": "title: Canisters\n\ndetail: A heap by the gate.\n\n"
    "url: https://fms.example/report/17\n\nSubmitted via FixMyStreet\n",
    "service_code": "canisters",
    "lat": str(LAT),
    "long": str(LON),
    "media_url": "http://127.0.0.1:9/secret.jpg",
    "attribute[charger_band]": "11_to_50",
    "attribute[cylinders]": "2",
    "attribute[fixmystreet_id]": "17",
    "jurisdiction_id": "testford",
}


def perl_reads(answer: TestResponse) -> dict:
    """A parsed answer as XML::Simple gives it: one child is itself, several are a list."""
    assert answer.mimetype == "text/xml"

    def simple(element: ET.Element) -> object:
        if not len(element):
            return element.text if element.text is not None else {}
        children: dict[str, list[object]] = {}
        for child in element:
            children.setdefault(child.tag, []).append(simple(child))
        return {name: each if len(each) > 1 else each[0] for name, each in children.items()}

    read = simple(ET.fromstring(answer.data))
    assert isinstance(read, dict)
    return read


@pytest.fixture
def fms(make_key: MakeKey) -> str:
    """FixMyStreet's key."""
    return make_key(Scope.REPORTS_WRITE)


def _send(client: FlaskClient, key: str, **changed: str) -> TestResponse:
    return client.post(f"{BASE}/requests.xml", data=PROBLEM | {"api_key": key} | changed)


def _number(client: FlaskClient, key: str, **changed: str) -> str:
    read = perl_reads(_send(client, key, **changed))
    return read["request"]["service_request_id"]


def _updates(client: FlaskClient, key: str, first: datetime, last: datetime) -> list[dict]:
    """`get_service_request_updates`, with its own filter of `updated_datetime`."""
    query = {
        "api_key": key,
        "jurisdiction_id": "testford",
        "start_date": first.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "end_date": last.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    answer = client.get(f"{BASE}/servicerequestupdates.xml", query_string=query)
    assert answer.status_code == 200, answer.text
    updates = (
        perl_reads(answer).get("request_update", []) if len(ET.fromstring(answer.data)) else []
    )
    updates = updates if isinstance(updates, list) else [updates]
    moments = [datetime.fromisoformat(each["updated_datetime"]) for each in updates]
    return [each for each, at in zip(updates, moments, strict=True) if first <= at <= last]


def _clear(store: Store, reference: str, outcome: str, at: datetime, now: datetime) -> None:
    with store.writing() as session:
        report = reports.by_reference(session, reference)
        assert report is not None
        assert report.incident_id is not None
        facts = {"no_photo_reason": "Dark", "land_owner": "A railway"}
        clearing.record(session, NewClearance(report.incident_id, outcome, at, **facts), now=now)


def test_services_and_their_attributes_are_listed(client: FlaskClient) -> None:
    service = perl_reads(client.get(f"{BASE}/services.xml?jurisdiction_id=testford"))["service"]
    assert (service["service_code"], service["metadata"]) == ("canisters", "true")
    read = perl_reads(client.get(f"{BASE}/services/canisters.xml"))
    questions = {each["code"]: each for each in read["attributes"]["attribute"]}
    assert questions["charger_band"]["datatype"] == "singlevaluelist"
    assert {"key": "11_to_50", "name": "11 to 50"} in questions["charger_band"]["values"]["value"]
    assert questions["fixmystreet_id"]["automated"] == "server_set"
    assert client.get(f"{BASE}/services.json").json[0]["service_name"] == service["service_name"]
    listed = client.get(f"{BASE}/services/canisters.json").json["attributes"]
    assert [each["code"] for each in listed] == list(questions)


def test_problem_becomes_a_report_without_who_sent_it(
    client: FlaskClient, fms: str, council: Store
) -> None:
    number = _number(client, fms)
    with council.reading() as session:
        report = reports.by_reference(session, number)
        assert report is not None
        assert (report.source, report.channel) == ("public", "open311")
        assert (report.charger_band, report.cylinders) == ("11_to_50", 2)
        assert abs(report.geometry.x - 553_005) < 1
        assert "A heap by the gate." in (report.description or "")
        for personal in ("Ann", "resident@", "07700", "fms.example"):
            assert personal not in (report.description or "")


def test_problem_sent_again_is_the_same_request(client: FlaskClient, fms: str) -> None:
    first = _number(client, fms)
    assert _number(client, fms) == first
    assert _number(client, fms, **{"attribute[fixmystreet_id]": "18"}) != first


def test_json_is_given_where_it_is_asked_for(client: FlaskClient, fms: str) -> None:
    answer = client.post(f"{BASE}/requests.json", data=PROBLEM | {"api_key": fms})
    number = answer.json[0]["service_request_id"]
    (read,) = client.get(f"{BASE}/requests/{number}.json?api_key={fms}").json
    assert (read["status"], read["service_code"]) == ("open", "canisters")
    assert abs(read["lat"] - LAT) < 1e-4
    token = client.get(f"{BASE}/tokens/{number}.json").json
    assert token == [{"token": number, "service_request_id": number}]


def test_address_alone_is_looked_up(client: FlaskClient, fms: str, council: Store) -> None:
    form = {name: value for name, value in PROBLEM.items() if name not in {"lat", "long"}}
    form |= {"api_key": fms, "address_string": "TQ 5300 7400"}
    read = perl_reads(client.post(f"{BASE}/requests.xml", data=form))
    with council.reading() as session:
        report = reports.by_reference(session, read["request"]["service_request_id"])
        assert report is not None
        assert abs(report.geometry.x - 553_005) < 10
    nowhere = client.post(f"{BASE}/requests.xml", data=form | {"address_string": "Nowhere Lane"})
    assert nowhere.status_code == 400
    assert "Nowhere Lane" in perl_reads(nowhere)["error"]["description"]


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"api_key": ""}, 403, "There is no key"),
        ({"api_key": "hotspots_wrong"}, 403, "We know no such key"),
        ({"service_code": ""}, 400, "service_code: it is missing"),
        ({"service_code": "potholes"}, 404, "potholes"),
        ({"lat": "north"}, 400, "lat: 'north' is no number"),
        ({"lat": "nan"}, 400, "lat"),
        ({"lat": "95"}, 400, "not within -90 to 90"),
        ({"lat": "52.9"}, 409, "outside the borough"),
        ({"attribute[charger_band]": "heaps"}, 400, "charger_band"),
        ({"attribute[cylinders]": "-1"}, 400, "whole number from 0 to 9999"),
    ],
)
def test_error_has_the_specifications_format(
    client: FlaskClient, fms: str, changed: dict, status: int, words: str
) -> None:
    answer = _send(client, fms, **changed)
    assert answer.status_code == status
    error = perl_reads(answer)["error"]
    assert error["code"] == str(status)
    assert words in error["description"]
    form = PROBLEM | {"api_key": fms} | changed
    assert client.post(f"{BASE}/requests.json", data=form).json[0]["code"] == status


def test_address_that_is_none_has_the_format_too(client: FlaskClient) -> None:
    answer = client.get(f"{BASE}/nothing.xml")
    assert perl_reads(answer)["error"]["code"] == "404"
    assert client.delete(f"{BASE}/requests.json").json[0]["code"] == 405


def test_list_of_requests_takes_a_key_and_says_no_free_text(client: FlaskClient, fms: str) -> None:
    number = _number(client, fms)
    assert client.get(f"{BASE}/requests.xml").status_code == 403
    (listed,) = client.get(f"{BASE}/requests.json?api_key={fms}").json
    assert listed["service_request_id"] == number
    assert "heap" not in str(listed)
    # FixMyStreet's fetching of reports sends no api_key: its endpoint can bear one as a password
    by_password = client.get(f"{BASE}/requests.xml", auth=("fms", fms))
    assert perl_reads(by_password)["request"]["service_request_id"] == number
    by_number = client.get(f"{BASE}/requests.xml?service_request_id={number}")
    read = perl_reads(by_number)["request"]
    assert read["status"] == "open"
    assert "lat" not in read


def test_requests_are_filtered_by_state_and_time(
    client: FlaskClient, fms: str, council: Store
) -> None:
    now = datetime.now(UTC)
    number = _number(client, fms)

    def numbers(**filters: str) -> list[str]:
        query = {"api_key": fms} | filters
        listed = client.get(f"{BASE}/requests.json", query_string=query).json
        return [each["service_request_id"] for each in listed]

    assert numbers(status="open") == [number]
    assert numbers(status="closed") == []
    day = (now - timedelta(days=1)).isoformat()
    assert numbers(start_date=day) == [number]
    assert numbers(end_date=day) == []
    _clear(council, number, "not_found", now, now + timedelta(minutes=1))
    assert numbers(status="closed") == [number]
    assert numbers(status="open,closed") == [number]


@pytest.mark.parametrize(
    "span",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "2026-06-01T00:00:00Z", "end_date": "2026-05-31T00:00:00Z"},
        {"start_date": "yesterday"},
        {"start_date": "2026-06-01T00:00:00"},
        {"status": "lost"},
    ],
)
def test_span_that_cannot_be_is_refused(client: FlaskClient, fms: str, span: dict) -> None:
    answer = client.get(f"{BASE}/requests.xml", query_string={"api_key": fms} | span)
    assert answer.status_code == 400
    assert perl_reads(answer)["error"]["description"]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("cleared", "FIXED"),
        ("not_found", "NO_FURTHER_ACTION"),
        ("not_our_land", "NOT_COUNCILS_RESPONSIBILITY"),
        ("no_access", "ACTION_SCHEDULED"),
    ],
)
def test_outcome_is_an_update_in_fixmystreets_words(
    client: FlaskClient, fms: str, council: Store, outcome: str, status: str
) -> None:
    now = datetime.now(UTC) + timedelta(minutes=1)
    number = _number(client, fms)
    _clear(council, number, outcome, now, now)
    (update,) = _updates(client, fms, now - timedelta(hours=2), now + timedelta(minutes=1))
    assert (update["service_request_id"], update["status"]) == (number, status)
    assert update["update_id"]
    assert update["description"]


def test_outcome_that_a_telephone_sent_late_is_in_the_span_of_its_arrival(
    client: FlaskClient, fms: str, council: Store
) -> None:
    now = datetime.now(UTC) + timedelta(minutes=1)
    number = _number(client, fms)
    arrived = now + timedelta(hours=5)
    _clear(council, number, "cleared", now, arrived)
    assert _updates(client, fms, now - timedelta(hours=2), now + timedelta(hours=1)) == []
    later = _updates(client, fms, now + timedelta(hours=4), now + timedelta(hours=6))
    assert [each["status"] for each in later] == ["FIXED"]


def _comment(number: str, key: str, at: datetime, **changed: str) -> dict[str, str]:
    """`_populate_service_request_update_params`, and `_post`."""
    return {
        "api_key": key,
        "jurisdiction_id": "testford",
        "updated_datetime": at.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "service_request_id": number,
        "status": "OPEN",
        "email": "resident@example.org",
        "description": "Still there. Ring 07700 900123.",
        "last_name": "Example",
        "first_name": "Ann",
        "update_id": "4711",
        "media_url": "http://127.0.0.1:9/secret.jpg",
    } | changed


def test_comment_is_noted_once_without_who_wrote_it(
    client: FlaskClient, fms: str, council: Store
) -> None:
    number, now = _number(client, fms), datetime.now(UTC)
    form = _comment(number, fms, now)
    ids = [
        perl_reads(client.post(f"{BASE}/servicerequestupdates.xml", data=form))["request_update"]
        for _ in range(2)
    ]
    assert ids[0] == ids[1]
    with council.reading() as session:
        report = reports.by_reference(session, number)
        notes = [
            event
            for event in incident_events.history(session, report.incident_id)
            if event.kind == "note"
        ]
    assert len(notes) == 1
    assert "Still there" in notes[0].reason
    for personal in ("07700", "Ann", "resident@"):
        assert personal not in str(notes[0].reason)
    span = (now - timedelta(hours=2), now + timedelta(hours=1))
    assert _updates(client, fms, *span) == []  # else its own comment would come back to it


@pytest.mark.parametrize(("minutes", "state"), [(10, "open"), (-10, "not_found")])
def test_open_after_the_crew_came_opens_it_again(
    client: FlaskClient, fms: str, council: Store, minutes: int, state: str
) -> None:
    number = _number(client, fms)
    now = datetime.now(UTC)
    _clear(council, number, "not_found", now, now)
    form = _comment(number, fms, now + timedelta(minutes=minutes))
    assert client.post(f"{BASE}/servicerequestupdates.xml", data=form).status_code == 200
    with council.reading() as session:
        report = reports.by_reference(session, number)
        assert open_incidents.by_id(session, report.incident_id).state == state


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"service_request_id": ""}, 400, "service_request_id"),
        ({"service_request_id": "NOSUCH"}, 404, "NOSUCH"),
        ({"update_id": ""}, 400, "update_id"),
        ({"updated_datetime": "today"}, 400, "updated_datetime"),
        ({"api_key": "x"}, 403, "no key of ours"),
    ],
)
def test_comment_that_cannot_be_noted_is_refused(
    client: FlaskClient, fms: str, changed: dict, status: int, words: str
) -> None:
    form = _comment(_number(client, fms), fms, datetime.now(UTC), **changed)
    answer = client.post(f"{BASE}/servicerequestupdates.xml", data=form)
    assert answer.status_code == status
    assert words in perl_reads(answer)["error"]["description"]


def test_key_without_the_scope_sends_nothing(
    app: Flask, client: FlaskClient, make_key: Callable[..., str]
) -> None:
    reading = make_key(Scope.READ_OFFICER)
    assert _send(client, reading).status_code == 403
    assert client.get(f"{BASE}/requests.json?api_key={reading}").json == []
