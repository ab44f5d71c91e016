"""The worklist goes out as a spreadsheet, and the contractor's answer comes back in."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from sqlalchemy import select

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult
from geodata.incidents import open_incidents
from geodata.models import Clearance, Incident
from geodata.store.engine import Store
from web.services.clearing import worklist
from web.services.clearing.worklist import Filter
from web.services.imports.importing import take_in, undo_batch
from web.services.reporting.intake import NewReport, take_report

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def tell(store: Store, x: float) -> str:
    new = NewReport(shapely.Point(553_000 + x, 174_000), "public", "web", NOW - timedelta(days=2))
    with store.writing() as session:
        return take_report(session, new, now=new.reported_at).incident_key


def answer(store: Store, tmp_path: Path, *lines: str) -> ImportResult:
    path = tmp_path / "done.csv"
    header = "Job,Completed,Outcome,Large cylinders,Sacks,Weight,Disposal route,Owner"
    path.write_text("\n".join((header, *lines)))
    return take_in(store, "clearances", path, ImportOptions(), now=NOW)


def state(store: Store, key: str) -> str:
    with store.reading() as session:
        return str(open_incidents.by_key(session, key).state)


def test_a_completion_file_closes_what_it_names(council: Store, tmp_path: Path) -> None:
    done, farm, left = tell(council, 0), tell(council, 300), tell(council, 600)
    result = answer(
        council,
        tmp_path,
        f"{done},2026-11-24 10:00,Completed,3,2,12.5,Scrap,",
        f"{farm},2026-11-24 11:00,Private land,,,,,A farmer",
    )
    assert (result.accepted, result.rejected) == (2, 0)
    assert [state(council, key) for key in (done, farm, left)] == [
        "cleared",
        "not_our_land",
        "open",
    ]
    with council.reading() as session:
        rows = session.scalars(select(Clearance).order_by(Clearance.id)).all()
    assert (rows[0].cylinders, rows[0].sacks, rows[0].weight_kg) == (3, 2, 12.5)
    assert (rows[0].disposal, rows[1].land_owner) == ("Scrap", "A farmer")
    assert rows[0].incident_id is not None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("NOSUCH,2026-11-24 10:00,Completed,,,,,", "is no known report"),
        ("{key},2026-11-20 10:00,Completed,,,,,", "lies before the report"),
        ("{key},2026-11-26 10:00,Completed,,,,,", "lies in the future"),
        ("{key},2026-11-24 10:00,Exploded,,,,,", "is no known outcome"),
    ],
)
def test_a_bad_row_is_named_and_closes_nothing(
    council: Store, tmp_path: Path, line: str, words: str
) -> None:
    key = tell(council, 0)
    result = answer(council, tmp_path, line.format(key=key))
    assert (result.accepted, result.rejected) == (0, 1)
    assert words in result.problems[0].message
    assert result.problems[0].row == 2
    assert state(council, key) == "open"


def test_a_weight_that_is_none_is_left_out_with_a_word_and_the_outcome_counts(
    council: Store, tmp_path: Path
) -> None:
    key = tell(council, 0)
    result = answer(council, tmp_path, f"{key},2026-11-24 10:00,Completed,,,-3,,")
    assert (result.accepted, result.rejected) == (1, 0)
    assert any("is no weight" in warning for warning in result.warnings)
    with council.reading() as session:
        assert session.scalars(select(Clearance.weight_kg)).all() == [None]
    assert state(council, key) == "cleared"


def test_an_answer_read_twice_changes_nothing_and_can_be_undone(
    council: Store, tmp_path: Path
) -> None:
    key = tell(council, 0)
    line = f"{key},2026-11-24 10:00,Completed,,,,,"
    first = answer(council, tmp_path, line)
    assert answer(council, tmp_path, line).unchanged == 1
    with council.writing() as session:
        assert first.batch is not None
        undo_batch(session, first.batch, now=NOW)
    assert state(council, key) == "open"
    with council.reading() as session:
        assert session.scalars(select(Incident.closed_at)).all() == [None]


SUMMER = datetime(2026, 7, 15, 12, tzinfo=UTC)  # 13:00 in London


def exported(store: Store, now: datetime) -> list[dict[str, str]]:
    with store.reading() as session:
        text = worklist.as_csv(worklist.worklist(session, Filter(), now=now))
    return list(csv.DictReader(io.StringIO(text)))


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_exported_worklist_filled_in_comes_back(council: Store, tmp_path: Path) -> None:
    """Two of three jobs are answered; what was reported is not taken for what was found."""
    told_at = SUMMER - timedelta(days=1)
    keys = []
    with council.writing() as session:
        places.add(session, PlaceKind.CAR_PARK, "Westgate", shapely.Point(553_000, 174_000))
        for n in range(3):
            point = shapely.Point(553_000 + 300 * n, 174_000)
            new = NewReport(point, "public", "web", told_at, cylinders=5, charger_band="51_to_100")
            keys.append(take_report(session, new, now=told_at).incident_key)
    rows = exported(council, SUMMER)
    assert {row["first_reported_local_time"] for row in rows} == {"2026-07-14 13:00"}
    row_of = {row["report_ref"]: row for row in rows}
    row_of[keys[0]] |= {"occurred_at": "2026-07-15 09:30", "outcome": "Cleared", "sacks": "2"}
    row_of[keys[1]] |= {"occurred_at": "15/07/2026 10:05", "outcome": "Could not get in"}
    row_of[keys[1]] |= {"note": "Gate locked"}
    path = tmp_path / "worklist.csv"
    write_rows(path, rows)
    result = take_in(council, "clearances", path, ImportOptions(dates="dmy"), now=SUMMER)
    assert (result.accepted, result.rejected, result.unchanged) == (2, 0, 0)
    assert result.warnings == ["Rows of jobs without an outcome: 1. They stay as they are"]
    assert [state(council, key) for key in keys][0::2] == ["cleared", "open"]
    with council.reading() as session:
        cleared, locked = session.scalars(select(Clearance).order_by(Clearance.occurred_at))
    assert cleared.occurred_at == datetime(2026, 7, 15, 8, 30, tzinfo=UTC)  # an hour behind
    assert (cleared.sacks, cleared.cylinders, cleared.chargers) == (2, None, None)
    assert cleared.geometry is None  # nobody said where the crew stood
    assert (locked.outcome, locked.note) == ("no_access", "Gate locked")


def test_an_unanswered_worklist_changes_nothing(council: Store, tmp_path: Path) -> None:
    tell(council, 0)
    rows = exported(council, NOW)
    path = tmp_path / "worklist.csv"
    write_rows(path, rows)
    result = take_in(council, "clearances", path, ImportOptions(), now=NOW)
    assert (result.batch, result.accepted, result.rejected) == (None, 0, 0)
