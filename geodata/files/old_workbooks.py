"""Workbooks of Excel 97 to 2003 (.xls, BIFF8), and the many other files that bear that ending."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from geodata.files.bounds import MOST_COLUMNS, refuse_big, refuse_many
from geodata.files.cell_texts import cell_text
from geodata.files.grids import Line
from geodata.files.merged_cells import Merge, fill_down
from geodata.files.problems import FileRefusedError

MOST_BYTES = 50_000_000
"""A sheet has 65,536 rows of 256 cells at most, which the library lays out in full: 400 MB."""
_BIFF = b"\xd0\xcf\x11\xe0"  # [MS-CFB] 2.2, the header's signature
_ZIP = b"PK\x03\x04"
_OTHERS = (
    (b"<workbook", "it is an XML spreadsheet of 2003"),
    (b"mso-application", "it is an XML spreadsheet of 2003"),
    (b"mime-version", "it is a web archive that is named so"),
    (b"<html", "it is a web page that is named so"),
    (b"<table", "it is a web page that is named so"),
)


def true_ending(path: Path) -> str:
    """What a file named .xls is: systems name so what Excel will open, whatever it is.

    Returns
    -------
    str
        ``.xls``, ``.xlsx`` or ``.csv``.

    Raises
    ------
    FileRefusedError
        It is a web page or the like.
    """
    with path.open("rb") as file:
        head = file.read(4_096)
    if head.startswith(_BIFF):
        return ".xls"
    if head.startswith(_ZIP):
        return ".xlsx"
    beginning = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    other = next((words for mark, words in _OTHERS if mark in beginning), None)
    if other is not None:
        raise FileRefusedError(f"{path.name}: {other}: open it in Excel and save it as XLSX")
    return ".csv"


def old_sheets(
    path: Path, wanted: str | None, headings: Collection[str], most_cells: int
) -> dict[str, list[Line]]:
    """Rows of each visible sheet, or of the wanted one; cells as Python's own values' texts.

    Raises
    ------
    FileRefusedError
        It is no such workbook, is locked or too big, or has no such sheet.
    """
    refuse_big(path.name, path.stat().st_size, MOST_BYTES)
    workbook = _opened(path)
    chosen = chosen_sheets(path, workbook, wanted)
    return {name: _lines(path, workbook, name, headings, most_cells) for name in chosen}


def chosen_sheets(path: Path, workbook: Any, wanted: str | None) -> list[str]:
    """Names of the visible sheets of an opened workbook, or the wanted one.

    Raises
    ------
    FileRefusedError
        It has no such sheet.
    """
    names = list(workbook.sheet_names)
    if wanted is not None and wanted not in names:
        raise FileRefusedError(f"{path.name} has no sheet {wanted!r}; it has {', '.join(names)}")
    seen = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if "Visible" in str(sheet.visible) and "WorkSheet" in str(sheet.typ)
    ]
    return [name for name in names if name == wanted or (wanted is None and name in seen)]


def _opened(path: Path) -> Any:
    import python_calamine  # few files are so old

    try:
        return python_calamine.load_workbook(str(path))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise FileRefusedError(f"{path.name} is not an Excel workbook: {error}") from None


def _lines(
    path: Path, workbook: Any, name: str, headings: Collection[str], most_cells: int
) -> list[Line]:
    sheet = workbook.get_sheet_by_name(name)
    refuse_many(path.name, sheet.total_width, MOST_COLUMNS, "columns")
    refuse_many(path.name, sheet.total_height * sheet.total_width, most_cells, "cells")
    return lines_of(sheet, headings)


def lines_of(sheet: Any, headings: Collection[str]) -> list[Line]:
    """The rows of a sheet, numbered as Excel numbers them, as texts."""
    rows = sheet.to_python(skip_empty_area=False)
    lines = [[cell_text(cell).strip() for cell in row] for row in rows]
    merges = (
        Merge(first, last, column)
        for (first, column), (last, end) in sheet.merged_cell_ranges or ()
        if first < last and column == end
    )
    fill_down(dict(enumerate(lines)), merges, headings)
    return list(enumerate(lines, 1))
