"""Opening the store: one GeoPackage file by default, PostGIS to scale out.

Writers begin with ``BEGIN IMMEDIATE`` on SQLite: they queue for the lock instead of failing half
way with "database is locked". Every commit is synchronous, so a receipt that was shown survives
a power cut.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from geodata.core import geopackage, private_files
from geodata.core.errors import (
    BusyStoreError,
    ForeignStoreError,
    StoreError,
    UnreachableStoreError,
)
from geodata.core.sealed_columns import seal_by
from geodata.core.sealing import Sealer
from geodata.migrations import head, migrate, revision
from geodata.store.faults import explained, shown
from geodata.store.unfinished_batches import StoreSession, look_again, see_unfinished
from geodata.store.writer_queue import PATIENCE_S, WriterQueue

log = logging.getLogger(__name__)
COPIES_KEPT = 3
"""Of a store as it was before it was migrated."""
PAGE_CACHE_KB = 256_000
"""At most: with SQLite's 2 MB, a million reports go round between memory and disk for minutes."""
DURABILITY = "FULL"
"""Of SQLite: what is committed is on the disk, even where the power fails in that moment."""
_WITHOUT_WAITING = {  # how a connection is told not to wait for locks, and to wait as ever
    "sqlite": ("PRAGMA busy_timeout=0", f"PRAGMA busy_timeout={PATIENCE_S * 1000}"),
    "postgresql": ("SET LOCAL lock_timeout = 100", "SELECT 1"),
}
_TAKE_TURN = text("SELECT pg_advisory_xact_lock(hashtext(current_schema() || :name))")
_ONE_MOMENT = {"isolation_level": "REPEATABLE READ"}
_WAITING: dict[str, dict[str, int]] = {"sqlite": {}, "postgresql": {"connect_timeout": 10}}


class Store:
    """An open store. Sessions come from it, one a unit of work.

    >>> from tempfile import mkdtemp
    >>> store = open_store(f"sqlite:///{mkdtemp()}/example.gpkg", create=True)
    >>> with store.reading() as session:
    ...     session.scalar(text("SELECT count(*) FROM report"))
    0
    >>> store.close()
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(is_writer=True)
        # What one page or one analysis reads is of one moment, as it is on SQLite.
        self._reader = engine if self.is_embedded else engine.execution_options(**_ONE_MOMENT)
        self._queue = WriterQueue(is_single=self.is_embedded)
        if not self.is_embedded:  # only now: a migration waits for another one as long as it takes
            event.listen(engine, "begin", _begin_postgresql)

    @property
    def is_embedded(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The GeoPackage file, or None on a server."""
        return Path(self.engine.url.database or "") if self.is_embedded else None

    def session(self, *, is_writer: bool) -> Session:
        """A session that its caller commits and closes, as ``reading`` and ``writing`` do."""
        return StoreSession(self._writer if is_writer else self._reader, expire_on_commit=False)

    @contextmanager
    def reading(self, *, sees_unfinished: bool = False) -> Iterator[Session]:
        """A session that reads, also what is still being loaded where its caller is the loader."""
        with explained(self.engine.url), self.session(is_writer=False) as session:
            if sees_unfinished:
                see_unfinished(session)
            yield session

    @contextmanager
    def writing(self, *, sees_unfinished: bool = False) -> Iterator[Session]:
        """A session that commits at the end, or leaves nothing behind.

        Parameters
        ----------
        sees_unfinished
            Whether it sees what is still being loaded: its loader's does.

        Raises
        ------
        BusyStoreError
            Others wrote for too long.
        """
        writer = self.session(is_writer=True)
        if sees_unfinished:
            see_unfinished(writer)
        with self._queue.turn(), explained(self.engine.url), writer as session, session.begin():
            yield session

    @contextmanager
    def writing_if_free(self) -> Iterator[Session]:
        """A session for a change that may be left out: it never waits for another writer.

        Raises
        ------
        BusyStoreError
            Somebody else writes at this moment.
        """
        with explained(self.engine.url), self.session(is_writer=False) as session:
            impatience, patience = _WITHOUT_WAITING[self.engine.dialect.name]
            session.execute(text(impatience))
            try:
                yield session
                session.commit()
            except OperationalError as error:
                raise BusyStoreError("somebody else writes at this moment") from error
            finally:
                session.rollback()
                session.execute(text(patience))  # the connection goes back to the others

    def copy_to(self, path: Path) -> int:
        """Copy a store that may be in use to a new file; its size in bytes.

        Raises
        ------
        StoreError
            The store is no file, or the target cannot be written or is there already.
        """
        if not self.is_embedded:
            raise StoreError(
                "a PostGIS store is backed up with  pg_dump --format=custom --file FILE DATABASE"
            )
        try:
            with closing(self.engine.raw_connection()) as connection:
                connection.execute("VACUUM INTO ?", (str(path),))
        except sqlite3.Error as error:
            raise UnreachableStoreError(f"{path.name} cannot be written: {error}") from None
        return path.stat().st_size

    def seal_by(self, site_key: str) -> None:
        """Seal contacts and mails by the site's key from here on, and read what it sealed."""
        seal_by(self.engine, Sealer(site_key))

    def close(self) -> None:
        self.engine.dispose()


def open_store(
    url: str,
    *,
    site_key: str = "",
    create: bool = False,
    migrates: bool = True,
    keeps_copy: bool = True,
    page_cache_kb: int = PAGE_CACHE_KB,
) -> Store:
    """Open the store, bringing its tables to this program's version.

    Parameters
    ----------
    url
        ``sqlite:///FILE.gpkg`` or ``postgresql://user:password@host/database``.
    site_key
        What contacts and mails are sealed by; without it new ones are kept as they are, and sealed
        ones cannot be read.
    create
        Whether a missing file may be made.
    migrates
        Whether its tables may be changed; not where somebody only looks.
    keeps_copy
        Whether a file is copied beside itself before its tables are changed.
    page_cache_kb
        How much of a file each connection may hold in memory.

    Raises
    ------
    ForeignStoreError
        The file is not a SQLite database, is damaged, or holds something else.
    NewerStoreError
        A newer version of this program wrote it.
    UnreachableStoreError
        There is no such file, the server does not answer, or the disk is full or read-only.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        _check_file(parsed, create=create)
    with explained(parsed):
        engine = _make_engine(parsed, page_cache_kb)
        seal_by(engine, Sealer(site_key))
        try:
            with engine.connect() as connection:  # a look first: a foreign file stays as it is
                _refuse_foreign(connection)
            if migrates:
                _migrate(engine, keeps_copy=keeps_copy)
            if engine.dialect.name == "sqlite" and migrates:
                _log_ahead(engine)
                _tighten(Path(parsed.database or ""))
        except BaseException:
            engine.dispose()
            raise
    return Store(engine)


def lock(session: Session, name: str) -> None:
    """Let one writer at a time through a part of the code, until its transaction ends.

    SQLite has one writer anyway; PostgreSQL takes an advisory lock, of which a database has one
    set for all the stores that stand in schemas of it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_TAKE_TURN, {"name": name})
        look_again(session)


def _migrate(engine: Engine, *, keeps_copy: bool) -> None:
    with engine.connect() as connection:
        current = revision(connection)
    is_older = current not in (None, head())
    if is_older and keeps_copy:
        _copy_before_migration(engine, str(current))
    with engine.execution_options(is_writer=True).begin() as connection:
        migrate(connection)
    if is_older and engine.dialect.name == "sqlite":
        _forget_free_pages(engine)


def _forget_free_pages(engine: Engine) -> None:
    """Write a file anew: what an older version erased may still stand in its free pages."""
    try:
        with closing(engine.raw_connection()) as connection:
            connection.execute("VACUUM")
    except sqlite3.Error as error:
        log.warning("%s was not written anew after its migration: %s", shown(engine.url), error)


def _copy_before_migration(engine: Engine, current: str) -> None:
    """Keep a file as it was: the way back, should the new version not do."""
    if engine.dialect.name != "sqlite":
        log.warning("%s is migrated from revision %s: keep a pg_dump", shown(engine.url), current)
        return
    path = Path(engine.url.database or "")
    copy = path.with_name(f"{path.name}.before-migration-{current}")
    try:
        with private_files.written(copy, replaces=True) as half:
            Store(engine).copy_to(half)
    except OSError as error:
        raise UnreachableStoreError(
            f"{copy} cannot be written ({error.strerror}): the store was not migrated"
        ) from None
    older = sorted(path.parent.glob(f"{path.name}.before-migration-*"))
    for superfluous in older[:-COPIES_KEPT]:
        superfluous.unlink()


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(
            f"{url!r} is not a database address: write sqlite:///FILE.gpkg or "
            "postgresql://user:password@host/database"
        ) from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(f"{parsed.drivername} is not supported: use sqlite or postgresql")
    return parsed


def _check_file(url: URL, *, create: bool) -> None:
    if not url.database or url.database == ":memory:":
        raise StoreError("the embedded store is a file: write sqlite:///FILE.gpkg")
    path = Path(url.database)
    if not path.exists():
        if not create:
            raise UnreachableStoreError(f"there is no store at {path}: make one with hotspots init")
        if not path.parent.is_dir():
            raise UnreachableStoreError(f"there is no folder {path.parent}: make it first")
        _make_file(path)
        return
    if not path.is_file():
        raise ForeignStoreError(f"{path} is not a file")
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise UnreachableStoreError(f"{path} cannot be opened: {error.strerror}") from None
    if not head and not create:
        raise ForeignStoreError(f"{path} is empty: remove it, or restore it from a backup")
    if head and head != b"SQLite format 3\x00":
        raise ForeignStoreError(f"{path} is not a GeoPackage: it is no SQLite file")


def _make_file(path: Path) -> None:
    try:
        private_files.create(path)
    except FileExistsError:
        pass  # another process founds the same store
    except OSError as error:
        raise UnreachableStoreError(f"{path} cannot be made: {error.strerror}") from None


def _tighten(path: Path) -> None:
    """What older versions wrote was anybody's to read; journals get the mode of their file."""
    for file in (path, *journals(path)):
        with suppress(OSError):  # hotspots check says what stays open
            private_files.tighten(file)


def journals(path: Path) -> list[Path]:
    """Where SQLite writes beside a file: changes that are not in the file itself yet, and locks."""
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal")]


def _make_engine(url: URL, page_cache_kb: int) -> Engine:
    try:
        engine = create_engine(
            url,
            connect_args=_WAITING[url.get_backend_name()],
            pool_pre_ping=url.get_backend_name() != "sqlite",  # a server may have been restarted
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"PostgreSQL needs a driver that is not installed ({error}): "
            "pip install 'canister-hotspots[postgis]'"
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_prepare_sqlite, page_cache_kb=page_cache_kb))
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object, *, page_cache_kb: int) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    geopackage.register_functions(connection)
    is_new = connection.execute("PRAGMA schema_version").fetchone()[0] == 0
    if is_new:
        connection.execute(f"PRAGMA application_id={geopackage.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={geopackage.USER_VERSION}")
    for pragma in (
        f"busy_timeout={PATIENCE_S * 1000}",
        f"cache_size=-{page_cache_kb}",
        f"synchronous={DURABILITY}",
        "foreign_keys=ON",
        "secure_delete=ON",  # what was erased, or replaced by its seal, stays in no free page
    ):
        connection.execute(f"PRAGMA {pragma}")


def _log_ahead(engine: Engine) -> None:
    """Let readers read while somebody writes; the file remembers it."""
    with closing(engine.raw_connection()) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    is_writer = connection.get_execution_options().get("is_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """A writer gives up on a lock after as long as it does on SQLite."""
    if connection.get_execution_options().get("is_writer", False):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_S}s'")


def _refuse_foreign(connection: Connection) -> None:
    """A database with tables but without our version mark is somebody else's: touch nothing."""
    tables = set(inspect(connection).get_table_names())
    ours = "alembic_version" in tables and (
        not tables - {"alembic_version", "spatial_ref_sys"} or "detection_run" in tables
    )
    others = {name for name in tables if not name.startswith(("gpkg_", "rtree_", "spatial_ref"))}
    if others and not ours:
        raise ForeignStoreError(
            f"{shown(connection.engine.url)} holds other tables "
            f"({', '.join(sorted(others)[:3])}): give this program a store of its own"
        )
