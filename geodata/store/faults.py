"""What a driver complains of, as a sentence that says what to do."""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager

from shapely.errors import ShapelyError
from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, PendingRollbackError

from geodata.core.errors import (
    BusyStoreError,
    ForeignStoreError,
    GeodataError,
    StoreError,
    UnreachableStoreError,
)
from geodata.store.writer_queue import BUSY


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn a driver's complaint into a sentence that says what to do."""
    try:
        yield
    except GeodataError:
        raise
    except (DBAPIError, PendingRollbackError) as error:
        known = explanation(error, url)
        if known is None:
            raise
        raise known from error
    except (ValueError, struct.error, ShapelyError) as error:  # what is read makes no sense
        if _is_damaged(url):
            raise ForeignStoreError(_DAMAGED.format(where=shown(url))) from error
        raise


def explanation(error: DBAPIError | PendingRollbackError, url: URL) -> StoreError | None:
    """What a driver complains of; None where it is a fault of the program."""
    if isinstance(error, DBAPIError):
        return _complaint(error, url)
    is_lost = error.code == _CONNECTION_LOST
    return UnreachableStoreError(f"{shown(url)} does not answer any more") if is_lost else None


def _complaint(error: DBAPIError, url: URL) -> StoreError | None:
    where, cause = shown(url), str(error.orig).strip()
    if isinstance(error.orig, sqlite3.Error):
        for words, kind, message in _SQLITE_FAULTS:
            if words in cause:
                return kind(message.format(where=where))
        return ForeignStoreError(_DAMAGED.format(where=where)) if _is_damaged(url) else None
    if 'type "geometry" does not exist' in cause or "CREATE EXTENSION" in (error.statement or ""):
        return StoreError(
            f"{where} has no PostGIS: let its administrator run CREATE EXTENSION postgis there"
        )
    state = getattr(error.orig, "sqlstate", None)
    if state == _LOCK_NOT_AVAILABLE:
        return BusyStoreError(BUSY)
    # A value that the driver itself refuses has no state either, and says nothing of the server.
    is_unknown = state is None and not isinstance(error, DataError)
    if error.connection_invalidated or is_unknown or (state or "").startswith(_SERVER_FAULTS):
        return UnreachableStoreError(f"{where} does not answer: {cause.splitlines()[0]}")
    return None


def _is_damaged(url: URL) -> bool:
    """Whether SQLite's own check finds fault with the file."""
    if url.get_backend_name() != "sqlite":
        return False
    try:
        with closing(sqlite3.connect(url.database or "", timeout=1)) as connection:
            connection.text_factory = bytes  # a damaged schema is quoted, and is no UTF-8
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() != (b"ok",))
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return True


_DAMAGED = "{where} is damaged: restore it from a backup"
_SQLITE_FAULTS: tuple[tuple[str, type[StoreError], str], ...] = (
    ("not a database", ForeignStoreError, "{where} is not a GeoPackage"),
    ("malformed", ForeignStoreError, _DAMAGED),
    ("disk is full", UnreachableStoreError, "the disk of {where} is full: nothing was written"),
    ("readonly", UnreachableStoreError, "{where} cannot be written: check its permissions"),
    ("unable to open", UnreachableStoreError, "{where} cannot be opened: check its permissions"),
    ("locked", BusyStoreError, "{where} is in use by another program: try again"),
    (
        "disk I/O",
        UnreachableStoreError,
        "the disk of {where} failed or is full",
    ),
)
_CONNECTION_LOST = "8s2b"
"""SQLAlchemy's code: its connection went away in the midst of a transaction, which goes on."""
_LOCK_NOT_AVAILABLE = "55P03"
_SERVER_FAULTS = ("08", "25006", "28", "3D", "42501", "53", "57", "58")
"""SQLSTATE classes: connection, read-only, password, no such database, rights, resources, stopped
by the operator, system (PostgreSQL documentation, appendix A)."""


def shown(url: URL) -> str:
    """The store's address without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "the store"
    return url.render_as_string(hide_password=True)
