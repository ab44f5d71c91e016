"""The JSON interface: keys, reports, lists, jobs, and errors that say what to do."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from geodata import reports
from geodata.accounts import api_keys
from geodata.clearances import contracts
from geodata.clearances.contracts import Terms
from geodata.core.geography import to_lonlat
from geodata.core.vocabulary import Scope
from geodata.store.engine import Store
from tests.pictures import encoded, picture
from tests.web.api.conftest import MakeKey
from tests.web.conftest import SignIn
from tests.web.desk import scattered, store_incidents
from web.services.reporting import sending

Keyed = Callable[..., FlaskClient]
LON, LAT = (float(each) for each in to_lonlat(553_005, 174_005))
REPORT = {"longitude": LON, "latitude": LAT, "charger_band": "11_to_50", "cylinders": 3}
ONCE = {"Idempotency-Key": "5f0c2b9e-test-1"}


@pytest.fixture
def fits(app: Flask, client: FlaskClient) -> Callable[..., object]:
    """The body of an answer, once its schema in the description has let it pass."""
    described = client.get("/api/openapi.json").json

    def check(answer, path: str, method: str = "get") -> object:
        answers = described["paths"][path][method]["responses"]
        schema = answers[str(answer.status_code)]["content"][answer.mimetype]["schema"]
        resolved = {**schema, "components": described["components"]}
        Draft202012Validator(resolved, format_checker=FormatChecker()).validate(answer.json)
        return answer.json

    return check


def test_description_is_openapi_and_names_every_address(app: Flask, client: FlaskClient) -> None:
    described = client.get("/api/openapi.json").json
    OpenAPIV31SpecValidator(described).validate()
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    there = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described_ways = {
        (path, method) for path, ways in described["paths"].items() for method in ways
    }
    assert described_ways == there
    assert len(described_ways) > 12


def test_report_is_sent_and_followed(keyed: Keyed, fits) -> None:
    client = keyed(Scope.REPORTS_WRITE, Scope.READ_PUBLIC)
    sent = client.post("/api/reports", json=REPORT, headers=ONCE)
    assert sent.status_code == 201, sent.json
    body = fits(sent, "/api/reports", "post")
    assert body["is_new"]
    assert body["has_opened_incident"]
    assert sent.headers["Location"].endswith(f"/api/reports/{body['reference']}")
    followed = fits(client.get(sent.headers["Location"]), "/api/reports/{reference}")
    assert followed["status"] == "Waiting for the crew"
    assert [step["what"] for step in followed["history"]] == ["Reported for the first time"]


def test_report_sent_twice_with_one_key_is_one(keyed: Keyed) -> None:
    client = keyed(Scope.REPORTS_WRITE, Scope.READ_OFFICER)
    first = client.post("/api/reports", json=REPORT, headers=ONCE)
    again = client.post("/api/reports", json=REPORT, headers=ONCE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json | {"is_new": False, "has_opened_incident": False}
    assert len(client.get("/api/reports").json["reports"]) == 1


def test_key_that_was_used_for_something_else_stores_nothing_and_says_so(
    keyed: Keyed, council: Store, fits
) -> None:
    client = keyed(Scope.REPORTS_WRITE, Scope.READ_OFFICER, Scope.OUTCOMES_WRITE)
    first = client.post("/api/reports", json=REPORT, headers=ONCE)
    other = client.post("/api/reports", json=REPORT | {"cylinders": 4}, headers=ONCE)
    assert other.status_code == 422
    assert "new key" in fits(other, "/api/reports", "post")["detail"]
    written_anew = json.dumps(REPORT | {"has_glass": False}, indent=2, sort_keys=True)
    kind = {"Content-Type": "application/json"}
    again = client.post("/api/reports", data=written_anew, headers=ONCE | kind)
    assert again.json["reference"] == first.json["reference"]
    assert len(client.get("/api/reports").json["reports"]) == 1

    far = REPORT | {"longitude": LON + 0.02}
    second = client.post("/api/reports", json=far, headers={"Idempotency-Key": "another-one"})
    jobs = [f"/api/jobs/{each.json['incident']}/outcomes" for each in (first, second)]
    gone = {"outcome": "not_found", "occurred_at": datetime.now(UTC).isoformat()}
    gone["note"] = "Nothing there"
    answers = [client.post(job, json=gone, headers=ONCE) for job in (jobs[0], jobs[0], jobs[1])]
    assert [each.status_code for each in answers] == [201, 200, 422], answers[0].text


def test_key_of_a_store_that_kept_no_digest_is_known_again(keyed: Keyed, council: Store) -> None:
    client = keyed(Scope.REPORTS_WRITE)
    first = client.post("/api/reports", json=REPORT, headers=ONCE)
    with council.writing() as session:
        (holder,) = api_keys.every(session)
        report = reports.by_reference(session, first.json["reference"])
        report.idempotency_key = sending.key_of(holder, ONCE["Idempotency-Key"])
    again = client.post("/api/reports", json=REPORT, headers=ONCE)
    assert (again.status_code, again.json["is_new"]) == (200, False)


def test_key_that_a_stranger_makes_up_finds_no_report(keyed: Keyed, council: Store) -> None:
    sent = keyed(Scope.REPORTS_WRITE).post("/api/reports", json=REPORT, headers=ONCE)
    with council.reading() as session:
        kept = reports.by_reference(session, sent.json["reference"]).idempotency_key
        for guess in ("", ".", "0.", f"{'-' * 32}.{'0' * 31}", f"{'0' * 32}.{'0' * 31}", kept[:33]):
            assert reports.by_idempotency_key(session, guess) is None, guess
        assert reports.by_idempotency_key(session, kept) is not None


def test_two_systems_may_choose_the_same_key(keyed: Keyed) -> None:
    sent = [
        keyed(Scope.REPORTS_WRITE).post("/api/reports", json=REPORT, headers=ONCE) for _ in range(2)
    ]
    assert [answer.status_code for answer in sent] == [201, 201]


def test_photos_come_beside_the_report(keyed: Keyed, council: Store) -> None:
    client = keyed(Scope.REPORTS_WRITE)
    parts = {
        "data": json.dumps(REPORT),
        "photos": (io.BytesIO(encoded(picture((60, 40)), "JPEG")), "a.jpg"),
    }
    sent = client.post("/api/reports", data=parts, headers=ONCE)
    assert sent.status_code == 201, sent.text
    bad = parts | {"photos": (io.BytesIO(b"no picture"), "a.jpg"), "data": json.dumps(REPORT)}
    refused = client.post("/api/reports", data=bad, headers={"Idempotency-Key": "another-one"})
    assert refused.status_code == 400
    assert refused.json["faults"][0]["where"] == "body.photos"


def test_names_are_taken_out_of_what_is_sent(keyed: Keyed, council: Store) -> None:
    body = REPORT | {"description": "By the bins. Ring 07700 900123."}
    sent = keyed(Scope.REPORTS_WRITE).post("/api/reports", json=body, headers=ONCE)
    with council.reading() as session:
        report = reports.by_reference(session, sent.json["reference"])
        assert report is not None
        assert report.description is not None
        assert "07700" not in report.description
        assert "By the bins" in report.description


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"latitude": 95}, "body.latitude"),
        ({"longitude": None}, "body.longitude"),
        ({"charger_band": "loads"}, "body.charger_band"),
        ({"reported_at": "2026-11-01T10:00:00"}, "body.reported_at"),
        ({"reporter": "Jo"}, "body.reporter"),
    ],
)
def test_fault_in_a_body_is_named(keyed: Keyed, fits, changed: dict, where: str) -> None:
    answer = keyed(Scope.REPORTS_WRITE).post("/api/reports", json=REPORT | changed, headers=ONCE)
    assert answer.status_code == 400
    problem = fits(answer, "/api/reports", "post")
    assert [fault["where"] for fault in problem["faults"]] == [where]
    assert "Nothing was stored" in problem["detail"]


@pytest.mark.parametrize(
    ("position", "words"),
    [
        ({"longitude": LON, "latitude": LAT + 1}, "outside the borough"),
        ({"longitude": LAT, "latitude": LON}, "swapped"),
    ],
)
def test_place_that_is_not_ours_is_refused(keyed: Keyed, fits, position: dict, words: str) -> None:
    client = keyed(Scope.REPORTS_WRITE, Scope.READ_OFFICER)
    answer = client.post("/api/reports", json=REPORT | position, headers=ONCE)
    assert answer.status_code == 409
    assert words in fits(answer, "/api/reports", "post")["detail"]
    assert client.get("/api/reports").json["reports"] == []


def test_report_without_an_idempotency_key_is_refused(keyed: Keyed) -> None:
    answer = keyed(Scope.REPORTS_WRITE).post("/api/reports", json=REPORT)
    assert answer.status_code == 400
    assert answer.json["faults"][0]["where"] == "header.Idempotency-Key"


def test_lists_go_on_where_the_page_before_ended(keyed: Keyed, council: Store, fits) -> None:
    now = datetime.now(UTC)
    store_incidents(council, scattered(now, 25), now=now)
    client, address, seen = keyed(Scope.READ_OFFICER), "/api/incidents?limit=10", []
    while address:
        page = fits(client.get(address), "/api/incidents")
        seen.append([each["reference"] for each in page["incidents"]])
        address = page["next"]
    assert [len(page) for page in seen] == [10, 10, 5]
    assert len({reference for page in seen for reference in page}) == 25


def test_since_gives_only_what_changed(keyed: Keyed, council: Store) -> None:
    now = datetime.now(UTC)
    store_incidents(council, scattered(now - timedelta(days=30), 3), now=now - timedelta(days=1))
    client = keyed(Scope.READ_OFFICER, Scope.REPORTS_WRITE)
    before = (now - timedelta(seconds=5)).isoformat()
    query = {"since": before}
    assert client.get("/api/incidents", query_string=query).json["incidents"] == []
    sent = client.post("/api/reports", json=REPORT, headers=ONCE).json
    changed = client.get("/api/incidents", query_string=query).json["incidents"]
    assert [each["reference"] for each in changed] == [sent["incident"]]


def test_who_has_the_same_already_gets_no_body(keyed: Keyed) -> None:
    client = keyed(Scope.READ_OFFICER, Scope.REPORTS_WRITE)
    first = client.get("/api/incidents")
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/api/incidents", headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    client.post("/api/reports", json=REPORT, headers=ONCE)
    assert client.get("/api/incidents", headers=tag).status_code == 200


@pytest.mark.parametrize("cursor", ["x", "c", "c9999999999", "c-1", "cé"])
def test_cursor_that_is_none_is_refused(keyed: Keyed, cursor: str) -> None:
    answer = keyed(Scope.READ_OFFICER).get("/api/incidents", query_string={"cursor": cursor})
    assert answer.status_code == 400
    assert answer.json["faults"][0]["where"] == "query.cursor"


def test_unknown_parameter_is_named(keyed: Keyed) -> None:
    client = keyed(Scope.READ_OFFICER)
    answer = client.get("/api/incidents?limt=5")
    assert answer.status_code == 400
    assert answer.json["faults"][0]["where"] == "query.limt"
    assert client.get("/api/incidents?limit=5&limit=6").status_code == 400


@pytest.mark.parametrize("address", ["/api/figures", "/api/orders", "/api/penalties"])
def test_what_is_published_needs_no_key(client: FlaskClient, fits, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    fits(answer, address)


CLOSED = [
    ("/api/incidents", Scope.READ_OFFICER),
    ("/api/reports", Scope.READ_OFFICER),
    ("/api/clearances", Scope.READ_OFFICER),
    ("/api/hotspots", Scope.READ_OFFICER),
    ("/api/jobs", Scope.JOBS_READ),
]


@pytest.mark.parametrize(("address", "scope"), CLOSED)
def test_closed_address_takes_a_key_with_its_scope_alone(
    keyed: Keyed, client: FlaskClient, fits, address: str, scope: Scope
) -> None:
    refused = client.get(address)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    others = [each for each in Scope if each != scope]
    wrong = keyed(*others).get(address)
    assert wrong.status_code == 403
    assert scope in fits(wrong, address)["detail"]
    assert keyed(scope).get(address).status_code == 200


@pytest.mark.parametrize("address", [address for address, _ in CLOSED])
def test_session_of_an_admin_opens_nothing_here(signed_in: SignIn, address: str) -> None:
    answer = signed_in("admin").get(address)
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_key_that_is_revoked_over_or_none_is_told_so(
    app: Flask, council: Store, make_key: MakeKey
) -> None:
    now = datetime.now(UTC)
    revoked = make_key(Scope.READ_OFFICER)
    with council.writing() as session:
        holder = api_keys.find(session, revoked)
        api_keys.revoke(session, holder.id, now=now)
    ended = make_key(Scope.READ_OFFICER, ends_at=now - timedelta(days=1))
    titles = {
        revoked: "was revoked",
        ended: "ended on",
        api_keys.PREFIX + "x" * 43: "We know no such key",
        "Basic nonsense": "This is no key of ours",
    }
    for token, words in titles.items():
        answer = app.test_client().get(
            "/api/incidents", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 401
        assert words in answer.json["title"]


def test_key_over_its_rate_waits(keyed: Keyed) -> None:
    client = keyed(Scope.READ_OFFICER, per_minute=3)
    statuses = [client.get("/api/incidents").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    answer = client.get("/api/incidents")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "3 in a minute" in answer.json["detail"]


def test_use_of_a_key_is_noted(keyed: Keyed, council: Store) -> None:
    keyed(Scope.READ_OFFICER).get("/api/incidents")
    with council.reading() as session:
        (holder,) = api_keys.every(session)
    assert holder.last_used_at is not None
    assert datetime.now(UTC) - holder.last_used_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/api/nothing", 404), ("DELETE", "/api/incidents", 405), ("GET", "/api/%00", 400)],
)
def test_other_errors_are_problems_too(
    client: FlaskClient, method: str, address: str, status: int
) -> None:
    answer = client.open(address, method=method)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_contractor_pulls_jobs_and_sends_outcomes_once(keyed: Keyed, fits) -> None:
    job = keyed(Scope.REPORTS_WRITE).post("/api/reports", json=REPORT, headers=ONCE).json
    client = keyed(Scope.JOBS_READ, Scope.OUTCOMES_WRITE)
    listed = fits(client.get("/api/jobs"), "/api/jobs")["jobs"]
    assert [each["reference"] for each in listed] == [job["incident"]]
    address = f"/api/jobs/{job['incident']}/outcomes"
    outcome = {"outcome": "cleared", "occurred_at": datetime.now(UTC).isoformat(), "sacks": 1}
    refused = client.post(address, json=outcome, headers=ONCE)
    assert refused.status_code == 409
    assert "photo" in refused.json["detail"]
    outcome["no_photo_reason"] = "The camera broke"
    first = client.post(address, json=outcome, headers=ONCE)
    again = client.post(address, json=outcome, headers=ONCE)
    assert (first.status_code, again.status_code) == (201, 200)
    assert fits(first, "/api/jobs/{reference}/outcomes", "post")["state"] == "cleared"
    assert again.json == first.json | {"is_new": False}
    assert client.get("/api/jobs").json == {"jobs": []}


def test_job_of_another_contract_is_not_there(keyed: Keyed, council: Store) -> None:
    with council.writing() as session:
        contracts.add(session, Terms("Firm A", None, None, "Tender"))
    job = keyed(Scope.REPORTS_WRITE).post("/api/reports", json=REPORT, headers=ONCE).json
    address = f"/api/jobs/{job['incident']}"
    theirs = keyed(Scope.JOBS_READ, Scope.OUTCOMES_WRITE, contractor="Firm A")
    others = keyed(Scope.JOBS_READ, Scope.OUTCOMES_WRITE, contractor="Firm B")
    assert theirs.get(address).status_code == 200
    assert others.get(address).status_code == 404
    assert others.get("/api/jobs").json == {"jobs": []}
    outcome = {"outcome": "not_found", "occurred_at": datetime.now(UTC).isoformat()}
    assert others.post(f"{address}/outcomes", json=outcome, headers=ONCE).status_code == 404


def test_part_without_a_name_breaks_nothing(keyed: Keyed) -> None:
    body = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = keyed(Scope.REPORTS_WRITE).post("/api/reports", data=body, headers=ONCE | kind)
    assert answer.status_code == 400


def test_feed_leads_to_what_changed_the_newest_first(keyed: Keyed, council: Store) -> None:
    now = datetime.now(UTC)
    store_incidents(council, scattered(now, 3), now=now)  # today, 12 and 24 days ago
    key = keyed(Scope.READ_OFFICER)
    answer = key.get("/api/changes.atom")
    assert answer.mimetype == "application/atom+xml"
    entries = ElementTree.fromstring(answer.data).findall("{*}entry")
    links = [entry.find("{*}link").get("href") for entry in entries]
    assert links[0].endswith("/officer/incidents/K0000")
    listed = key.get(
        "/api/incidents", query_string={"since": (now - timedelta(days=14)).isoformat()}
    )
    assert {link.rpartition("/")[2] for link in links} == {
        each["reference"] for each in listed.json["incidents"]
    }
    token = key.environ_base["HTTP_AUTHORIZATION"].partition(" ")[2]
    by_address = key.application.test_client().get(f"/api/changes.atom?key={token}")
    assert by_address.data == answer.data


def test_moments_at_the_ends_of_the_calendar_are_read_as_the_nearest(
    council: Store, keyed: Keyed
) -> None:
    """UTC has no year for the first two; to the last day none can be added."""
    ours = keyed(*Scope)
    for at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        for address in ("incidents", "reports", "clearances", "hotspots"):
            assert ours.get(f"/api/{address}", query_string={"since": at}).status_code == 200
        body = REPORT | {"reported_at": at}
        assert ours.post("/api/reports", json=body, headers=ONCE).status_code == 409
        outcome = {"occurred_at": at, "outcome": "cleared"}
        answer = ours.post("/api/jobs/X/outcomes", json=outcome, headers=ONCE)
        assert answer.status_code == 404
    for query in ("last=9999-12-31", "first=0001-01-01"):
        assert ours.get(f"/api/tables/incidents.csv?{query}").status_code == 200


def test_report_of_a_time_before_there_was_such_litter_is_refused(
    council: Store, keyed: Keyed
) -> None:
    body = REPORT | {"reported_at": "1900-01-01T00:00:00Z"}
    answer = keyed(Scope.REPORTS_WRITE).post("/api/reports", json=body, headers=ONCE)
    assert answer.status_code == 409
    assert "lies before 1990" in answer.text


def test_null_letter_in_a_text_is_left_out(council: Store, keyed: Keyed) -> None:
    """PostgreSQL has no such letter in its texts."""
    body = REPORT | {"description": "a\x00b"}
    answer = keyed(Scope.REPORTS_WRITE).post("/api/reports", json=body, headers=ONCE)
    assert answer.status_code == 201
    with council.reading() as session:
        assert reports.by_reference(session, answer.json["reference"]).description == "ab"
