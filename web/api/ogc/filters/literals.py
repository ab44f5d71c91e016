"""What a property is compared with: numbers, texts, truths and times, each checked for its kind."""

import math
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Date, Float, Integer, String, literal

from geodata.core.types import UTCDateTime
from geodata.rules.days import local_day
from web.api.faults import FaultError
from web.api.ogc.filters.reading import Tree, unfit
from web.api.ogc.times import span_of

LARGEST = 1e15
"""No number of ours is near it, and every store takes it."""
Span = tuple[datetime | None, datetime | None]


def is_time(column: Any) -> bool:
    """Whether a column holds instants or days."""
    return isinstance(column.type, UTCDateTime | Date)


def kind_of(column: Any) -> str:
    """What a column holds, as a person says it."""
    kinds = (
        (UTCDateTime, "an instant"),
        (Date, "a day"),
        (Boolean, "TRUE or FALSE"),
        (Integer, "a whole number"),
        (Float, "a number"),
    )
    return next((words for kind, words in kinds if isinstance(column.type, kind)), "a text")


def value_of(name: str, column: Any, tree: Tree) -> Any:
    """A number, text or truth that a column may be compared with, as SQL.

    Raises
    ------
    FaultError
        It is of another kind.
    """
    if isinstance(column.type, Boolean):
        if isinstance(tree, bool):
            return literal(tree, Boolean)
    elif isinstance(column.type, Integer | Float):
        if _is_number(tree):
            return literal(float(tree), Float)
    elif isinstance(tree, str) and "\0" not in tree:
        return literal(tree, String)
    raise unfit(f"{name} holds {kind_of(column)}, and {shown(tree)} is none")


def _is_number(tree: Tree) -> bool:
    is_number = isinstance(tree, int | float) and not isinstance(tree, bool)
    return is_number and math.isfinite(tree) and abs(tree) < LARGEST


def span(name: str, column: Any, tree: Tree) -> Span:
    """First and last instant of a time; a day is London's, from end to end.

    Raises
    ------
    FaultError
        It is none.
    """
    text = _time_text(tree)
    if text is None:
        raise unfit(f"{name} holds {kind_of(column)}, and {shown(tree)} is none")
    try:
        return span_of(text)
    except FaultError as error:
        raise unfit(error.faults[0].what) from None


def _time_text(tree: Tree) -> str | None:
    if isinstance(tree, dict):
        if isinstance(ends := tree.get("interval"), list) and len(ends) == 2:
            texts = [_time_text(end) for end in ends]
            return None if None in texts else "/".join(str(text) for text in texts)
        tree = tree.get("timestamp", tree.get("date"))
    return tree if isinstance(tree, str) else None


def bound(column: Any, moment: datetime) -> Any:
    """A moment as the column holds time: days are London's."""
    if isinstance(column.type, UTCDateTime):
        return literal(moment, UTCDateTime)
    return literal(local_day(moment), Date)


def shown(tree: Tree) -> str:
    """A piece of a filter, to be named in a sentence."""
    if isinstance(tree, dict):
        inner = tree.get("property") or tree.get("op") or next(iter(tree), "")
        return f"{str(inner)[:40]!r}"
    return f"{str(tree)[:40]!r}"
