"""CSV files of every dialect, plain or gzipped, as rows of cells."""

import csv
import gzip
import io
import re
import zlib
from itertools import islice
from pathlib import Path
from typing import TextIO

from geodata.files.grids import Line, most_regular
from geodata.files.problems import FileRefusedError
from geodata.files.unpacking import MOST_BYTES, refuse_big

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_LINES = 50
_SAMPLE_LETTERS = 100_000
_LONGEST_CELL = 1_000_000
_DEFUSED = re.compile(r"^'(?=[=+\-@\t\r])")
"""Our own files have it before a text that a spreadsheet would run as a formula."""
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_csv(path: Path) -> list[Line]:
    """Every row of a file with its number; the header of a spreadsheet is row 1.

    Raises
    ------
    FileRefusedError
        It is no text, is too big, or a quotation mark is never closed.
    """
    content = _bytes(path)
    encoding = _encoding(content, path)
    csv.field_size_limit(_LONGEST_CELL)
    separator = _separator(_text(content, encoding).read(_SAMPLE_LETTERS))
    try:
        return _lines(_text(content, encoding), separator, path, is_strict=True)
    except csv.Error:  # such as  "big" bag  in a cell: a matter of taste, not of rows
        return _lines(_text(content, encoding), separator, path, is_strict=False)


def _text(content: bytes, encoding: str) -> TextIO:
    """The text, decoded as it is read: of a big file there is never a second copy."""
    return io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline="")


def _plain(cell: str) -> str:
    return _DEFUSED.sub("", cell, count=1) if cell[:1] == "'" else cell


def _lines(text: TextIO, separator: str, path: Path, *, is_strict: bool) -> list[Line]:
    lines: list[Line] = []
    reader = csv.reader(text, delimiter=separator, strict=is_strict)
    try:
        for cells in reader:
            lines.append((len(lines) + 1, [_plain(cell.strip()) for cell in cells]))
    except csv.Error as error:
        if is_strict and "end of data" not in str(error):
            raise
        raise FileRefusedError(
            f"{path.name} cannot be read from row {len(lines) + 1} on ({error}): "
            "is a quotation mark there never closed?"
        ) from None
    return lines


def _separator(sample: str) -> str:
    """Whichever fits best; the quotation marks of a cut-off sample may be torn, so not strictly."""
    readings = {}
    for separator in SEPARATORS:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
        readings[separator] = list(islice(reader, _SAMPLE_LINES))
    return most_regular(readings)


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() != ".gz":
        refuse_big(path.name, path.stat().st_size)
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            content = file.read(MOST_BYTES + 1)
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
            content.decode("utf-16")
            return "utf-16"
        _refuse_binary(content, path)
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.encoding != "utf-8":
            raise FileRefusedError(f"{path.name} is torn: save it as CSV (UTF-8)") from None
        return "cp1252"
    return "utf-8-sig"


def _refuse_binary(content: bytes, path: Path) -> None:
    position = content.find(b"\x00")
    if position >= 0:
        line = content.count(b"\n", 0, position) + 1
        raise FileRefusedError(
            f"{path.name} is not a text file, or is damaged (a null byte in line {line}): "
            "save it as CSV (UTF-8)"
        )
