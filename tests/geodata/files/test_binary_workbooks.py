"""Binary workbooks (.xlsb), written here record by record as [MS-XLSB] has them."""

import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from geodata.files.problems import FileRefusedError
from geodata.files.tables import read_table

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EXCEL = "application/vnd.ms-excel."
Cell = str | float
Rows = dict[int, dict[int, Cell]]


def record(kind: int, content: bytes = b"") -> bytes:
    """2.1.4: the kind in one or two bytes of seven bits, the size in up to four."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, sizes = len(content), []
    while True:
        sizes.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return head + bytes(sizes) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(column: int, value: Cell) -> bytes:
    at = struct.pack("<II", column, 0)
    if isinstance(value, str):
        return record(6, at + wide(value))  # BrtCellSt
    return record(5, at + struct.pack("<d", value))  # BrtCellReal


def sheet(rows: Rows, declared: tuple[int, int] = (2, 3)) -> bytes:
    """BrtBeginSheet, BrtWsDim, BrtBeginSheetData, then each BrtRowHdr with its cells."""
    last_row, last_column = declared
    parts = [record(129), record(148, struct.pack("<IIII", 0, last_row, 0, last_column))]
    parts.append(record(145))
    for number, cells in rows.items():
        parts.append(record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0)))
        parts += [cell(column, value) for column, value in cells.items()]
    return b"".join([*parts, record(146), record(130)])


def written(path: Path, content: bytes) -> Path:
    bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("May"))
    book = record(131) + record(143) + bundle + record(144) + record(132)
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.bin" '
        f'ContentType="{EXCEL}sheet.binary.macroEnabled.main"/>'
        f'<Override PartName="/xl/worksheets/sheet1.bin" ContentType="{EXCEL}worksheet"/></Types>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", types)
        file.writestr("_rels/.rels", related("officeDocument", "xl/workbook.bin"))
        file.writestr("xl/workbook.bin", book)
        file.writestr("xl/_rels/workbook.bin.rels", related("worksheet", "worksheets/sheet1.bin"))
        file.writestr("xl/worksheets/sheet1.bin", content)
    return path


def related(kind: str, target: str) -> str:
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'


TABLE: Rows = {
    0: {0: "Ref", 1: "Date", 2: "Easting", 3: "Northing"},
    2: {0: "A1", 1: "2026-05-23", 2: 554_000.0, 3: 174_000.5},
}


def test_rows_and_their_numbers_are_read(tmp_path: Path) -> None:
    table = read_table(written(tmp_path / "may.xlsb", sheet(TABLE)))
    assert table.rows.columns.tolist() == ["Ref", "Date", "Easting", "Northing"]
    assert table.rows.to_dict("index") == {
        3: {"Ref": "A1", "Date": "2026-05-23", "Easting": "554000", "Northing": "174000.5"}
    }


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        # Two cells whose rectangle is 1,048,576 by 256 cells: 8 GB as the library lays it out.
        (TABLE | {1_048_575: {255: "x"}}, "cells"),
        (TABLE | {3: {16_383: "x"}}, "columns"),
        ({4: TABLE[0], 2: TABLE[2]}, "rows out of order"),
    ],
)
def test_what_would_fill_the_memory_is_refused_before_it_is_laid_out(
    tmp_path: Path, rows: Rows, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lay_out(*_: object) -> None:
        raise AssertionError("the library was asked")

    monkeypatch.setattr("python_calamine.load_workbook", lay_out)
    with pytest.raises(FileRefusedError, match=why):
        read_table(written(tmp_path / "big.xlsb", sheet(rows)))  # whatever it declares


def test_a_workbook_of_another_kind_is_not_read_under_this_name(tmp_path: Path) -> None:
    """Its cells would not have been counted."""
    book = openpyxl.Workbook()
    book.active.append(["Ref", "Date"])
    book.active.append(["A1", "2026-05-23"])
    book.save(tmp_path / "other.xlsx")
    path = (tmp_path / "other.xlsx").rename(tmp_path / "other.xlsb")
    with pytest.raises(FileRefusedError, match="not a binary workbook"):
        read_table(path)


@pytest.mark.parametrize(
    "content",
    [
        sheet(TABLE)[:-20],  # ends within a record
        record(129) + bytes([0, 0xFF, 0xFF, 0xFF, 0x7F]),  # a row of 268 MB in five bytes
        b"\xff" * 50,
        b"",
    ],
)
def test_what_is_no_sheet_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefusedError, match=r"torn|not a binary workbook|no rows|empty"):
        read_table(written(tmp_path / "torn.xlsb", content))
