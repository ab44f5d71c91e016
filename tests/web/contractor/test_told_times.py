"""When an outcome counts: by the crew's clock only where that is plausible and comes in time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely
import time_machine
from sqlalchemy import select

from geodata.clearances.time_gaps import GAP_HOURS
from geodata.importers.options import ImportOptions
from geodata.incidents import incident_events, open_incidents
from geodata.models import AuditEntry, Clearance, Report
from geodata.store import settings
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.page import Page
from web.services import clearing
from web.services.clearing import NewClearance, record
from web.services.imports.importing import take_in
from web.services.reporting.intake import NewReport, TakenReport, take_report

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def tell(store: Store, x: float = 0) -> TakenReport:
    new = NewReport(shapely.Point(553_000 + x, 174_000), "public", "web", MONDAY)
    with store.writing() as session:
        return take_report(session, new, now=MONDAY)


def done(
    store: Store, taken: TakenReport, told_h: float, received: float, outcome: str = "cleared"
) -> None:
    new = NewClearance(taken.incident_id, outcome, at(told_h), no_photo_reason="Dark")
    with store.writing() as session:
        record(session, new, now=at(received))


def closed_at(store: Store, taken: TakenReport) -> datetime | None:
    with store.reading() as session:
        return open_incidents.by_id(session, taken.incident_id).closed_at


@pytest.mark.parametrize(
    ("told_h", "received", "counts"),
    [
        (30, 42, 30),  # 12 h late: the last gap that counts
        (30, 42.1, 42.1),
        (40, 136, 136),  # the phone says in time, four days late
        (41, 40, 40),  # ahead of our clock by an hour
        (-1, 2, 2),  # before the report: nobody clears what nobody told of
        (-0.05, 2, 0),  # three minutes before it: a phone's clock is not ours
    ],
)
def test_a_told_time_counts_within_twelve_hours_of_its_receipt(
    council: Store, told_h: float, received: float, counts: float
) -> None:
    taken = tell(council)
    done(council, taken, told_h, received)
    assert closed_at(council, taken) == at(counts)
    with council.reading() as session:
        row = session.scalars(select(Clearance)).one()
        assert (row.device_at, row.recorded_at) == (at(told_h), at(received))


def test_the_council_says_how_long_the_gap_may_be(council: Store) -> None:
    with council.writing() as session:
        settings.write(session, GAP_HOURS, 1)
    taken = tell(council)
    done(council, taken, 10, 11.5)
    assert closed_at(council, taken) == at(11.5)


def test_a_time_before_what_was_said_to_be_still_there_does_not_close_it(council: Store) -> None:
    taken = tell(council)
    done(council, taken, 2, 2)
    with council.writing() as session:
        clearing.reopen(session, taken.incident_id, now=at(5))
    done(council, taken, 4, 6)
    assert closed_at(council, taken) == at(6)


def test_an_officer_accepts_a_late_time_with_a_reason_in_the_audit(
    council: Store, signed_in: SignIn
) -> None:
    taken = tell(council)
    done(council, taken, 20, 120)
    with time_machine.travel(at(121), tick=False):
        client = signed_in("officer")
        rows = Page.of(client.get("/officer/outcome-times")).table("Waiting for a decision").rows
        assert [row["Gap"] for row in rows] == ["4 days later"]
        with council.reading() as session:
            key = session.scalars(select(Clearance.id)).one()
        chosen = {"outcomes": [str(key)]}
        assert client.post("/officer/outcome-times", data=chosen).status_code == 400
        assert closed_at(council, taken) == at(120)
        answer = client.post("/officer/outcome-times", data=chosen | {"reason": "No signal"})
        assert answer.status_code == 302
        assert closed_at(council, taken) == at(20)
        again = client.post("/officer/outcome-times", data=chosen | {"reason": "No signal"})
        assert again.status_code == 400
    with council.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "accept_time")).one()
        assert entry.reason == "No signal"
        assert entry.before["occurred_at"] == at(120).isoformat()
        assert entry.after["occurred_at"] == at(20).isoformat()


@pytest.mark.parametrize("told_h", [-5, 200])
def test_a_time_that_cannot_be_true_is_never_accepted(
    council: Store, signed_in: SignIn, told_h: float
) -> None:
    taken = tell(council)
    done(council, taken, told_h, 100)
    with time_machine.travel(at(300), tick=False), council.reading() as session:
        key = session.scalars(select(Clearance.id)).one()
        data = {"outcomes": [str(key)], "reason": "Trust them"}
        answer = signed_in("officer").post("/officer/outcome-times", data=data)
    assert answer.status_code == 400
    assert "the clock was wrong" in answer.text
    assert closed_at(council, taken) == at(100)


def test_a_crew_cannot_accept_its_own_time(council: Store, signed_in: SignIn) -> None:
    client = signed_in("contractor")
    assert client.get("/officer/outcome-times").status_code == 403
    assert client.post("/officer/outcome-times", data={}).status_code == 403


@pytest.mark.parametrize("goes_on", [True, False])
def test_an_accepted_no_access_stops_the_clock_from_the_time_told(
    council: Store, signed_in: SignIn, *, goes_on: bool
) -> None:
    taken = tell(council)
    done(council, taken, 5, 50, "no_access")
    if not goes_on:
        done(council, taken, 60, 60)
    with time_machine.travel(at(70), tick=False):
        with council.reading() as session:
            key = session.scalars(
                select(Clearance.id).where(Clearance.outcome == "no_access")
            ).one()
        data = {"outcomes": [str(key)], "reason": "The guard wrote to us"}
        assert signed_in("officer").post("/officer/outcome-times", data=data).status_code == 302
    with council.reading() as session:
        spans = incident_events.pauses(session, [taken.incident_id])[taken.incident_id]
    # Stood from hour 5: to the clearance at hour 60, or still.
    stood = sum(((end or at(70)) - start for start, end in spans), timedelta(0))
    assert stood == timedelta(hours=65 if goes_on else 55)


def test_every_gap_is_counted_on_the_performance_page(council: Store, signed_in: SignIn) -> None:
    for x, told_h, received in ((0, 1, 1), (400, 2, 10), (800, 3, 30), (1200, 4, 90), (1600, 9, 2)):
        done(council, tell(council, x), told_h, received)
    with time_machine.travel(at(100), tick=False):
        page = Page.of(signed_in("officer").get("/officer/performance"))
    rows = page.table("From the time that crews told to its receipt").rows
    counted = {row["Gap"]: (row["Outcomes"], row["Count at receipt"]) for row in rows}
    assert counted == {
        "The phone's clock was ahead": ("1", "1"),
        "At once: within 5 minutes": ("1", "0"),
        "Up to 12 hours": ("1", "0"),
        "Over 12 hours, up to 2 days": ("1", "1"),
        "Over 2 days": ("1", "1"),
    }


@pytest.mark.parametrize(("is_history", "counts"), [(True, 30), (False, 120)])
def test_a_file_told_late_counts_at_its_receipt_unless_it_is_history(
    council: Store, tmp_path: Path, *, is_history: bool, counts: float
) -> None:
    taken = tell(council)
    if is_history:  # the report itself came into the store only afterwards
        with council.writing() as session:
            session.scalars(select(Report)).one().recorded_at = at(100)
    path = tmp_path / "done.csv"
    path.write_text(f"Job,Completed,Outcome\n{taken.reference},2026-11-24 15:00,Completed\n")
    result = take_in(council, "clearances", path, ImportOptions(), now=at(120))
    assert closed_at(council, taken) == at(counts)  # Tuesday, 15:00 is hour 30
    assert bool(result.warnings) is not is_history


@pytest.mark.parametrize(
    "device_time", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "x"]
)
def test_a_telephone_that_tells_no_time_at_all_counts_when_it_tells(
    council: Store, signed_in: SignIn, device_time: str
) -> None:
    taken = tell(council)
    data = {"outcome": "not_found", "occurred_at": device_time}
    with time_machine.travel(at(3), tick=False):
        answer = signed_in("contractor").post(f"/contractor/jobs/{taken.incident_key}", data=data)
    assert answer.status_code == 302
    assert closed_at(council, taken) == at(3)
