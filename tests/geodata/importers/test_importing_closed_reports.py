"""A row that tells of a report and of its clearance is both, and both go out again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from sqlalchemy import select

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.importers.batches import undo
from geodata.importers.reading import ImportResult
from geodata.models import Clearance, Report
from geodata.store.engine import Store
from tests.taking_in import import_file

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def council(store: Store) -> Store:
    with store.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Test", shapely.box(550e3, 170e3, 560e3, 178e3))
    return store


def take(store: Store, tmp_path: Path, header: str, *cells: str) -> ImportResult:
    rows = [f"R{n},2026-05-23T08:10Z,554000,174000,{cell}" for n, cell in enumerate(cells, start=1)]
    path = tmp_path / "reports.csv"
    path.write_text("\n".join([f"ref,reported_at,easting,northing,{header}", *rows]))
    with store.writing() as session:
        return import_file(session, "reports", path, now=NOW)


def cleared(store: Store) -> list[tuple[str, datetime]]:
    query = select(Report.external_ref, Clearance.occurred_at).join(
        Clearance, Clearance.report_id == Report.id
    )
    with store.reading() as session:
        return [(ref, at) for ref, at in session.execute(query.order_by(Report.id))]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("fixed", "2026-05-24T09:00Z"),
        ("Closed Date", "24/05/2026 10:00"),
        ("ClosedDate", "2026-05-24T09:00Z"),
        ("date_closed", "2026-05-24 10:00"),
        ("closed_at,status", "2026-05-24T09:00Z,Closed"),
        ("resolved,state", "2026-05-24T09:00Z,fixed - council"),
        ("updated_datetime,status", "2026-05-24T09:00Z,closed"),
    ],
)
def test_the_words_of_other_systems_tell_a_clearance(
    council: Store, tmp_path: Path, header: str, cell: str
) -> None:
    result = take(council, tmp_path, header, cell)
    assert cleared(council) == [("R1", datetime(2026, 5, 24, 9, tzinfo=UTC))]
    assert result.warnings[0].startswith("1 rows tell of a report, 1 of them with a clearance too")


def test_seconds_since_1970_are_the_moment_and_not_the_day(council: Store, tmp_path: Path) -> None:
    result = take(council, tmp_path, "closed", "1779613200")
    assert cleared(council) == [("R1", datetime(2026, 5, 24, 9, tzinfo=UTC))]
    assert "closed is read as seconds since 1970 (Unix time)" in result.warnings


def test_a_closed_file_read_again_adds_nothing_and_an_undo_takes_both_back(
    council: Store, tmp_path: Path
) -> None:
    first = take(council, tmp_path, "fixed", "2026-05-24T09:00Z", "")
    again = take(council, tmp_path, "fixed", "2026-05-24T09:00Z", "")
    assert (again.accepted, again.unchanged, len(cleared(council))) == (0, 2, 1)
    with council.writing() as session:
        undo(session, first.batch or 0, now=NOW)
    with council.reading() as session:
        assert session.scalars(select(Report)).all() == []
        assert session.scalars(select(Clearance)).all() == []


@pytest.mark.parametrize(
    ("header", "cell", "words"),
    [
        ("closed", "2026-05-22T09:00Z", "before the report"),
        ("closed", "2026-12-22T09:00Z", "future"),
        ("closed,status", "2026-05-24T09:00Z,open", "beside a time of clearing"),
    ],
)
def test_a_closing_that_cannot_be_refuses_its_row(
    council: Store, tmp_path: Path, header: str, cell: str, words: str
) -> None:
    result = take(council, tmp_path, header, cell)
    assert (result.accepted, result.rejected) == (0, 1)
    assert words in result.problems[0].message


@pytest.mark.parametrize(
    ("header", "cell", "words"),
    [
        ("status", "Closed", "not when"),
        ("fixed", "yes", "not when"),
        ("closed,status", "2026-05-24T09:00Z,duplicate", "without being cleared"),
    ],
)
def test_a_report_closed_without_a_known_clearing_goes_in_alone_and_says_so(
    council: Store, tmp_path: Path, header: str, cell: str, words: str
) -> None:
    result = take(council, tmp_path, header, cell)
    assert (result.accepted, cleared(council)) == (1, [])
    assert words in result.warnings[-1]


def test_a_day_of_closing_without_a_time_counts_to_its_end(council: Store, tmp_path: Path) -> None:
    take(council, tmp_path, "closed date", "2026-05-23")
    assert cleared(council) == [("R1", datetime(2026, 5, 23, 22, 59, tzinfo=UTC))]  # 23:59 BST
