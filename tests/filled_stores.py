"""A store that many tests begin with is filled by the first of them and copied for the others.

To copy it takes a few milliseconds on either kind; to take reports in and detect hotspots half a
second.
"""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import make_url, text

from geodata.store import engine
from geodata.store.engine import Store
from tests.databases import FILLED

RUNNING = text("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")


class Rows(Protocol):
    """All that a store held at one moment."""

    def put_into(self, store: Store) -> None:
        """Let another store of the same kind hold these rows and no others."""


def filled_once(fill: Callable[..., Store]) -> Callable[..., Store]:
    """A fixture's function whose rows are the same each time; it gives the store it was given.

    What it does to the store besides, such as the key that it seals by, is done once only: leave
    that to a fixture around it.
    """
    kept: dict[str, Rows] = {}

    @functools.wraps(fill)
    def fill_or_copy(*args: Any, **fixtures: Any) -> Store:
        store: Store = next(each for each in fixtures.values() if isinstance(each, Store))
        kind = store.engine.dialect.name
        if kind in kept:
            kept[kind].put_into(store)
        else:
            fill(*args, **fixtures)
            kept[kind] = SqliteRows(store) if store.is_embedded else PostgisRows(store)
        return store

    return fill_or_copy


def reopened(path: Path) -> Store:
    """A file that this version of the program made, opened without a look at its tables.

    To read them costs SQLite ten times as much as to copy them; so it is left to the first use.
    """
    store = Store(engine._make_engine(make_url(f"sqlite:///{path}"), engine.PAGE_CACHE_KB))
    store.seal_by("")
    return store


class SqliteRows:
    """The bytes of a file."""

    def __init__(self, store: Store) -> None:
        store.close()
        self._pages = _at_rest(store).read_bytes()

    def put_into(self, store: Store) -> None:
        store.close()
        _at_rest(store).write_bytes(self._pages)


def _at_rest(store: Store) -> Path:
    """The file, which holds all that was written, since nobody has it open."""
    assert store.path is not None
    assert not any(beside.exists() for beside in engine.journals(store.path)), "it is in use"
    return store.path


class PostgisRows:
    """The rows of each table that has any, and how far each key has been counted."""

    def __init__(self, store: Store) -> None:
        with store.engine.connect() as connection:
            names = list(connection.scalars(FILLED))
            self._counted = {name: value for name, value in connection.execute(RUNNING)}  # noqa: C416
            cursor = connection.connection.cursor()
            self._rows = {name: _copied_out(cursor, name) for name in names}

    def put_into(self, store: Store) -> None:
        with store.engine.begin() as connection:
            # The triggers that forbid changes are not asked, nor the references between tables.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            if filled := connection.scalars(FILLED).all():
                connection.exec_driver_sql("; ".join(f'DELETE FROM "{name}"' for name in filled))
            cursor = connection.connection.cursor()
            for name, rows in self._rows.items():
                with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as copy:
                    copy.write(rows)
            if self._counted:
                set_on = (f"setval('\"{name}\"', {n})" for name, n in self._counted.items())
                connection.exec_driver_sql(f"SELECT {', '.join(set_on)}")


def _copied_out(cursor: Any, name: str) -> bytes:
    with cursor.copy(f'COPY "{name}" TO STDOUT (FORMAT binary)') as copy:
        return b"".join(bytes(part) for part in copy)
