"""Tables as files: CSV, an Excel workbook with its data dictionary, and Parquet."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from geodata.core.errors import NotFoundError
from geodata.exporters import harmless
from web.services.api.tables import Cells, Column, Table

LONDON = ZoneInfo("Europe/London")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Characters that a workbook's XML cannot hold."""
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
MOST_ROWS = {"csv": 200_000, "xlsx": 50_000, "parquet": 200_000}
"""What one answer holds: a workbook takes a hundred times as long to write."""


def as_file(table: Table, rows: Sequence[Cells], ending: str) -> bytes:
    """Rows in the format of an ending of ``MEDIA``.

    Raises
    ------
    NotFoundError
        Parquet is asked for and is not installed.
    """
    return {"csv": as_csv, "xlsx": as_xlsx, "parquet": as_parquet}[ending](table, rows)


def as_csv(table: Table, rows: Sequence[Cells]) -> bytes:
    """UTF-8 with a mark that Excel knows it by; instants in UTC."""
    text = io.StringIO()
    writer = csv.writer(text)  # lines end in CR LF (RFC 4180)
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Any) -> Any:
    if isinstance(cell, bool):
        return str(cell).lower()
    if hasattr(cell, "isoformat"):
        return cell.isoformat().replace("+00:00", "Z")
    return harmless(cell)


def as_xlsx(table: Table, rows: Sequence[Cells]) -> bytes:
    """A workbook of two sheets: the rows, times as in London, and what their columns mean."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = "A2"
    sheet.append([column.name for column in table.columns])
    for row in rows:
        sheet.append([_sheet_cell(cell) for cell in row])
    words = book.create_sheet("Dictionary")
    words.column_dimensions["A"].width, words.column_dimensions["C"].width = 26, 90
    words.append(["Column", "Type", "Meaning"])
    for column in table.columns:
        words.append([column.name, column.type, meaning_in_a_sheet(column)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def meaning_in_a_sheet(column: Column) -> str:
    """What a column means; a workbook knows no offsets, so that times are London's."""
    return column.meaning + (". Time in London" if column.type == "datetime" else "")


def _sheet_cell(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.astimezone(LONDON).replace(tzinfo=None)
    return UNPRINTABLE.sub("", harmless(cell)) if isinstance(cell, str) else cell


def as_parquet(table: Table, rows: Sequence[Cells]) -> bytes:
    """Typed columns; instants in UTC.

    Raises
    ------
    NotFoundError
        It is not installed.
    """
    if find_spec("pyarrow") is None:
        raise NotFoundError(
            "Parquet is not installed here: ask for csv or xlsx, or have the operator install "
            "the extra “arrow”"
        )
    pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    types = {
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "date": pa.date32(),
        "string": pa.string(),
    }
    columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    arrays = {
        column.name: pa.array(cells, types[column.type])
        for column, cells in zip(table.columns, columns, strict=True)
    }
    file = io.BytesIO()
    parquet.write_table(pa.table(arrays), file)
    return file.getvalue()
