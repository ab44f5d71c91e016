"""Sheets of an OpenDocument spreadsheet (.ods), as LibreOffice and others write them.

OpenDocument 1.3, part 3, section 9: a cell or a row that repeats is written once with a number,
which may be a million where nothing stands to the sheet's end.
"""

import re
from collections.abc import Collection
from pathlib import Path

from geodata.files.archives import opened_zip
from geodata.files.bounds import LONGEST_CELL, MOST_COLUMNS, refuse_many
from geodata.files.cell_texts import percent_text
from geodata.files.grids import Line
from geodata.files.merged_cells import Merge, fill_down
from geodata.files.problems import FileRefusedError
from geodata.files.xml_bounds import walk

_VALUES = {
    "float": "value",
    "percentage": "value",
    "currency": "value",
    "date": "date-value",
    "boolean": "boolean-value",
}


def open_document_sheets(
    path: Path, wanted: str | None, headings: Collection[str], most_cells: int
) -> dict[str, list[Line]]:
    """Rows of each sheet, or of the wanted one.

    Raises
    ------
    FileRefusedError
        It is no such spreadsheet, is too big, is locked, or has no such sheet.
    """
    with opened_zip(path) as archive:
        if "content.xml" not in archive.namelist():
            raise FileRefusedError(f"{path.name} is no OpenDocument spreadsheet: save it as XLSX")
        content = archive.read("content.xml")
    reader = _Reader(path.name, most_cells, headings)
    walk(path.name, content, reader.start, reader.end, reader.text)
    if wanted is not None and wanted not in reader.sheets:
        raise FileRefusedError(
            f"{path.name} has no sheet {wanted!r}; it has {', '.join(reader.sheets)}"
        )
    return reader.sheets if wanted is None else {wanted: reader.sheets[wanted]}


class _Reader:
    """The sheets so far, and the cell that is being read."""

    def __init__(self, name: str, most_cells: int, headings: Collection[str]) -> None:
        self.headings = headings
        self.name, self.most_cells, self.n_cells = name, most_cells, 0
        self.sheets: dict[str, list[Line]] = {}
        self.lines: list[Line] = []
        self.row: list[str] = []
        self.blank = 0  # cells since the last one that says something
        self.number = self.row_times = self.cell_times = 1
        self.value = ""
        self.letters: list[str] = []
        self.is_remark = False
        self.n_rows = self.n_columns = 1  # that the cell which is being read covers
        self.merges: list[Merge] = []

    def start(self, tag: str, _: int, attributes: dict[str, str]) -> None:
        values = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        if tag == "table":
            self.lines, self.number, self.merges = [], 1, []
            self.sheets[values.get("name", f"Sheet {len(self.sheets) + 1}")] = self.lines
        elif tag == "table-row":
            self.row, self.blank = [], 0
            self.row_times = _times(values.get("number-rows-repeated"))
        elif tag in {"table-cell", "covered-table-cell"}:
            self.cell_times = _times(values.get("number-columns-repeated"))
            self.value = values.get(_VALUES.get(values.get("value-type", ""), ""), "")
            if self.value and values.get("value-type") == "percentage":
                self.value = percent_text(self.value)
            self.letters = []
            self.n_rows = _times(values.get("number-rows-spanned"))
            self.n_columns = _times(values.get("number-columns-spanned"))
        elif tag == "annotation":
            self.is_remark = True
        elif tag == "s":
            self.text(" ")

    def text(self, text: str) -> None:
        if not self.is_remark:
            self.letters.append(text)

    def end(self, tag: str, _: int, __: str) -> None:
        if tag == "annotation":
            self.is_remark = False
        elif tag == "p":
            self.text("\n")
        elif tag in {"table-cell", "covered-table-cell"}:
            self._end_cell()
        elif tag == "table-row":
            self._end_row()
        elif tag == "table":
            fill_down(dict(self.lines), iter(self.merges), self.headings)

    def _end_cell(self) -> None:
        cell = _plain(self.value) or "".join(self.letters).strip()
        if not cell:
            self.blank += self.cell_times
            return
        n_more = self.blank + self.cell_times
        refuse_many(self.name, len(self.row) + n_more, MOST_COLUMNS, "columns")
        refuse_many(self.name, len(cell), LONGEST_CELL, "letters in a cell")
        self.row += [""] * self.blank + [cell] * self.cell_times
        if self.n_rows > 1 and self.n_columns == 1:
            last = self.number + self.n_rows - 1
            self.merges.append(Merge(self.number, last, len(self.row) - 1))
        self.blank = 0

    def _end_row(self) -> None:
        if self.row:
            self.n_cells += len(self.row) * self.row_times
            refuse_many(self.name, self.n_cells, self.most_cells, "cells")
            rows = range(self.number, self.number + self.row_times)
            self.lines += [(number, list(self.row)) for number in rows]
        self.number += self.row_times


def _times(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else 1


def _plain(value: str) -> str:
    """A stored value as a CSV file would have it: 554000.0 is 554000, and no T before a time."""
    return re.sub(r"\.0*$|(\.\d*?)0+$", r"\1", value.replace("T", " "))
