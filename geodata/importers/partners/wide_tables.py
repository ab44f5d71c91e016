"""Wide tables of partners, with a column a period or an area, as one row a figure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from geodata.files.columns import Field, match_columns, plain
from geodata.files.problems import FileRefusedError, Problem
from geodata.files.tables import Table
from geodata.importers.when.periods import Period, read_period
from geodata.indicators.areas import Area, bare, called

TWICE = " (again)"


class Headings(Collection[str]):
    """Plain headings by which a header is found: columns that are known, periods and areas."""

    def __init__(self, known: Collection[str], areas: Iterable[Area]) -> None:
        names = [area.name for area in areas]
        self._known = set(known) | {plain(name) for name in names} | {plain(bare(n)) for n in names}

    def __contains__(self, heading: object) -> bool:
        words = str(heading)
        return words in self._known or _is_period(words) or _is_period(words.replace(" ", "-"))

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def as_long(table: Table, fields: Sequence[Field], areas: Sequence[Area], name: str) -> Table:
    """A wide table of figures with one row a figure; a long one as it is.

    Raises
    ------
    FileRefusedError
        A period or area stands twice in the header: headings above it tell them apart.
    """
    meanings = {"period": _is_period, "area": lambda heading: bool(called(areas, heading, None))}
    return melted(table, fields, meanings, value="value", name=name)


def melted(
    table: Table,
    fields: Sequence[Field],
    meanings: Mapping[str, Callable[[str], bool]],
    *,
    value: str,
    name: str,
) -> Table:
    """A table with one row a cell of its wide columns.

    Parameters
    ----------
    meanings
        Of each field that headings may be, whether a heading is one; the first that fits is taken.
    value
        The field of the cells; a table that has it is long already.
    name
        The file's, for messages.

    Raises
    ------
    FileRefusedError
        Such a heading stands twice in the header.
    """
    headers = [str(column) for column in table.rows]
    known = match_columns(headers, fields, {})
    spare = [header for header in headers if header not in set(known.values())]
    for field, is_one in meanings.items():
        wide = [header for header in spare if is_one(header)]
        if wide and field not in known and value not in known:
            _refuse_twice(headers, wide, name)
            return _melted(table, field, wide, value)
    return table


def _is_period(heading: str) -> bool:
    return isinstance(read_period(heading), Period)


def _refuse_twice(headers: list[str], wide: list[str], name: str) -> None:
    for header in headers:
        if header.endswith(TWICE) and header.removesuffix(TWICE) in wide:
            raise FileRefusedError(
                f"{name}: the column {header.removesuffix(TWICE)!r} stands in the header twice. "
                "Do merged headings above tell them apart? Write a table for each of them, or one "
                "row a figure with columns for area and period"
            )


def _melted(table: Table, field: str, wide: list[str], value: str) -> Table:
    """One row a cell of the wide columns; a row with one cell alone stays one, to be named."""
    rows = table.rows
    is_note = (rows != "").sum(axis=1) <= 1
    kept = rows.drop(columns=wide)
    parts = [
        (number, header, text)
        for number, row in rows[wide].iterrows()
        for header, text in row.items()
        if not is_note[number] or header == wide[0]
    ]
    numbers = [number for number, _, _ in parts]
    long = kept.loc[numbers].reset_index(drop=True)
    long[field] = [header for _, header, _ in parts]
    long[value] = [text for *_, text in parts]
    long.index = pd.RangeIndex(2, 2 + len(long))
    cells = {
        index: (int(number), str(header))
        for index, (number, header, _) in zip(long.index, parts, strict=True)
    }
    first = {number: index for index, (number, _) in reversed(cells.items())}
    return Table(
        long.astype(object),
        problems=_moved(table.problems, first),
        formulas=_moved(table.formulas, first),
        cells=cells,
        cell_columns=frozenset({field, value}),
    )


def _moved(problems: Iterable[Problem], first: dict[int, int]) -> list[Problem]:
    """Problems of the file's rows at the first row that came of each."""
    return [replace(each, row=first[each.row]) for each in problems if each.row in first]
