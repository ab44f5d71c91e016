"""Binary workbooks of Excel (.xlsb): counted record by record before a library lays them out.

The library makes the whole rectangle from a sheet's first cell to its last, whatever is between,
and believes each record's length. So cells are counted here first, in records ([MS-XLSB] 2.1.4),
and the library gets a copy: the parts that were counted, unpacked, and nothing besides.
"""

import re
import struct
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any

from geodata.files.archives import opened_zip
from geodata.files.bounds import MOST_COLUMNS, refuse_many
from geodata.files.grids import Line
from geodata.files.old_workbooks import chosen_sheets, lines_of
from geodata.files.problems import FileRefusedError

_PARTS = re.compile(
    r"\[Content_Types\]\.xml|.*\.rels|xl/(workbook|styles|sharedStrings|worksheets/[^/]+)\.bin"
)
_ROW = 0  # BrtRowHdr, which begins with the row's number
_CELLS = range(1, 12)  # BrtCellBlank to BrtFmlaError, which begin with the column's


def binary_sheets(
    path: Path, wanted: str | None, headings: Collection[str], most_cells: int
) -> dict[str, list[Line]]:
    """Rows of each visible sheet, or of the wanted one; cells as Python's own values' texts.

    Raises
    ------
    FileRefusedError
        It is no such workbook, is locked or too big, or has no such sheet.
    """
    with tempfile.NamedTemporaryFile(suffix=".xlsb") as plain:  # by its ending it is known
        with opened_zip(path) as archive:
            _unpack(path, archive, plain, most_cells)
        plain.flush()
        return _laid_out(path, Path(plain.name), wanted, headings)


def _laid_out(
    path: Path, plain: Path, wanted: str | None, headings: Collection[str]
) -> dict[str, list[Line]]:
    try:
        workbook = _opened(plain)
        chosen = chosen_sheets(path, workbook, wanted)
        return {name: lines_of(workbook.get_sheet_by_name(name), headings) for name in chosen}
    except (FileRefusedError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        raise FileRefusedError(
            f"{path.name} is not a binary workbook: {str(error)[:200]}"
        ) from None


def _unpack(path: Path, archive: zipfile.ZipFile, plain: IO[bytes], most_cells: int) -> None:
    """Copy what tables are made of, counted: no picture, no macro, no printer's settings."""
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as copy:
        for part in archive.infolist():
            if not _PARTS.fullmatch(part.filename):
                continue
            content = archive.read(part)
            if part.filename.endswith(".bin"):
                _refuse_boundless(path, content, most_cells)
            copy.writestr(part.filename, content)


def _refuse_boundless(path: Path, content: bytes, most_cells: int) -> None:
    """Refuse a part with a torn record, or a sheet whose rectangle is larger than is read.

    Kinds of records are the same in all parts, so that none passes for another.
    """
    row, last_column = -1, 0
    for kind, start, size in _records(path, content):
        if kind > _CELLS[-1]:
            continue
        if size < 4:
            raise FileRefusedError(f"{path.name} is torn: save it anew")
        (number,) = struct.unpack_from("<I", content, start)
        if kind == _ROW:
            if number < row:
                raise FileRefusedError(f"{path.name} has rows out of order: save it anew as XLSX")
            row = number
            continue
        last_column = max(last_column, number)
        refuse_many(path.name, last_column + 1, MOST_COLUMNS, "columns")
        refuse_many(path.name, (row + 1) * (last_column + 1), most_cells, "cells")


def _records(path: Path, content: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind of each record, and where its content begins and how long it is."""
    at, end = 0, len(content)
    try:
        while at < end:
            kind, at = content[at], at + 1
            if kind & 0x80:
                kind, at = (kind & 0x7F) | (content[at] & 0x7F) << 7, at + 1
            size = 0
            for shift in (0, 7, 14, 21):
                byte, at = content[at], at + 1
                size |= (byte & 0x7F) << shift
                if not byte & 0x80:
                    break
            if at + size > end:
                raise IndexError
            yield kind, at, size
            at += size
    except IndexError:
        raise FileRefusedError(f"{path.name} is torn: save it anew") from None


def _opened(plain: Path) -> Any:
    import python_calamine  # few files are such

    return python_calamine.load_workbook(str(plain))
