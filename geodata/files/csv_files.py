"""CSV files of every dialect, plain or gzipped, as rows of cells."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from geodata.core.spreadsheet_cells import as_it_was
from geodata.files import bounds
from geodata.files.bounds import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    refuse_big,
    refuse_many,
)
from geodata.files.grids import Line, most_regular
from geodata.files.problems import FileRefusedError

SEPARATORS = (",", ";", "\t", "|")
_LONGEST_ROW = 10_000_000
_SAMPLE_LINES = 50
_SAMPLE_LETTERS = 100_000
_HEAD_BYTES = 64
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_csv(path: Path, *, most_cells: int = MOST_CELLS) -> list[Line]:
    """Every row of a file with its number; the header of a spreadsheet is row 1.

    Raises
    ------
    FileRefusedError
        It is no text, is too big, has too many cells, or a quotation mark is never closed.
    """
    content = _bytes(path)
    encoding = _encoding(content, path)
    csv.field_size_limit(LONGEST_CELL)
    separator = _separator(_text(content, encoding).read(_SAMPLE_LETTERS))
    try:
        return _lines(_text(content, encoding), separator, path, most_cells, is_strict=True)
    except csv.Error:  # such as  "big" bag  in a cell: a matter of taste, not of rows
        return _lines(_text(content, encoding), separator, path, most_cells, is_strict=False)


def _text(content: bytes, encoding: str) -> TextIO:
    """The text, decoded as it is read: of a big file there is never a second copy."""
    return io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline="")


def _lines(
    text: TextIO, separator: str, path: Path, most_cells: int, *, is_strict: bool
) -> list[Line]:
    lines: list[Line] = []
    n_cells = 0
    bounded = _BoundedRows(text, path.name)
    reader = csv.reader(bounded, delimiter=separator, strict=is_strict)
    try:
        for cells in reader:
            bounded.letters = 0
            n_cells += len(cells)
            refuse_many(path.name, len(cells), MOST_COLUMNS, "columns")
            refuse_many(path.name, n_cells, most_cells, "cells")
            refuse_many(path.name, len(lines), MOST_ROWS, "rows")
            lines.append((len(lines) + 1, [as_it_was(cell.strip()) for cell in cells]))
    except csv.Error as error:
        if "field limit" in str(error):
            raise FileRefusedError(
                f"{path.name} has more than {LONGEST_CELL:,} letters in a cell of row "
                f"{len(lines) + 1}: is a quotation mark there never closed?"
            ) from None
        if is_strict and "end of data" not in str(error):
            raise
        raise FileRefusedError(
            f"{path.name} cannot be read from row {len(lines) + 1} on ({error}): "
            "is a quotation mark there never closed?"
        ) from None
    return lines


class _BoundedRows:
    """Lines of a text; a row of endless cells is refused while it is read, not after.

    Attributes
    ----------
    letters
        Read since the reader last set it to 0, at the end of a row.
    """

    def __init__(self, text: TextIO, name: str) -> None:
        self.text, self.name, self.letters = text, name, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.text.readline(_LONGEST_ROW + 1)
        self.letters += len(line)
        refuse_many(self.name, self.letters, _LONGEST_ROW, "letters in one row")
        if not line:
            raise StopIteration
        return line


def _separator(sample: str) -> str:
    """Whichever fits best; the quotation marks of a cut-off sample may be torn, so not strictly."""
    readings = {}
    for separator in SEPARATORS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
        readings[separator] = list(islice(reader, _SAMPLE_LINES))
    best = most_regular(readings)
    if not _fits_quotes(sample, best):
        several = {name: lines for name, lines in readings.items() if lines and len(lines[0]) > 1}
        fitting = {name: several[name] for name in several if _fits_quotes(sample, name)}
        best = most_regular(fitting) if fitting else best
    return best


def _fits_quotes(sample: str, separator: str) -> bool:
    """Whether a separator or the end of a line follows each closing quotation mark."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator, strict=True)
    try:
        for _ in islice(reader, _SAMPLE_LINES):
            pass
    except csv.Error as error:
        return "end of data" in str(error)
    return True


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() != ".gz":
        refuse_big(path.name, path.stat().st_size)
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            content = file.read(bounds.MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileRefusedError(f"{path.name} is no gzip file, or is torn: {error}") from None
    refuse_big(path.name, len(content))
    return content


def _encoding(content: bytes, path: Path) -> str:
    """UTF-8 where it is; else Windows-1252, which English spreadsheets save."""
    if content.startswith(b"PK\x03\x04"):
        raise FileRefusedError(f"{path.name} is a workbook or a zip: name it .xlsx or .zip")
    try:
        if content.startswith(_UTF16_MARKS):
            _refuse_binary(content.decode("utf-16").encode(), path)
            return "utf-16"
        if _is_bare_utf16(content):
            _refuse_binary(content.decode("utf-16-le").encode(), path)
            return "utf-16-le"
        _refuse_binary(content, path)
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.encoding != "utf-8":
            raise FileRefusedError(f"{path.name} is torn: save it as CSV (UTF-8)") from None
        return "cp1252"
    return "utf-8-sig"


def _is_bare_utf16(content: bytes) -> bool:
    """Whether every second byte of the beginning is null, as of English letters in UTF-16."""
    head = content[: 2 * (min(len(content), _HEAD_BYTES) // 2)]
    return len(head) > 1 and not any(head[1::2]) and all(head[::2])


def _refuse_binary(content: bytes, path: Path) -> None:
    position = content.find(b"\x00")
    if position >= 0:
        line = content.count(b"\n", 0, position) + 1
        raise FileRefusedError(
            f"{path.name} is not a text file, or is damaged (a null byte in line {line}): "
            "save it as CSV (UTF-8)"
        )
