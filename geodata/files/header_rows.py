"""Headers of more than one row: groups above the names, or units below them."""

import re
from collections.abc import Collection, Sequence

from geodata.files.columns import heading

_LONGEST = 30
"""Letters of a unit."""
_UNIT = re.compile(
    r"\W*(?:m|metres?|meters?|kg|£|gbp|pence|%|no|nr|number|num|text|string|date|time|datetime|"
    r"integer|int|count|deg(?:rees)?|decimal degrees|wgs ?84|bng|osgb(?:36)?|utc|"
    r"local|yes ?/ ?no|y ?/ ?n|"
    r"[dmy]{1,4}([-/. ])[dmy]{1,4}\1[dmy]{1,4}(?: h{1,2}[:.]mm(?:[:.]ss)?)?|"
    r"h{1,2}[:.]mm(?:[:.]ss)?|mandatory|required|optional)\W*",
    re.IGNORECASE,
)
"""What a row below the names may say of each of them, and no row of data does throughout."""


def is_of_units(cells: Sequence[str]) -> bool:
    """Whether a row says in what its columns are counted.

    >>> is_of_units(["", "dd/mm/yyyy", "(m)", "£"]), is_of_units(["A1", "20/03/2026", "554000", ""])
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    is_short = all(len(cell) <= _LONGEST for cell in filled)
    return len(filled) > 1 and is_short and all(_UNIT.fullmatch(cell) for cell in filled)


def is_of_names(above: Sequence[str], cells: Sequence[str], headings: Collection[str]) -> bool:
    """Whether the row below a header names the columns that the header only groups.

    Those cells that it fills stand under a group: a heading with none on its right, or beside one.
    """
    above = _once(above)
    spans = _spans(above)
    wide = {n for n in range(len(above)) if spans.count(spans[n]) > 1 and above[spans[n]]}
    filled = [n for n, cell in enumerate(cells) if cell]
    if not any(n < len(above) and not above[n] for n in filled):
        return False
    if any(_has_digit(cells[n]) or n not in wide for n in filled):
        return False
    groups = _groups(above, len(cells))
    return any(_named(cells[n], groups[n], headings) for n in filled)


def with_groups(
    above: Sequence[str], header: Sequence[str], headings: Collection[str]
) -> list[str] | None:
    """The names of a header with those of the row above it, that groups or completes them.

    "Report" above "Number" is Report Number where that is known, or where another group has a
    Number too; a name above an empty cell is the column's. None where the row above says nothing.
    """
    above = _once(above)
    if not _may_group(above):
        return None
    width = max(len(above), len(header))
    own = [*above, *[""] * (width - len(above))]
    names = [*header, *[""] * (width - len(header))]
    groups = _groups(above, width)
    n_own = sum(heading(cell) in headings for cell in above if cell)
    merged = [
        _merged(name, group, alone if n_own > 1 or not name else "", names.count(name), headings)
        for name, group, alone in zip(names, groups, own, strict=True)
    ]
    return merged if merged != names else None


def _once(above: Sequence[str]) -> list[str]:
    """A group that stands above each of its columns, above the first of them alone."""
    return ["" if n and cell == above[n - 1] else cell for n, cell in enumerate(above)]


def _may_group(above: Sequence[str]) -> bool:
    """Whether a row can stand above names: a title has one cell, and what was run has a date."""
    filled = [n for n, cell in enumerate(above) if cell]
    return bool(filled) and filled != [0] and not any(_has_digit(above[n]) for n in filled)


def _merged(name: str, group: str, alone: str, times: int, headings: Collection[str]) -> str:
    if not name:
        return alone
    if _has_digit(name):  # a year of a wide table, whose groups are areas or measures
        return name
    if heading(alone) in headings and heading(name) not in headings:
        return alone
    known = _named(name, group, headings)
    return known or (f"{group} {name}" if times > 1 and group else name)


def _named(name: str, group: str, headings: Collection[str]) -> str:
    """A group and a name as one heading that is known, in either order; empty where none is."""
    both = (f"{group} {name}", f"{name} {group}") if group else ()
    return next((words for words in both if heading(words) in headings), "")


def _spans(above: Sequence[str]) -> list[int]:
    """For each cell, which cell's group it lies in: its own, or the next filled one on its left."""
    spans: list[int] = []
    for n, cell in enumerate(above):
        spans.append(n if cell or not spans else spans[-1])
    return spans


def _groups(above: Sequence[str], width: int) -> list[str]:
    """The group over each column, as a spreadsheet's merged cells have it."""
    cells = [above[n] for n in _spans(above)]
    return [*cells, *[cells[-1] if cells else ""] * (width - len(cells))]


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
