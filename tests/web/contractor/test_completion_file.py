"""The worklist goes out as a spreadsheet, and the contractor's answer comes back in."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from sqlalchemy import select

from geodata.importers.batches import ImportOptions, ImportResult
from geodata.incidents import open_incidents
from geodata.models import Clearance, Incident
from geodata.store.engine import Store
from web.services.admin.importing import import_file, undo_batch
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
    with store.writing() as session:
        return import_file(session, "clearances", path, ImportOptions(), now=NOW)


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
        ("{key},2026-11-24 10:00,Completed,,,-3,,", "is no weight"),
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
