"""Officers' pages: the list, the file of an incident, every decision, and the figures."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata.incidents import incident_events, open_incidents
from geodata.models import ContractPeriod, Incident
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.page import Page
from web.services import clearing
from web.services.clearing import NewClearance, record
from web.services.reporting.intake import NewReport, take_report

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday

pytestmark = pytest.mark.usefixtures("_at_noon")


@pytest.fixture
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def tell(store: Store, x: float, days_ago: float, **rest: object) -> str:
    told_at = NOW - timedelta(days=days_ago)
    new = NewReport(
        shapely.Point(553_000 + x, 174_000),
        "public",
        "web",
        told_at,
        **rest,  # type: ignore[arg-type]
    )
    with store.writing() as session:
        return take_report(session, new, now=told_at).reference


def clear(store: Store, key: str, days_ago: float, outcome: str = "cleared") -> None:
    at = NOW - timedelta(days=days_ago)
    with store.writing() as session:
        incident = open_incidents.by_key(session, key)
        new = NewClearance(incident.id, outcome, at, no_photo_reason="Dark", land_owner="Farm")
        record(session, new, now=at)


def act(client, key: str, name: str, **fields: object):
    return client.post(
        f"/officer/incidents/{key}/{name}", data={"reason": "Because of it"} | fields
    )


def listed(client: FlaskClient, **query: str) -> list[str]:
    """Keys in the list of incidents, in its order."""
    tables = Page.of(client.get("/officer/incidents", query_string=query)).tables
    return [row[0].text for table in tables for row in table.links if row]


def test_the_list_filters_and_finds_by_any_reports_reference(
    signed_in: SignIn, council: Store
) -> None:
    first, second = tell(council, 0, 2), tell(council, 10, 1)
    other = tell(council, 2_500, 3)
    clear(council, other, 1)
    client = signed_in("officer")
    assert set(listed(client)) == {first, other}  # the second is a report of the first
    assert listed(client, state="cleared") == [other]
    answer = client.get(f"/officer/incidents?reference={second}")
    assert answer.location.endswith(second)
    assert f"incident {first}" in Page.of(client.get(answer.location)).title
    assert "There is no incident" in client.get("/officer/incidents?reference=NOSUCH").text


def test_the_file_tells_the_whole_story(signed_in: SignIn, council: Store) -> None:
    key = tell(council, 0, 3, description="By the bins", cylinders=2)
    again = tell(council, 5, 2.5)
    clear(council, key, 2, "not_found")
    with council.writing() as session:
        incident = open_incidents.by_key(session, key)
        clearing.reopen(session, incident.id, now=NOW - timedelta(days=1))
    page = signed_in("officer").get(f"/officer/incidents/{key}").text
    for words in (
        f"Opened by report {key}",
        f"Reported again: {again}",
        "Crew: not found",
        "Reopened",
        "It is still there",
        "By the bins",
        "(taken back)",
        "service level 1",
    ):
        assert words in page


def test_every_decision_is_saved_with_who_and_why(signed_in: SignIn, council: Store) -> None:
    key = tell(council, 0, 1)
    client = signed_in("officer")
    for name, fields in (
        ("pause", {"reason": "police", "note": "Cordon"}),
        ("resume", {}),
        ("escalate", {}),
        ("reassign", {"contractor": "Night crew"}),
        ("move", {"grid_ref": "TQ 5500 7400"}),
    ):
        assert act(client, key, name, **fields).status_code == 302, name
    page = client.get(f"/officer/incidents/{key}").text
    for words in ("The police hold the scene", "Given to Night crew", "Escalated", "officer-1"):
        assert words in page
    with council.reading() as session:
        incident = open_incidents.by_key(session, key)
        assert (incident.contractor, incident.geometry.x) == ("Night crew", 555_005)
        kinds = [e.kind for e in incident_events.history(session, incident.id)]
    assert kinds == ["opened", "paused", "resumed", "escalated", "reassigned", "moved"]


def test_merge_and_split_lead_to_the_incident_that_is_left(
    signed_in: SignIn, council: Store
) -> None:
    first, second = tell(council, 0, 2), tell(council, 200, 1)
    client = signed_in("manager")
    merged = act(client, second, "merge", into=first.lower())
    assert merged.location.endswith(first)
    assert act(client, first, "split", references=[second]).status_code == 302
    with council.reading() as session:
        assert open_incidents.by_key(session, second).key == second
        states = session.scalars(select(Incident.state).order_by(Incident.id)).all()
    # The report that is split off again gets its own incident back, with its history.
    assert states == ["open", "open"]


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("escalate", {"reason": ""}, "write why"),
        ("pause", {"reason": "lunch"}, "Choose what stops the clock: "),
        ("resume", {}, "it is not paused"),
        ("merge", {"into": "NOSUCH"}, "There is no incident NOSUCH"),
        ("split", {"references": ["NOSUCH"]}, "at least one must go"),
        ("move", {"grid_ref": "nowhere"}, "nowhere"),
        ("reassign", {"contractor": ""}, "Enter who is to do it"),
    ],
)
def test_what_cannot_be_is_answered_in_the_form(
    signed_in: SignIn, council: Store, name: str, fields: dict[str, object], words: str
) -> None:
    key = tell(council, 0, 1)
    client = signed_in("officer")
    answer = act(client, key, name, **fields)
    assert answer.status_code == 400
    assert words in answer.text
    with council.reading() as session:
        incident = open_incidents.by_key(session, key)
        assert len(incident_events.history(session, incident.id)) == 1
    assert client.post(f"/officer/incidents/{key}/burn").status_code == 404


def test_performance_counts_what_is_open_and_overdue_as_missed(
    signed_in: SignIn, council: Store
) -> None:
    with council.writing() as session:
        session.add(ContractPeriod(contractor="FCC", valid_from=NOW.date() - timedelta(days=90)))
    in_time, late = tell(council, 0, 16, cylinders=1), tell(council, 300, 16)
    gone, farm = tell(council, 600, 16), tell(council, 900, 16)
    open_, east = tell(council, 450, 16), tell(council, 2_500, 9)
    clear(council, in_time, 15)
    clear(council, late, 10)
    clear(council, gone, 15, "not_found")
    clear(council, farm, 15, "not_our_land")
    clear(council, east, 8)
    client = signed_in("manager")
    tables = Page.of(client.get("/officer/performance?by=ward")).tables
    figures = {row[0]: row[1] for table in tables for row in table.cells if len(row) == 2}
    # Of six that fell due one is not ours; two of five were cleared in time.
    assert figures["Cleared in target"] == "40% (2 of 5)"
    assert figures["Cleared or found gone in target"] == "60% (3 of 5)"
    assert figures["Not found on arrival"] == "25% (1 of 4)"
    assert figures["Over 7 days"] == "1"
    rows = {
        row["part"]: row
        for row in csv.DictReader(io.StringIO(client.get("/officer/performance.csv?by=ward").text))
    }
    assert set(rows) == {"East", "West", "all"}
    assert (rows["West"]["cleared_in_target"], rows["West"]["of"]) == ("1", "4")
    assert rows["West"]["open_and_overdue"] == "1"
    assert rows["all"]["percent"] == "40.0"
    assert open_ in listed(client)


@pytest.mark.parametrize("by", ["week", "month", "ward", "hotspot", "contractor", "moon"])
def test_performance_of_an_empty_store_and_odd_addresses(
    signed_in: SignIn, council: Store, by: str
) -> None:
    client = signed_in("officer")
    page = client.get(f"/officer/performance?by={by}&first=2026-12-01&last=x")
    assert page.status_code == 200
    assert "Nothing fell due" in page.text


@pytest.mark.parametrize("path", ["/officer/incidents", "/officer/performance"])
def test_crews_see_no_casework(signed_in: SignIn, path: str) -> None:
    assert signed_in("contractor").get(path).status_code == 403
