"""What a workbook holds, counted before any of it is built up in memory.

The parts are parsed once and let go: no entities, no deep nesting, no more cells than are read. A
library that builds rows and lists of texts from them then meets nothing that it could choke on.
"""

import codecs
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO
from xml.parsers import expat

from geodata.files.bounds import LONGEST_CELL, refuse_many
from geodata.files.problems import FileRefusedError

DEEPEST = 64
"""Elements within elements: a sheet has six, a drawing some twenty."""
_PIECE_BYTES = 1 << 16
_MOST_ROWS = 1_048_576  # Excel's own
_MOST_COLUMNS = 16_384  # Excel's own: formatting may reach so far, texts may not


def refuse_boundless(path: Path, archive: zipfile.ZipFile, most_cells: int) -> None:
    """Refuse a workbook that holds more than is read.

    Raises
    ------
    FileRefusedError
        It declares entities, nests deep, or has too many cells, texts, rows or columns.
    """
    counted = _Counted(path.name, most_cells)
    for part in archive.infolist():
        with archive.open(part) as content:
            _count(path.name, part.filename, content, counted)


class _Counted:
    """Numbers of elements so far, over all parts of a workbook."""

    def __init__(self, name: str, most_cells: int) -> None:
        self.name, self.most = name, most_cells
        self.cells = self.texts = self.rows = self.elements = self.in_row = self.depth = 0

    def handlers(self) -> dict[str, Callable[..., None]]:
        """What the parser calls, by its own names of the events."""
        return {
            "StartElementHandler": self.start,
            "EndElementHandler": self.end,
            "StartDoctypeDeclHandler": self.declare,
        }

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST:
            raise FileRefusedError(f"{self.name} nests more than {DEEPEST} elements: save it anew")
        # of a cell with its text there are six: more are pictures or styles
        refuse_many(self.name, self.elements, 10 * self.most + 1_000_000, "elements")
        kind = tag.rpartition(":")[2]
        if kind == "c":
            self._cell()
        elif kind == "row":
            self._row(attributes.get("r", ""))
        elif kind == "si":
            self.texts += 1
            refuse_many(self.name, self.texts, self.most, "texts")

    def _cell(self) -> None:
        self.cells += 1
        self.in_row += 1
        refuse_many(self.name, self.cells, self.most, "cells")
        refuse_many(self.name, self.in_row, _MOST_COLUMNS, "cells in one row")

    def _row(self, number: str) -> None:
        self.rows, self.in_row = self.rows + 1, 0
        last = int(number) if number.isdecimal() and len(number) < 10 else self.rows
        refuse_many(self.name, max(last, self.rows), _MOST_ROWS, "rows")
        if len(number) >= 10:
            raise FileRefusedError(f"{self.name} has a row numbered {number[:20]}: save it anew")

    def end(self, _: str) -> None:
        self.depth -= 1

    def declare(self, *_: object) -> None:
        raise FileRefusedError(f"{self.name} declares its own entities: no workbook does")


def _count(name: str, part: str, content: IO[bytes], counted: _Counted) -> None:
    """One part, if it is XML at all: a picture cannot begin with a bracket."""
    piece = content.read(_PIECE_BYTES)
    if not piece.lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + b"\0 \t\r\n").startswith(b"<"):
        return
    parser = expat.ParserCreate()
    for event, handler in counted.handlers().items():
        setattr(parser, event, handler)
    counted.depth, unclosed = 0, 0
    try:
        while piece:
            last = piece.rfind(b">")
            unclosed = len(piece) - last - 1 if last >= 0 else unclosed + len(piece)
            refuse_many(f"{name}, in {part[:60]},", unclosed, LONGEST_CELL, "letters in one text")
            parser.Parse(piece, False)
            piece = content.read(_PIECE_BYTES)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise FileRefusedError(f"{name} is not an Excel workbook: {part[:60]}: {error}") from None
