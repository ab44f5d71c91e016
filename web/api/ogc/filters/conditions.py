"""A filter's tree as a condition of rows: each property is one of the collection's, or refused."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Float, Integer, and_, literal, not_, or_

from geodata.core.text_patterns import ANY, matches_pattern
from web.api.ogc.areas import Area
from web.api.ogc.filters.literals import Span, bound, is_time, kind_of, shown, span, value_of
from web.api.ogc.filters.places import named_area
from web.api.ogc.filters.reading import Tree, unfit
from web.api.ogc.systems import System

GEOMETRY = "geometry"
MOST_VALUES, MOST_WILDCARDS = 200, 5
Condition = ColumnElement[bool]
COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""What a comparison is with its sides changed."""
TIMES = {
    "t_after": ">",
    "t_before": "<",
    "t_equals": "=",
    "t_intersects": "in",
    "t_disjoint": "not in",
    "t_during": "in",
}
"""Those of CQL2 that an instant may stand in, and T_DURING."""
EQUAL = {"=", "<>", "t_equals"}


@dataclass(frozen=True)
class Rows:
    """What a filter may speak of.

    Attributes
    ----------
    columns
        By the property's name.
    shape
        The column of where a row lies.
    lying
        Condition of rows that meet an area.
    """

    columns: Mapping[str, Any]
    shape: Any
    lying: Callable[[Area], Condition]


def condition_of(tree: Tree, rows: Rows, system: System) -> Condition:
    """The condition that a filter is, its coordinates in a system.

    Raises
    ------
    FaultError
        It names a property that the collection has not, or asks for what is not offered.
    """
    if isinstance(tree, dict) and "op" in tree:
        return _operation(str(tree["op"]).lower(), tree.get("args"), rows, system)
    if isinstance(tree, dict) and set(tree) == {"property"}:
        name, column = _property(tree, rows)
        if isinstance(column.type, Boolean):
            is_so: Condition = column == literal(True, Boolean)
            return is_so
        raise unfit(f"{name} holds {kind_of(column)}: compare it with a value")
    raise unfit(f"{shown(tree)} is no condition: write one such as state = 'open'")


def _operation(op: str, args: Any, rows: Rows, system: System) -> Condition:
    if not isinstance(args, list) or not args:
        raise unfit(f"{op[:40]!r} has nothing to work on")
    if op in {"and", "or"}:
        parts = [condition_of(each, rows, system) for each in args]
        return and_(*parts) if op == "and" else or_(*parts)
    if op == "not":
        return not_(condition_of(_only(op, args, 1)[0], rows, system))
    if op == "s_intersects":
        return _meeting(args, rows, system)
    if op in COMPARED or op in TIMES:
        return _comparison(op, args, rows)
    if op in _OTHERS:
        return _OTHERS[op](args, rows)
    raise unfit(f"{op[:40]!r} is not offered: use {', '.join(offered())}")


def offered() -> list[str]:
    """The operators, as CQL2's text writes them."""
    words = ["AND", "OR", "NOT", *COMPARED, "BETWEEN", "IN", "LIKE", "IS NULL", "S_INTERSECTS"]
    return words + [name.upper() for name in TIMES]


def _only(op: str, args: list[Tree], number: int) -> list[Tree]:
    if len(args) != number:
        raise unfit(f"{op} takes {number} operands, not {len(args)}")
    return args


def _property(tree: Tree, rows: Rows) -> tuple[str, Any]:
    name = tree.get("property") if isinstance(tree, dict) else None
    if not isinstance(name, str):
        raise unfit(
            f"a property of the collection is compared with values, and {shown(tree)} is none"
        )
    if name not in rows.columns:
        known = ", ".join(rows.columns)
        raise unfit(f"there is no property {name[:40]!r}: use {known}, or geometry in S_INTERSECTS")
    return name, rows.columns[name]


def _comparison(op: str, args: list[Tree], rows: Rows) -> Condition:
    left, right = _only(op, args, 2)
    is_turned = isinstance(right, dict) and "property" in right and not _is_property(left)
    if is_turned:
        left, right = right, left
        op = TURNED.get(op, {"t_after": "t_before", "t_before": "t_after"}.get(op, op))
    if _is_property(right):
        raise unfit("two properties cannot be compared: compare one with a value")
    name, column = _property(left, rows)
    if is_time(column):
        if op == "t_during" and is_turned:
            raise unfit("write T_DURING with the property first")
        if op in EQUAL:
            _refuse_interval(right)
        return _in_time(op, column, span(name, column, right))
    if op in TIMES:
        raise unfit(f"{name} holds {kind_of(column)}, and {op.upper()} compares times")
    if isinstance(column.type, Boolean) and op not in {"=", "<>"}:
        raise unfit(f"{name} holds {kind_of(column)}: use = or <>")
    compared: Condition = COMPARED[op](column, value_of(name, column, right))
    return compared


def _is_property(tree: Tree) -> bool:
    return isinstance(tree, dict) and "property" in tree


def _refuse_interval(tree: Tree) -> None:
    if isinstance(tree, dict) and "interval" in tree:
        raise unfit("an instant equals no interval: use T_INTERSECTS, or T_DURING")


def _in_time(op: str, column: Any, ends: Span) -> Condition:
    """A row's instant against a time of some length, such as a day; an open end bounds nothing."""
    first, last = ends
    if op == "t_during":
        return and_(
            *([] if first is None else [column > bound(column, first)]),
            *([] if last is None else [column < bound(column, last)]),
        )
    op = TIMES.get(op, op)
    if op in {"=", "<>", "in", "not in"}:
        within = and_(
            *([] if first is None else [column >= bound(column, first)]),
            *([] if last is None else [column <= bound(column, last)]),
        )
        return not_(within) if op in {"<>", "not in"} else within
    end = first if op in {"<", ">="} else last
    if end is None:
        raise unfit("a time that is open on that side is compared: give its end")
    compared: Condition = COMPARED[op](column, bound(column, end))
    return compared


def _between(args: list[Tree], rows: Rows) -> Condition:
    left, low, high = _only("between", args, 3)
    name, column = _property(left, rows)
    if is_time(column):
        first, last = span(name, column, low)[0], span(name, column, high)[1]
        return _in_time("in", column, (first, last))
    if not isinstance(column.type, Integer | Float):
        raise unfit(f"{name} holds {kind_of(column)}, and BETWEEN compares numbers and times")
    between: Condition = column.between(*(value_of(name, column, end) for end in (low, high)))
    return between


def _in_list(args: list[Tree], rows: Rows) -> Condition:
    left, values = _only("in", args, 2)
    name, column = _property(left, rows)
    if not isinstance(values, list) or not 0 < len(values) <= MOST_VALUES:
        raise unfit(f"IN takes a list of 1 to {MOST_VALUES} values")
    if is_time(column):
        for each in values:
            _refuse_interval(each)
        return or_(*(_in_time("=", column, span(name, column, each)) for each in values))
    listed: Condition = column.in_([value_of(name, column, each) for each in values])
    return listed


def _like(args: list[Tree], rows: Rows) -> Condition:
    left, pattern = _only("like", args, 2)
    name, column = _property(left, rows)
    if kind_of(column) != "a text":
        raise unfit(f"{name} holds {kind_of(column)}, and LIKE compares texts")
    if not isinstance(pattern, str) or "\0" in pattern:
        raise unfit(f"LIKE takes a text, and {shown(pattern)} is none")
    if pattern.count(ANY) > MOST_WILDCARDS:
        raise unfit(f"LIKE takes {MOST_WILDCARDS} signs % at most")
    return matches_pattern(column, pattern)


def _is_null(args: list[Tree], rows: Rows) -> Condition:
    (only,) = _only("isNull", args, 1)
    if only == {"property": GEOMETRY}:
        is_nowhere: Condition = rows.shape.is_(None)
        return is_nowhere
    missing: Condition = _property(only, rows)[1].is_(None)
    return missing


def _meeting(args: list[Tree], rows: Rows, system: System) -> Condition:
    left, right = _only("s_intersects", args, 2)
    if right == {"property": GEOMETRY}:
        left, right = right, left
    if left != {"property": GEOMETRY}:
        raise unfit(f"S_INTERSECTS takes the property geometry, and {shown(left)} is another")
    return rows.lying(named_area(right, system))


_OTHERS: Mapping[str, Callable[[list[Tree], Rows], Condition]] = {
    "between": _between,
    "in": _in_list,
    "like": _like,
    "isnull": _is_null,
}
