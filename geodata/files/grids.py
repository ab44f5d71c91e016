"""Rows of cells as a table: where its header is, and which cells are surplus."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from geodata.files.columns import plain
from geodata.files.problems import FileRefusedError, Problem

Line = tuple[int, list[str]]
"""A row's number as a person sees it, and its stripped cells."""
SEARCHED_LINES = 20
"""Titles, notes and merged cells stand above a header, but not more of them than this."""
SURPLUS = "beyond the header"


def table_of(
    lines: Sequence[Line], name: str, headings: Collection[str]
) -> tuple[pd.DataFrame, list[Problem]]:
    """The table that begins at the header, and its rows that have more cells than the header.

    Parameters
    ----------
    lines
        All rows of the file, blank ones too.
    name
        The file's, for messages.
    headings
        Plain names of columns that are known here; the header is the row with most of them.

    Returns
    -------
    DataFrame
        Texts on the row numbers; blank rows and columns without heading or content are left out.
    list of Problem
        One a row that is longer than the header: a comma shifted its cells.

    Raises
    ------
    FileRefusedError
        No row looks like a header.
    """
    filled = [(number, cells) for number, cells in lines if any(cells)]
    position = header_position(filled, headings)
    if position is None:
        raise FileRefusedError(
            f"{name} has no row that looks like a header: give its columns names"
            if filled
            else f"{name} is empty"
        )
    header, body = filled[position][1], filled[position + 1 :]
    width = max((len(cells) for _, cells in body), default=0)
    names = list(_names(header, max(width, len(header))))
    surplus = list(_surplus(body, len(header)))
    for _, cells in body:
        cells.extend([""] * (len(names) - len(cells)))
    frame = pd.DataFrame(
        [cells for _, cells in body],
        columns=names,
        index=[number for number, _ in body],
        dtype=object,
    )
    nameless = [name for name, cell in zip(names, header, strict=False) if not cell]
    frame = frame.drop(columns=[name for name in nameless if not frame[name].any()])
    return frame, surplus


def header_position(lines: Sequence[Line], headings: Collection[str]) -> int | None:
    """The row with most known headings; without any, the row with most words."""
    words = [
        sum(any(map(str.isalpha, cell)) for cell in cells) for _, cells in lines[:SEARCHED_LINES]
    ]
    for scores in (_known(lines, headings), words):
        if scores and max(scores) > 1:
            return scores.index(max(scores))
    return None


def most_known(lines: Sequence[Line], headings: Collection[str]) -> int:
    """How many known headings the row has that has most of them."""
    return max(_known(lines, headings), default=0)


def _known(lines: Sequence[Line], headings: Collection[str]) -> list[int]:
    first = lines[:SEARCHED_LINES]
    return [sum(plain(cell) in headings for cell in cells) for _, cells in first]


def most_regular(readings: dict[str, list[list[str]]]) -> str:
    """The separator that cuts most of a file's first lines into equally many, and many, cells."""

    def score(separator: str) -> int:
        lengths = Counter(len(cells) for cells in readings[separator] if cells)
        return max(((length - 1) * times for length, times in lengths.items()), default=0)

    return max(readings, key=score)


def _names(header: list[str], width: int) -> Iterator[str]:
    """A name for each column, all different: headings twice there are told apart."""
    seen: set[str] = set()
    for position in range(width):
        if position >= len(header):
            name = f"{SURPLUS} {position - len(header) + 1}"
        else:
            name = header[position] or f"column {position + 1}, without heading"
        while name in seen:
            name += " (again)"
        seen.add(name)
        yield name


def _surplus(body: Sequence[Line], width: int) -> Iterator[Problem]:
    for number, cells in body:
        if any(cells[width:]):
            yield Problem(
                number,
                SURPLUS,
                ", ".join(cells[width:])[:200],
                f"the row has {len(cells)} cells under {width} headings: "
                "put a text that holds a comma in quotation marks",
            )
