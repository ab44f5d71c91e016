"""The database itself: its pages, its revision, its guards, and rows that name other rows."""

from collections.abc import Callable, Iterator

from sqlalchemy import Column, Connection, ForeignKey, func, select, text
from sqlalchemy.exc import DatabaseError

from geodata.migrations import drift, head, revision
from geodata.models import Base
from geodata.store.append_only import unguarded

Check = Callable[[Connection], list[str]]
LINES_AT_MOST = 5
STOP_AFTER = ("pages", "at_head", "tables", "geometries")
"""Checks whose fault would make later ones fail instead of find."""


def pages(connection: Connection) -> list[str]:
    """SQLite's own check of every page and index. PostgreSQL checks pages as it reads them."""
    if connection.dialect.name != "sqlite":
        return []
    query = text(f"PRAGMA integrity_check({LINES_AT_MOST})")
    try:
        lines = list(connection.scalars(query))
    except DatabaseError as error:  # too damaged to be checked
        lines = [str(error.orig)]
    return [f"the file is damaged: {line}" for line in lines if line != "ok"]


def at_head(connection: Connection) -> list[str]:
    """The revision is that of this program."""
    current, wanted = revision(connection), head()
    if current == wanted:
        return []
    return [f"the tables are those of revision {current}, this program's of {wanted}: open it once"]


def tables(connection: Connection) -> list[str]:
    """Tables, columns and indexes are those of the models."""
    differences = drift(connection)[:LINES_AT_MOST]
    return [f"the tables are not this program's: {_named(change)}" for change in differences]


def _named(change: object) -> str:
    first = change[0] if isinstance(change, list) else change
    kind, *parts = first if isinstance(first, tuple) else (first,)
    names = [getattr(part, "name", part) for part in parts if part is not None]
    return " ".join([str(kind).replace("_", " "), *map(str, names)])


def guards(connection: Connection) -> list[str]:
    """History is guarded by its triggers."""
    return [
        f"{table} can be altered: a trigger that guards it is gone"
        for table in unguarded(connection)
    ]


def references(connection: Connection) -> list[str]:
    """Every key of another row names one."""
    sentences = []
    for column, key in _foreign_keys():
        parent = key.column.table.alias()
        named = select(parent.c[key.column.name]).where(parent.c[key.column.name] == column)
        query = select(func.count()).select_from(column.table)
        lost = connection.scalar(query.where(column.is_not(None), ~named.exists()))
        if lost:
            sentences.append(
                f"{lost} rows of {column.table.name} name a {key.column.table.name} "
                f"that is not there ({column.name})"
            )
    return sentences


def _foreign_keys() -> Iterator[tuple[Column[int], ForeignKey]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                yield column, key


CHECKS: tuple[Check, ...] = (pages, at_head, tables, guards, references)
