"""Frames into tables: rows as a database takes them, part by part."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

import pandas as pd

from geodata.core.many_values import is_among

T = TypeVar("T")

CHUNK = 5_000
"""Rows at a time, since a million of them as dictionaries take gigabytes."""


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Values in parts of ``CHUNK``."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def narrowed(query: Any, column: Any, values: Collection[Any] | None) -> Iterator[Any]:
    """A query for rows with some values in a column, in parts; as it is where any value will do."""
    if values is None:
        yield query
        return
    for part in parts(sorted(values)):
        yield query.where(is_among(column, part))


def rows_of(frame: pd.DataFrame) -> Iterator[list[dict[str, Any]]]:
    """The rows of a frame without NaN, NaT and NumPy scalars, in parts of ``CHUNK``.

    >>> [rows] = rows_of(pd.DataFrame({"id": [1, 2], "chargers": [40.0, None]}))
    >>> rows
    [{'id': 1, 'chargers': 40.0}, {'id': 2, 'chargers': None}]
    """
    names = list(frame.columns)
    for start in range(0, len(frame), CHUNK):
        part = frame.iloc[start : start + CHUNK]
        cells = zip(*(plain(part[name]) for name in names), strict=True)
        yield [dict(zip(names, row, strict=True)) for row in cells]


def plain(column: pd.Series) -> list[Any]:
    """A column as Python values: None for what is missing, ``datetime`` for instants."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        values = pd.DatetimeIndex(column).to_pydatetime()
    else:
        values = column.astype(object).to_numpy()
    return [None if gone else value for value, gone in zip(values, column.isna(), strict=True)]
