"""Wide tables of partners, with a column a period or an area, as one row a figure."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from geodata.files.columns import Field, match_columns, plain
from geodata.files.grids import NAMELESS
from geodata.files.problems import FileRefusedError, Problem
from geodata.files.tables import Table
from geodata.importers.partners.published_values import without_footnote
from geodata.importers.when.periods import Period, month_ended, read_period
from geodata.indicators.areas import Area, bare, called

TWICE = " (again)"
_MARKED = re.compile(r"(?P<name>.+?)\s*[\[(](?P<mark>[pr])[\])]", re.IGNORECASE)
"""A heading with the publisher's mark of provisional or revised, which holds for its figures."""
_FIGURE = re.compile(r"[<£]?\d[\d,.\s]*%?")


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
            _refuse_nameless(table.rows, spare, wide, name)
            left_out = [each for each in spare if each not in wide and _is_of_figures(table, each)]
            return _melted(table, field, wide, value, _left_out(left_out))
    return table


def _is_period(heading: str) -> bool:
    words = without_footnote(_unmarked(heading)[0])
    return isinstance(read_period(words), Period) or month_ended(words) is not None


def _unmarked(heading: str) -> tuple[str, str]:
    """A heading, and the mark behind it.

    >>> _unmarked("2024/25 [p]"), _unmarked("2023/24")
    (('2024/25', 'p'), ('2023/24', ''))
    """
    match = _MARKED.fullmatch(heading)
    return (match["name"], match["mark"].lower()) if match else (heading, "")


def _is_of_figures(table: Table, header: str) -> bool:
    return bool(table.rows[header].map(lambda text: bool(_FIGURE.fullmatch(text))).any())


def _left_out(headers: Sequence[str]) -> list[str]:
    if not headers:
        return []
    named = ", ".join(repr(each) for each in headers[:5])
    return [f"no figures are read of {named}: what heads them is no period and no area known here"]


def _refuse_nameless(
    rows: pd.DataFrame, spare: Sequence[str], wide: Sequence[str], name: str
) -> None:
    """Under merged headings the first column alone has one: a month would pass for its year."""
    order = [str(column) for column in rows]
    for header in wide:
        behind = order[order.index(header) + 1 :][:1]
        if behind and behind[0] in spare and NAMELESS in behind[0]:
            raise FileRefusedError(
                f"{name}: the column behind {header!r} has no heading. Is {header!r} a merged "
                "heading, with others below it? Give each column one heading that says all "
                "(April 2025), or write one row a figure; of a column of marks, what they mean"
            )


def _refuse_twice(headers: list[str], wide: list[str], name: str) -> None:
    for header in headers:
        if header.endswith(TWICE) and header.removesuffix(TWICE) in wide:
            raise FileRefusedError(
                f"{name}: the column {header.removesuffix(TWICE)!r} stands in the header twice. "
                "Do merged headings above tell them apart? Write a table for each of them, or one "
                "row a figure with columns for area and period"
            )


def _melted(table: Table, field: str, wide: list[str], value: str, notes: Sequence[str]) -> Table:
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
    marks = {header: _unmarked(header) for header in wide}
    long[field] = [marks[header][0] for _, header, _ in parts]
    long[value] = [_with_mark(text, marks[header][1]) for _, header, text in parts]
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
        notes=[*table.notes, *notes],
    )


def _with_mark(text: str, mark: str) -> str:
    return f"{text} [{mark}]" if mark and _FIGURE.fullmatch(text) else text


def _moved(problems: Iterable[Problem], first: dict[int, int]) -> list[Problem]:
    """Problems of the file's rows at the first row that came of each."""
    return [replace(each, row=first[each.row]) for each in problems if each.row in first]
