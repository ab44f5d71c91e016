"""Cells merged over several rows, as a district beside its months: each row has their words."""

import re
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from typing import Any, NamedTuple

from geodata.files.grids import header_position

MOST_MERGES = 100_000
_REF = re.compile(rb'mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_CHUNK, _LONGEST = 1 << 20, 100
_FIGURE = re.compile(r"[<£]?\d[\d,.\s]*%?")
"""A figure stands for all its rows together, and would be counted once in each."""


class Merge(NamedTuple):
    """Rows from 0, both included, and a column from 0."""

    first: int
    last: int
    column: int


def merges_of(sheet: Any) -> Iterator[Merge]:
    """Of a worksheet that is read row by row: those of one column and several rows.

    The library passes over them there; they stand behind all rows of the sheet's XML.
    """
    tail = b""
    with sheet._get_source() as source:
        while chunk := source.read(_CHUNK):
            text = tail + chunk
            end = 0
            for match in _REF.finditer(text):
                end = match.end()
                if match[1] == match[3] and int(match[2]) < int(match[4]):
                    yield Merge(int(match[2]) - 1, int(match[4]) - 1, _number(match[1]))
            tail = text[max(end, len(text) - _LONGEST) :]


def fill_down(
    lines: MutableMapping[int, list[str]], merges: Iterator[Merge], headings: Collection[str]
) -> None:
    """Write the words of each into the rows below that say something; a header stays as it is."""
    known = [merge for _, merge in zip(range(MOST_MERGES), merges, strict=False)]
    header = _header(lines, headings) if known else 0
    for first, last, column in known:
        words = _cell(lines.get(first, []), column)
        if first <= header or not words or _FIGURE.fullmatch(words):
            continue
        for number in range(first + 1, min(last, max(lines)) + 1):
            cells = lines.get(number)
            if cells and not _cell(cells, column):
                cells += [""] * (column + 1 - len(cells))
                cells[column] = words


def _header(lines: Mapping[int, list[str]], headings: Collection[str]) -> int:
    filled = [(number, cells) for number, cells in sorted(lines.items()) if any(cells)]
    position = header_position(filled, headings)
    return -1 if position is None else filled[position][0]


def _cell(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _number(letters: bytes) -> int:
    """
    >>> _number(b"A"), _number(b"AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number - 1
