"""Worksheets of a workbook, Excel's or OpenDocument's, as rows of cells."""

import warnings
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EmptyCell

from geodata.files.archives import opened_zip
from geodata.files.binary_workbooks import binary_sheets
from geodata.files.bounds import LONGEST_CELL, MOST_COLUMNS, refuse_many
from geodata.files.cell_texts import cell_text, percent_text
from geodata.files.grids import Line, header_position, most_known
from geodata.files.merged_cells import fill_down, merges_of
from geodata.files.old_workbooks import old_sheets, true_ending
from geodata.files.open_document import open_document_sheets
from geodata.files.problems import FileRefusedError
from geodata.files.workbook_bounds import refuse_boundless

Sheets = dict[str, list[Line]]


class Formula(str):
    """A formula's own text, in a cell whose result the workbook does not hold."""

    __slots__ = ()


READERS = {".ods": open_document_sheets, ".xls": old_sheets, ".xlsb": binary_sheets}
"""Of what is no workbook of Office Open XML."""
ALL = "all"
"""In place of a sheet's name: one a month, say, below one another."""
MOST_CELLS = 5_000_000
"""Each takes twelve microseconds to read."""


def read_sheets(
    path: Path,
    headings: Collection[str],
    wanted: str | None,
    *,
    most_cells: int = MOST_CELLS,
) -> Sheets:
    """The rows of the worksheet that holds the table, or of all that do.

    Parameters
    ----------
    headings
        Plain names of columns that are known here.
    wanted
        The worksheet's name, or ``ALL`` of them that hold a table; the only one that does where
        None. Hidden sheets are left out where none is named.
    most_cells
        In all its sheets.

    Returns
    -------
    dict
        The sheet's name, and its lines of texts; a ``Formula`` where another program than Excel
        wrote one and reckoned no result.

    Raises
    ------
    FileRefusedError
        It is no workbook, is too big, has no such sheet, or several could be meant.
    """
    most_cells = min(most_cells, MOST_CELLS)
    read = READERS.get(path.suffix.lower())
    if read is not None and not _is_zipped_xls(path):
        sheets = read(path, None if wanted == ALL else wanted, headings, most_cells)
        return {name: sheets[name] for name in _chosen(path, sheets, headings, wanted)}
    with opened_zip(path) as archive:
        refuse_boundless(path, archive, most_cells)
    try:
        with warnings.catch_warnings():  # about drop-down lists and colours, which we do not need
            warnings.simplefilter("ignore")
            chosen = None if wanted == ALL else wanted
            sheets = _sheets(path, chosen, headings, most_cells)
    except FileRefusedError:
        raise
    except Exception as error:  # the library may raise anything on a stranger's bytes
        raise FileRefusedError(f"{path.name} is not an Excel workbook: {error}") from None
    return {name: sheets[name] for name in _chosen(path, sheets, headings, wanted)}


def _is_zipped_xls(path: Path) -> bool:
    return path.suffix.lower() == ".xls" and true_ending(path) == ".xlsx"


def _sheets(path: Path, wanted: str | None, headings: Collection[str], most_cells: int) -> Sheets:
    with path.open("rb") as file:  # by its name the library would refuse one that is named .xls
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
        names = [sheet.title for sheet in workbook.worksheets]
        if wanted is not None and wanted not in names:
            raise FileRefusedError(
                f"{path.name} has no sheet {wanted!r}; it has {', '.join(names)}"
            )
        return {
            sheet.title: _lines(path, sheet, headings, most_cells)
            for sheet in workbook.worksheets
            if sheet.title == wanted or (wanted is None and sheet.sheet_state == "visible")
        }


def _lines(path: Path, sheet: Any, headings: Collection[str], most_cells: int) -> list[Line]:
    """Rows of equal length: cells of a worksheet cannot shift as those of a CSV file do."""
    sheet.reset_dimensions()  # what it declares may be a million columns
    lines: dict[int, list[str]] = {}
    blank: set[tuple[int, int]] = set()
    n_cells = 0
    for number, row in enumerate(sheet.iter_rows()):
        n_cells += len(row)
        refuse_many(path.name, n_cells, most_cells, "cells up to the last of each row")
        cells = _filled(path, [_text(cell) for cell in row])
        holders = {(number, n) for n, cell in enumerate(row) if _may_hold_formula(cell)}
        if cells or holders:
            lines[number] = cells
            blank |= holders
    if blank:
        for number, n, formula in _formulas(path, sheet.title):
            if (number, n) in blank:
                lines[number] += [""] * (n + 1 - len(lines[number]))
                lines[number][n] = Formula(formula)
    fill_down(lines, merges_of(sheet), headings)
    width = max(map(len, lines.values()), default=0)
    refuse_many(path.name, width * len(lines), most_cells, "cells in rows of equal length")
    return [(number + 1, cells + [""] * (width - len(cells))) for number, cells in lines.items()]


def _text(cell: Any) -> str:
    """0.45 in a cell that shows 45% says 45%: a hundredth of that would go in as percent."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in cell.number_format:
        return percent_text(value)
    return cell_text(value).strip()


def _filled(path: Path, cells: list[str]) -> list[str]:
    """A row without the blank cells at its end, which only colours and lines have made."""
    while cells and not cells[-1]:
        cells.pop()
    refuse_many(path.name, len(cells), MOST_COLUMNS, "columns")
    refuse_many(path.name, max(map(len, cells), default=0), LONGEST_CELL, "letters in a cell")
    return cells


def _may_hold_formula(cell: Any) -> bool:
    """Whether something is in the file that has no value; a stored empty text is a value."""
    return cell.value is None and cell.data_type == "n" and not isinstance(cell, EmptyCell)


def _formulas(path: Path, title: str) -> Iterator[tuple[int, int, str]]:
    """Row and column, from 0, of each formula of a sheet, and its text."""
    with path.open("rb") as file:
        workbook = openpyxl.load_workbook(file, read_only=True)
        for number, row in enumerate(workbook[title].iter_rows()):
            for n, cell in enumerate(row):
                if cell.data_type == "f":
                    yield number, n, str(getattr(cell.value, "text", cell.value))


def _chosen(path: Path, sheets: Sheets, headings: Collection[str], wanted: str | None) -> list[str]:
    """The only sheet with known headings, else the only one with a header; or all of them."""
    filled = {name: [line for line in lines if any(line[1])] for name, lines in sheets.items()}
    fit = [name for name, lines in filled.items() if most_known(lines, headings) > 1] or [
        name for name, lines in filled.items() if header_position(lines, headings) is not None
    ]
    if not fit:
        raise FileRefusedError(f"{path.name} has no sheet with a row that looks like a header")
    if len(fit) > 1 and wanted != ALL:
        raise FileRefusedError(
            f"{path.name} has several sheets with a table ({', '.join(fit)}): "
            "keep one of them in the file",
            in_shell=f"or give --layer {fit[0]!r}, or another; or --layer all, if they have the "
            "same columns",
        )
    return fit
