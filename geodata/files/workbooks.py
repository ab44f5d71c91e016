"""Worksheets of an Excel workbook as rows of cells."""

import warnings
from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
from openpyxl.cell.read_only import EmptyCell
from openpyxl.utils.exceptions import InvalidFileException

from geodata.files.grids import Line, header_position, most_known
from geodata.files.problems import FileRefusedError
from geodata.files.unpacking import refuse_big_zip

Sheets = dict[str, list[Line]]


class Formula(str):
    """A formula's own text, in a cell whose result the workbook does not hold."""

    __slots__ = ()


def read_workbook(path: Path, headings: Collection[str], wanted: str | None) -> list[Line]:
    """The rows of the one worksheet that holds the table.

    Parameters
    ----------
    headings
        Plain names of columns that are known here.
    wanted
        The worksheet's name; found by its headings where None. Hidden sheets are then left out.

    Returns
    -------
    list of Line
        Texts; a ``Formula`` where another program than Excel wrote one and reckoned no result.

    Raises
    ------
    FileRefusedError
        It is no workbook, has no such sheet, or several could be meant.
    """
    refuse_big_zip(path)
    try:
        with warnings.catch_warnings():  # about drop-down lists and colours, which we do not need
            warnings.simplefilter("ignore")
            sheets = _sheets(path, wanted)
    except (InvalidFileException, BadZipFile, KeyError, OSError, ValueError, SyntaxError) as error:
        raise FileRefusedError(f"{path.name} is not an Excel workbook: {error}") from None
    return sheets[_chosen(path, sheets, headings)]


def _sheets(path: Path, wanted: str | None) -> Sheets:
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        names = [sheet.title for sheet in workbook.worksheets]
        if wanted is not None and wanted not in names:
            raise FileRefusedError(
                f"{path.name} has no sheet {wanted!r}; it has {', '.join(names)}"
            )
        return {
            sheet.title: _lines(path, sheet)
            for sheet in workbook.worksheets
            if sheet.title == wanted or (wanted is None and sheet.sheet_state == "visible")
        }
    finally:
        workbook.close()


def _lines(path: Path, sheet: Any) -> list[Line]:
    """Rows of equal length: cells of a worksheet cannot shift as those of a CSV file do."""
    lines: list[Line] = []
    blank: set[tuple[int, int]] = set()
    for number, row in enumerate(sheet.iter_rows()):
        lines.append((number + 1, [cell_text(cell.value).strip() for cell in row]))
        blank |= {(number, n) for n, cell in enumerate(row) if _may_hold_formula(cell)}
    if blank:
        for number, n, formula in _formulas(path, sheet.title):
            if (number, n) in blank:
                lines[number][1][n] = Formula(formula)
    width = max((len(cells) for _, cells in lines), default=0)
    return [(number, cells + [""] * (width - len(cells))) for number, cells in lines]


def _may_hold_formula(cell: Any) -> bool:
    """Whether something is in the file that has no value; a stored empty text is a value."""
    return cell.value is None and cell.data_type == "n" and not isinstance(cell, EmptyCell)


def _formulas(path: Path, title: str) -> Iterator[tuple[int, int, str]]:
    """Row and column, from 0, of each formula of a sheet, and its text."""
    workbook = openpyxl.load_workbook(path, read_only=True)
    try:
        for number, row in enumerate(workbook[title].iter_rows()):
            for n, cell in enumerate(row):
                if cell.data_type == "f":
                    yield number, n, str(getattr(cell.value, "text", cell.value))
    finally:
        workbook.close()


def _chosen(path: Path, sheets: Sheets, headings: Collection[str]) -> str:
    """The only sheet with known headings, else the only one with a header."""
    filled = {name: [line for line in lines if any(line[1])] for name, lines in sheets.items()}
    fit = [name for name, lines in filled.items() if most_known(lines, headings) > 1] or [
        name for name, lines in filled.items() if header_position(lines, headings) is not None
    ]
    if not fit:
        raise FileRefusedError(f"{path.name} has no sheet with a row that looks like a header")
    if len(fit) > 1:
        raise FileRefusedError(
            f"{path.name} has several sheets with a table ({', '.join(fit)}): "
            f"give --layer {fit[0]!r}, or another"
        )
    return fit[0]


def cell_text(cell: object) -> str:
    """What a cell says, as a CSV file would write it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
