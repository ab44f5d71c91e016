"""Work that one process does at a time: it holds a lock until it ends or dies, by no clock."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import text

from geodata.core import private_files
from geodata.core.errors import UnreachableStoreError
from geodata.store.engine import Store
from geodata.store.faults import explained

# By the schema too: several stores may share a database.
_TAKE = text("SELECT pg_try_advisory_lock(hashtext(current_schema() || :name))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(hashtext(current_schema() || :name))")


@contextmanager
def alone(store: Store, name: str) -> Iterator[bool]:
    """Whether this process is the only one at a kind of work, and stays so for the block.

    It is no turn to write: others read and write meanwhile. A file's lock is SQLite's own on a
    file beside the store, a server's an advisory lock of the session; both end with the process.

    Raises
    ------
    UnreachableStoreError
        The file beside the store cannot be made, or the server does not answer.
    """
    path = store.path
    with _of_file(path, name) if path is not None else _of_server(store, name) as is_mine:
        yield is_mine


@contextmanager
def _of_file(store: Path, name: str) -> Iterator[bool]:
    path = store.with_name(f"{store.name}-{name}")
    try:
        with suppress(FileExistsError):
            private_files.create(path)
    except OSError as error:
        raise UnreachableStoreError(f"{path} cannot be made: {error.strerror}") from None
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise UnreachableStoreError(f"{path} cannot be locked: {error}") from None
            yield False
            return
        yield True


@contextmanager
def _of_server(store: Store, name: str) -> Iterator[bool]:
    with explained(store.engine.url), store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        is_mine = bool(connection.scalar(_TAKE, {"name": name}))
        try:
            yield is_mine
        finally:
            if is_mine and not connection.invalidated and not connection.closed:
                connection.execute(_GIVE_BACK, {"name": name})
