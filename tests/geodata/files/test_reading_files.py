"""Files as people save them: what is found in them, and what is refused in a sentence."""

import gzip
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.files import bounds
from geodata.files.columns import known_headings
from geodata.files.csv_files import read_csv
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table, read_table
from geodata.importers.kinds.reports import REPORTS

HEADINGS = {"ref", "date", "easting", "northing", "details"}
ROWS = [["A", "2026-05-01", "553000", "174000"], ["B", "2026-05-02", "553001", "174001"]]


def text_file(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    return path


def workbook(tmp_path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.removeprefix("hidden_"))
        sheet.sheet_state = "hidden" if name.startswith("hidden_") else "visible"
        for row in rows:
            sheet.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def read(path: Path, layer: str | None = None) -> Table:
    return read_table(path, layer=layer, headings=HEADINGS)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_separator_and_unicode_is_read(tmp_path: Path, separator: str, encoding: str) -> None:
    lines = [["Ref", "Date", "Easting", "Details"], ["A", "2026-05-01", "1", "glass; 🎈, £5 | x"]]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    rows = read(text_file(tmp_path, text, encoding)).rows
    assert rows.to_numpy().tolist() == [lines[1]]


def test_a_comma_for_the_decimal_point_does_not_split_a_row(tmp_path: Path) -> None:
    rows = read(text_file(tmp_path, "Ref;Easting;Northing\nA;1,5;2,5\nB;3,5;4,5\n")).rows
    assert rows["Northing"].tolist() == ["2,5", "4,5"]


def test_a_title_above_the_header_is_passed_over_and_rows_keep_their_numbers(
    tmp_path: Path,
) -> None:
    text = 'Canister reports,"May, 2026",,\n\nRef,Date,Details\nA,x,"two\nlines"\n,,\n\nB,y,\n'
    rows = read(text_file(tmp_path, text)).rows
    assert list(rows.columns) == ["Ref", "Date", "Details"]
    assert rows.index.tolist() == [4, 7]  # as a spreadsheet shows them
    assert rows.loc[4, "Details"] == "two\nlines"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(
            "Report,,Location,\nNumber,Date,Easting,Northing\n",
            ["Report Number", "Report Date", "Location Easting", "Location Northing"],
            id="groups above names, as merged cells are saved",
        ),
        pytest.param(
            "Register\nRef,Date reported,Site,\n,,Easting,Northing\n,dd/mm/yyyy,(m),(m)\n",
            ["Ref", "Date reported", "Site Easting", "Site Northing"],
            id="a title, names merged downwards beside a group, and units",
        ),
        pytest.param(
            "Reported,Reported,Cleared,Cleared\nDate,Time,Date,Time\n",
            ["Reported Date", "Reported Time", "Cleared Date", "Cleared Time"],
            id="groups above each of their columns",
        ),
        pytest.param(
            "Run by,A Clerk,Run on,23/11/2026\nRef,Date,Easting,Northing\n",
            ["Ref", "Date", "Easting", "Northing"],
            id="what was run and when is no group",
        ),
    ],
)
def test_a_header_of_two_rows_is_read_as_one(tmp_path: Path, text: str, names: list[str]) -> None:
    path = text_file(tmp_path, text + "A1,20/03/2026,553934,174170\n")
    fields = (REPORTS.reference, *REPORTS.fields)
    table = read_table(path, headings=known_headings(fields, {}))
    assert list(table.rows.columns) == names
    assert table.rows.to_numpy().tolist() == [["A1", "20/03/2026", "553934", "174170"]]
    assert bool(table.notes) == (names[0] != "Ref" or "Site" in text)  # two rows: it is said


def test_a_row_whose_comma_is_not_quoted_is_a_problem_of_that_row(tmp_path: Path) -> None:
    table = read(text_file(tmp_path, "Ref,Details\nA,glass, needles\nB,none\n"))
    (problem,) = table.problems
    assert (problem.row, problem.value) == (2, "needles")
    assert "3 cells under 2 headings: put a text that holds a comma in quotation" in problem.message
    assert table.rows["Ref"].tolist() == ["A", "B"]


def test_a_heading_that_stands_twice_is_told_apart(tmp_path: Path) -> None:
    rows = read(text_file(tmp_path, "Ref,Date,Date\nA,x,y\n")).rows
    assert list(rows.columns) == ["Ref", "Date", "Date (again)"]


def test_a_column_without_heading_is_kept_only_where_it_says_something(tmp_path: Path) -> None:
    rows = read(text_file(tmp_path, ",Ref,Date,\n7,A,x,\n")).rows
    assert list(rows.columns) == ["column 1, without heading", "Ref", "Date"]


def test_quotation_marks_inside_a_cell_do_no_harm(tmp_path: Path) -> None:
    rows = read(text_file(tmp_path, 'Ref,Details\nA,"big" bag\nB,a "small" one\n')).rows
    assert rows["Details"].tolist() == ["big bag", 'a "small" one']


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n , ,\n", "is empty"),
        (b"Ref,Date\n", "holds no rows"),
        (b'Ref,Date\nA,x\n"B,y\nC,z\n', "from row 3 on"),
        (b"Ref,Date\nA,x\nB,\x00\n", "a null byte in line 3"),
        ("Ref,Date\nA,\0\n".encode("utf-16-le"), "not a text file"),
        (b"\xff\xfeR", "is torn"),
        (b"PK\x03\x04...", "name it .xlsx or .zip"),
    ],
)
def test_what_is_no_csv_file_is_refused_with_its_place(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError, match=words):
        read(path)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, b: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(b)
    try:
        lines = read_csv(path)
    except FileRefusedError:
        return
    assert [number for number, _ in lines] == list(range(1, len(lines) + 1))


def test_a_torn_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(b"Ref,Date\nA,x\n")[:-9])
    with pytest.raises(FileRefusedError, match="torn"):
        read(path)
    with pytest.raises(FileRefusedError, match="only text files"):
        read(path.rename(tmp_path / "file.gpkg.gz"))


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.xlsx", "bomb.zip"])
def test_what_would_unpack_to_more_than_memory_holds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(bounds, "MOST_BYTES", 1_000)
    path = tmp_path / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(b"x" * 2_000))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"x" * 2_000)
    with pytest.raises(FileRefusedError, match="bigger than"):
        read(path)


def test_a_cover_and_a_hidden_sheet_are_passed_over(tmp_path: Path) -> None:
    header = ["Ref", "Date", "Easting", "Northing"]
    old = [header, ["old", "2020-01-01", 1, 2]]
    path = workbook(
        tmp_path,
        Cover=[["Canister reports"], ["Author", "Sam"]],
        hidden_Old=old,
        Data=[["From the CRM"], header, ["A", datetime(2026, 5, 1, 8, 10), 553_000.0, "174000 "]],  # noqa: DTZ001
    )
    rows = read(path).rows
    assert rows.to_numpy().tolist() == [["A", "2026-05-01 08:10:00", "553000", "174000"]]
    assert rows.index.tolist() == [3]
    assert read(path, "Old").rows["Ref"].tolist() == ["old"]


def test_a_formula_is_named_unless_its_stored_result_is_an_empty_text(tmp_path: Path) -> None:
    header = ["Ref", "Date", "Details"]
    path = workbook(tmp_path, Data=[header, ["A", "2026-05-01", '=IF(A2="","x","")'], ["B", "=B2"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    cell = b'<c r="C2">'
    assert cell in parts[sheet]
    parts[sheet] = parts[sheet].replace(cell, b'<c r="C2" t="str">')  # as Excel stores ""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    table = read(path)
    assert table.rows.to_numpy().tolist() == [["A", "2026-05-01", ""], ["B", "", ""]]
    assert [(p.row, p.column, p.value) for p in table.formulas] == [(3, "Date", "=B2")]


def test_one_of_several_sheets_is_asked_for(tmp_path: Path) -> None:
    sheet = [["Ref", "Date"], ["A", "2026-05-01"]]
    path = workbook(tmp_path, May=sheet, June=sheet)
    with pytest.raises(FileRefusedError, match=r"May, June\): keep one of them"):
        read(path)
    with pytest.raises(FileRefusedError, match="no sheet 'July'; it has May, June"):
        read(path, "July")
    assert len(read(path, "June").rows) == 1


def test_an_empty_workbook_and_a_text_named_so_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="no sheet with a row that looks like a header"):
        read(workbook(tmp_path, Empty=[]))
    path = tmp_path / "text.xlsx"
    path.write_text("Ref,Date\nA,x\n")
    with pytest.raises(FileRefusedError, match="not what its ending says"):
        read(path)


def test_one_of_several_layers_is_asked_for(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"Ref": ["A"]}, geometry=[shapely.Point(1, 2)], crs=27700)
    path = tmp_path / "map.gpkg"
    points.to_file(path, layer="may")
    assert len(read(path).rows) == 1
    points.to_file(path, layer="june")
    with pytest.raises(FileRefusedError, match=r"may, june\): keep one of them"):
        read(path)
    assert read(path, "june").rows["Ref"].tolist() == ["A"]


def test_a_list_in_a_cell_of_a_map_is_kept_as_words(tmp_path: Path) -> None:
    path = tmp_path / "map.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null,'
        '"properties": {"Ref": null, "tags": ["a", "b"], "n": 3}}]}'
    )
    rows = read(path).rows
    assert rows[["Ref", "n"]].to_numpy().tolist() == [["", "3"]]
    assert "a" in rows.loc[2, "tags"]
