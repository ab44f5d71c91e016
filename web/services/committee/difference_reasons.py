"""Why a figure differs from its release: what changed since then among the things it counts."""

from collections.abc import Iterable, Sequence

from geodata.frames.record_changes import RecordChange
from hotspots.core.words import counted, listed
from web.services.committee.figure_scopes import FigureScope
from web.services.common.wording import date_in_words

NOTHING = "nothing that it counts is recorded as changed: look at the store's own history"
OUTSIDE = "outside these days or this place"
FEW_DAYS = 3
"""So many days are named; of more it is said from when to when."""
OF_FILES = ("import", "undone import")
"""Each is told of by indicator, and is one."""


def reasons_of(scope: FigureScope, changes: Sequence[RecordChange]) -> list[str]:
    """In words, one for each sort of change; where none is of its days, those of other days.

    A report of before the record began moves where all of it begins.
    """
    own = [each for each in changes if scope.counts(each)]
    if own:
        return _in_words(own)
    others = [each for each in changes if scope.is_of(each)]
    return [f"{OUTSIDE}: {words}" for words in _in_words(others)] or [NOTHING]


def every_change(changes: Iterable[RecordChange]) -> str:
    """How many of each sort; empty where nothing changed."""
    sorts: dict[str, list[RecordChange]] = {}
    for each in changes:
        sorts.setdefault(each.noun, []).append(each)
    words = [counted(_number(rows), noun) for noun, rows in sorts.items()]
    return f"since then: {listed(words)}" if words else ""


def _number(rows: Sequence[RecordChange]) -> int:
    return len({row.detail for row in rows}) if rows[0].noun in OF_FILES else len(rows)


def _in_words(changes: Iterable[RecordChange]) -> list[str]:
    sorts: dict[tuple[str, str], list[RecordChange]] = {}
    for each in changes:
        sorts.setdefault((each.noun, each.detail), []).append(each)
    return [_sort(noun, detail, rows) for (noun, detail), rows in sorts.items()]


def _sort(noun: str, detail: str, rows: Sequence[RecordChange]) -> str:
    words = counted(_number(rows), noun) + (f" ({detail})" if detail else "")
    first_days = sorted({min(row.days) for row in rows if row.days and row.until is None})
    if not first_days:
        return words
    if len(first_days) > FEW_DAYS:
        first, last = date_in_words(first_days[0]), date_in_words(first_days[-1])
        return f"{words}, of {first} to {last}"
    return f"{words}, of {listed([date_in_words(day) for day in first_days])}"
