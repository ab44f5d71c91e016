"""A workbook with a sheet a month is one file; sums below the rows are no rows."""

from pathlib import Path

import openpyxl
import pytest

from geodata.files.problems import FileRefusedError
from geodata.store.engine import Store
from tests.geodata.importers.importing import reports, take, with_borough, written

HEADER = ["Ref", "Date", "Easting", "Northing"]
APR = [HEADER, ["A1", "13/04/2026", 554_000, 174_000], ["A2", "soon", 554_100, 174_000]]
MAY = [
    ["Canisters, May"],
    ["Date", "Ref", "Northing", "Easting"],
    ["14/05/2026", "M1", 174_000, 554_200],
    ["Grand Total", None, 348_000, 1_108_000],
]


@pytest.fixture
def council(geopackage: Store) -> Store:
    """A store of one kind: files are understood before either kind is asked."""
    return with_borough(geopackage)


def book(folder: Path, **sheets: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(folder / "year.xlsx")
    return folder / "year.xlsx"


def test_sheets_with_the_same_columns_are_asked_about_and_taken_together(
    council: Store, tmp_path: Path
) -> None:
    path = book(tmp_path, Apr=APR, May=MAY, Notes=[["Written by the depot"]])
    with pytest.raises(FileRefusedError, match=r"\(Apr, May\).*keep one") as refusal:
        take(council, path)
    assert "--layer all" in refusal.value.in_shell
    result = take(council, path, layer="all")
    assert [(r.external_ref, r.geometry.x, r.geometry.y) for r in reports(council)] == [
        ("A1", 554_000, 174_000),
        ("M1", 554_200, 174_000),
    ]
    problems = [(p.row, p.column, p.value) for p in result.problems]
    assert problems == [(3, "Date of Apr", "soon"), (4, "Date of May", "Grand Total")]
    again = take(council, path, layer="all")
    assert (again.accepted, again.unchanged) == (0, 2)


def test_sheets_with_other_columns_are_refused_by_name(council: Store, tmp_path: Path) -> None:
    june = [[*HEADER, "Crew"], ["J1", "14/06/2026", 554_000, 174_000, "B"]]
    with pytest.raises(FileRefusedError, match=r"'Apr' and 'Jun' have other columns.*Crew"):
        take(council, book(tmp_path, Apr=APR, Jun=june), layer="all")


@pytest.mark.parametrize("words", ["Total", "GRAND TOTAL:", "Sub-total", "Subtotal for Town ward"])
def test_a_total_is_refused_by_its_name(council: Store, tmp_path: Path, words: str) -> None:
    path = written(
        tmp_path,
        f"Ref,Date,Easting,Northing,Quantity\nA1,13/04/2026,554000,174000,7\n{words},,,,7\n",
    )
    result = take(council, path)
    assert [(p.row, p.value, p.message) for p in result.problems] == [
        (3, words, "is a total of other rows, and no row of its own")
    ]
    assert (result.accepted, result.rejected) == (1, 1)


def test_a_reference_that_begins_so_is_none(council: Store, tmp_path: Path) -> None:
    text = "Ref,Date,Easting,Northing\nTotal Garage 7,13/04/2026,554000,174000\n"
    assert take(council, written(tmp_path, text)).accepted == 1


def test_sheet_that_sums_the_others_up_is_left_aside(council: Store, tmp_path: Path) -> None:
    summary = [["Month", "Count"], ["April", 1], ["May", 1]]
    may = [HEADER, ["M1", "14/05/2026", 554_200, 174_000]]
    result = take(council, book(tmp_path, Apr=APR, May=may, Summary=summary), layer="all")
    assert (result.accepted, result.rejected) == (2, 1)
    assert "sheet 'Summary' has other columns, and is left aside" in result.warnings
