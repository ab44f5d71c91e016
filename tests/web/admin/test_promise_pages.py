"""A manager sets the promise, holidays, contracts and contacts, and sees what each changes."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely
import time_machine
from click.testing import CliRunner
from flask.testing import FlaskClient

from geodata.clearances.contracts import Terms, contractor_on
from geodata.incidents import jobs
from geodata.incidents.open_incidents import contract_periods
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.clearances.service_level import service_clock
from geodata.store.engine import Store
from tests.web.page import Page
from web.cli import hotspots
from web.services.reporting.intake import NewReport, take_report
from web.services.settings import contracts

NOW = datetime(2026, 6, 13, 12, tzinfo=UTC)  # a Saturday
PROMISE = {
    "valid_from": "2026-06-15",
    "source": "Cabinet, 12 May 2026",
    "value_days": "1",
    "value_calendar": "working",
    "value_cut_off_hour": "15",
    "value_day_ends": "17:00",
    "value_hazard_hours": "needles: 2",
    "value_pauses": "no_access: Locked\nWaiting for the police",
}
MANAGING = Actor(None, NOW)
# Monday 15 June 14:00 in London: before the cut-off, so one working day on, at its end.
MONDAY = datetime(2026, 6, 15, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(signed_in) -> FlaskClient:
    return signed_in("manager", may_read_enforcement=True)


def filed(store: Store) -> int:
    """An incident that the public told of on Friday 12 June at 10:00 in London; its key."""
    reported_at = datetime(2026, 6, 12, 9, tzinfo=UTC)
    report = NewReport(shapely.Point(553_005, 174_005), "public", "web", reported_at)
    with store.writing() as session:
        key = take_report(session, report, now=reported_at).incident_key
        return jobs.incident_key(session, key)


def due_of(store: Store, incident: int) -> datetime:
    with store.reading() as session:
        return jobs.of_incident(session, incident).incident.due_at


def due(store: Store, at: datetime, hazards: set[str] = frozenset()) -> datetime:
    with store.reading() as session:
        return service_clock(session).due(at, hazards).at


def test_a_manager_sets_the_promise_and_takes_it_back(manager: FlaskClient, council: Store) -> None:
    address = "/admin/rules/service_level"
    assert manager.post(f"{address}/add", data=PROMISE).status_code == 302
    assert due(council, MONDAY) == datetime(2026, 6, 16, 16, tzinfo=UTC)
    # At 15:00 in London it counts as made on Tuesday: Wednesday 17:00.
    assert due(council, MONDAY.replace(hour=14)) == datetime(2026, 6, 17, 16, tzinfo=UTC)
    assert due(council, MONDAY, {"needles"}) == MONDAY.replace(hour=15)
    with council.reading() as session:
        level = service_clock(session).level(MONDAY)
        assert level.pauses == {
            "no_access": "Locked",
            "waiting_for_the_police": "Waiting for the police",
        }
    # Before its first day the packaged two working days hold: Friday to Tuesday's end.
    assert due(council, datetime(2026, 6, 12, 9, tzinfo=UTC)).date() == date(2026, 6, 16)
    assert manager.post(f"{address}/1/withdraw", data={"reason": "Too short"}).status_code == 302
    assert due(council, MONDAY) == datetime(2026, 6, 17, 22, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value_days": "0"}, "The days after the report are 0: write 1 or more"),
        ({"value_cut_off_hour": "25"}, "The cut-off hour is 25: write 1 to 24"),
        ({"value_day_ends": "02:00"}, "write 03:00 or later"),
        ({"value_days": "91"}, "The days after the report are 91: write 90 at most"),
        ({"value_hazard_hours": "wasps: 3"}, "needles, leaking"),
        ({"value_hazard_hours": "wasps: 3; needles: 2"}, "is wasps: 3; needles: 2: write for each"),
        ({"value_contract": "Veolia"}, "No contract is entered: enter it first"),
        ({"value_hazard_hours": "needles"}, "such as needles: 4"),
    ],
)
def test_a_promise_that_cannot_be_is_answered(
    manager: FlaskClient, council: Store, changed: dict, words: str
) -> None:
    before = due(council, MONDAY)
    answer = manager.post("/admin/rules/service_level/add", data=PROMISE | changed)
    assert (answer.status_code, words in Page.of(answer).text) == (400, True)
    assert due(council, MONDAY) == before


def test_a_preview_names_the_open_jobs_and_saves_nothing(
    manager: FlaskClient, council: Store
) -> None:
    incident = filed(council)
    row = PROMISE | {"valid_from": "2026-06-01", "preview": "yes"}
    page = Page.of(manager.post("/admin/rules/service_level/add", data=row))
    assert "Nothing is saved yet" in page.text
    assert "1 of them would get another" in page.text
    assert due(council, MONDAY) == datetime(2026, 6, 17, 22, 59, 59, tzinfo=UTC)
    assert due_of(council, incident) == datetime(2026, 6, 16, 22, 59, 59, tzinfo=UTC)


def test_a_promise_is_for_a_contract_that_is_entered(manager: FlaskClient, council: Store) -> None:
    with council.writing() as session:
        terms = Terms("Clean Streets Ltd", None, None, "CAB/1")
        contracts.enter(session, MANAGING, terms)
    address = "/admin/rules/service_level/add"
    answer = manager.post(address, data=PROMISE | {"value_contract": "Clean Street"})
    assert answer.status_code == 400
    assert "write Clean Streets Ltd as it is entered" in Page.of(answer).text
    own = PROMISE | {"value_contract": "Clean Streets Ltd"}
    assert manager.post(address, data=own).status_code == 302
    assert due(council, MONDAY) == datetime(2026, 6, 16, 16, tzinfo=UTC)
    orphaned = "only for the contract of Clean Streets Ltd, whom no contract names"
    assert orphaned not in Page.of(manager.get("/admin/contracts")).text
    with council.writing() as session:
        renamed = Terms("Clean Roads Ltd", None, None, "CAB/2")
        contracts.change(session, MANAGING, 1, renamed)
    assert orphaned in Page.of(manager.get("/admin/contracts")).text


def test_a_preview_of_a_day_off_shows_the_reports_that_it_touches(manager: FlaskClient) -> None:
    # Wednesday 2 December 2026. Of two working days after the report, it is the second of what came
    # on Monday, the first of Tuesday's; what comes on the day itself still counts the two after it.
    row = {"valid_from": "2026-12-02", "source": "CAB/26/3", "preview": "yes"}
    page = Page.of(manager.post("/admin/rules/working_days/add", data=row))
    changed = page.table("Reports of the 7 days from Sunday 29 November 2026").rows
    days = {
        tuple(line[name].split(",")[0] for name in ("Reported", "Due now", "Due then"))
        for line in changed
    }
    assert days == {
        ("30 Nov 2026", "2 Dec 2026", "3 Dec 2026"),
        ("1 Dec 2026", "3 Dec 2026", "4 Dec 2026"),
    }


def test_open_jobs_move_only_when_asked(manager: FlaskClient, council: Store) -> None:
    incident = filed(council)
    row = PROMISE | {"valid_from": "2026-06-01"}
    manager.post("/admin/rules/service_level/add", data=row)
    # Friday and two working days: the end of Tuesday, as it was promised.
    assert due_of(council, incident) == datetime(2026, 6, 16, 22, 59, 59, tzinfo=UTC)
    manager.post("/admin/rules/service_level/add?replaces=1", data=row | {"moves_jobs": "y"})
    # One working day after Friday: Monday 17:00 in London.
    assert due_of(council, incident) == datetime(2026, 6, 15, 16, tzinfo=UTC)
    with council.reading() as session:
        ((entry, who),) = audit.entries(session, "incident")
    assert (entry.act, who) == ("change", "manager-1")


def test_a_one_off_holiday_counts_and_ends(manager: FlaskClient, council: Store) -> None:
    day = {"valid_from": "2026-06-16", "source": "Depot closed, email of 3 June"}
    assert manager.post("/admin/rules/working_days/add", data=day).status_code == 302
    # Monday, Tuesday closed: Wednesday and Thursday.
    assert due(council, MONDAY).date() == date(2026, 6, 18)
    for bad in (day | {"valid_from": ""}, day | {"valid_to": "2028-01-01"}):
        assert manager.post("/admin/rules/working_days/add", data=bad).status_code == 400


def test_a_promise_for_one_contract_holds_on_its_days(manager: FlaskClient, council: Store) -> None:
    firm = {"contractor": "FCC", "valid_from": "2026-07-01", "source": "Contract 26/4"}
    manager.post("/admin/contracts/add", data=firm)
    manager.post(
        "/admin/rules/service_level/add",
        data=PROMISE | {"valid_from": "", "value_contract": "FCC"},
    )
    assert due(council, datetime(2026, 6, 29, 9, tzinfo=UTC)).date() == date(2026, 7, 1)
    assert due(council, datetime(2026, 7, 1, 9, tzinfo=UTC)).date() == date(2026, 7, 2)


def test_contracts_are_entered_ended_and_taken_back(manager: FlaskClient, council: Store) -> None:
    def on(day: date) -> str | None:
        with council.reading() as session:
            return contractor_on(contract_periods(session), day)

    first = {"contractor": "Urbaser", "valid_from": "2019-07-01", "source": "Contract 19/2"}
    assert manager.post("/admin/contracts/add", data=first).status_code == 302
    ended = first | {"valid_to": "2026-06-30", "source": "Notice of 2 January"}
    seen = Page.of(manager.post("/admin/contracts/1", data=ended | {"preview": "yes"}))
    assert "Nothing is saved yet" in seen.text
    assert on(date(2026, 7, 2)) == "Urbaser"
    manager.post("/admin/contracts/1", data=ended)
    assert (on(date(2026, 6, 30)), on(date(2026, 7, 2))) == ("Urbaser", None)
    page = Page.of(manager.get("/admin/contracts")).text
    assert "Notice of 2 January" in page
    assert "Take the last change back: change of Urbaser" in page
    assert "Changed Contract Urbaser, from 1 July 2019 to 30 June 2026" in page
    assert "Entered Contract Urbaser, from 1 July 2019 on" in page
    manager.post("/admin/contracts/undo")
    assert "Taken back Contract Urbaser" in Page.of(manager.get("/admin/contracts")).text
    assert on(date(2026, 7, 2)) == "Urbaser"
    assert manager.post("/admin/contracts/undo").status_code in {400, 409}
    for bad in ({"contractor": ""}, {"source": ""}, {"valid_to": "2019-01-01"}):
        assert manager.post("/admin/contracts/add", data=first | bad).status_code == 400


def test_contacts_reach_the_privacy_notice_and_say_why(
    manager: FlaskClient, client: FlaskClient, council: Store
) -> None:
    data = {
        "data_protection_email": "dpo@example.org",
        "retention_months": "3",
        "reason": "After the DPIA",
    }
    assert manager.post("/admin/contacts", data=data).status_code == 302
    notice = Page.of(client.get("/privacy")).text
    assert ("dpo@example.org" in notice, "3 months after" in notice) == (True, True)
    assert "DPIA" in Page.of(manager.get("/admin/contacts")).text
    safe = {"security_contact": "safe@example.org", "reason": "Asked by the auditors"}
    assert client.get("/.well-known/security.txt").status_code == 404
    assert manager.post("/admin/contacts", data=data | safe).status_code == 302
    assert "Contact: mailto:safe@example.org" in client.get("/.well-known/security.txt").text
    assert "safe@example.org" in client.get("/security").text
    for bad in (
        {"security_contact": "safe"},
        {"csu_email": "nobody"},
        {"retention_months": "0"},
        {"reason": ""},
    ):
        assert manager.post("/admin/contacts", data=data | bad).status_code == 400
    manager.post("/admin/contacts", data=dict.fromkeys(data, "") | {"reason": "The office moved"})
    assert "dpo@example.org" not in Page.of(client.get("/privacy")).text


@pytest.mark.parametrize("role", ["officer", "contractor"])
def test_the_pages_are_for_managers(signed_in, role: str) -> None:
    person = signed_in(role)
    for path in ("contracts", "contracts/add", "contacts", "rules/service_level"):
        assert person.get(f"/admin/{path}").status_code == 403


def test_the_commands_do_the_same(geopackage: Store, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", f"sqlite:///{geopackage.path}")
    reason = ("--source", "CAB/26/3")

    def run(*arguments: str) -> str:
        answer = CliRunner().invoke(hotspots, list(arguments), catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    row = ("--set", "is_working=no", "--from", "2026-06-16", *reason)
    run("rules", "working_days", *row, "--dry-run")
    assert due(geopackage, MONDAY).date() == date(2026, 6, 17)
    run("rules", "working_days", *row)
    assert due(geopackage, MONDAY).date() == date(2026, 6, 18)
    (own,) = json.loads(run("rules", "working_days", "--json"))["rows"]
    assert (own["key"], own["source"]) == (1, "CAB/26/3")
    withdrawing = ["rules", "working_days", "--withdraw", "1"]
    run(*withdrawing, "--dry-run")
    assert "reason is empty" in str(CliRunner().invoke(hotspots, withdrawing).exception)
    assert due(geopackage, MONDAY).date() == date(2026, 6, 18)
    run(*withdrawing, "--reason", "The fair was called off")
    assert due(geopackage, MONDAY).date() == date(2026, 6, 17)
    (line,) = json.loads(run("rules", "working_days", "--history", "--json"))
    assert (line["status"], line["reason"]) == ("withdrawn", "The fair was called off")
    run("rules", "working_days", "--put-back", "1", "--reason", "It is on again")
    assert due(geopackage, MONDAY).date() == date(2026, 6, 18)
    run("rules", "working_days", "--withdraw", "2", "--reason", "Called off")
    amount = ("action=litter_fpn", "amount_pence=15000", "decision=CAB")
    run("rules", "council_amount", *(p for a in amount for p in ("--set", a)), *reason)
    assert (
        json.loads(run("rules", "council_amount", "--json"))["rows"][0]["values"]["amount_pence"]
        == 15_000
    )
    run("contracts", "--add", "FCC", "--from", "2026-07-01", *reason)
    run("contracts", "--change", "1", "--to", "2027-07-01", *reason)
    (contract,) = json.loads(run("contracts", "--json"))["contracts"]
    assert (contract["contractor"], contract["valid_to"]) == ("FCC", "2027-07-01")
    run("contracts", "--undo")
    pounds = ["rules", "council_amount", "--set", "amount_pence=£150"]
    assert "whole number of pence" in CliRunner().invoke(hotspots, pounds).stderr
