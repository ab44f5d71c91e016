"""An empty PostGIS store for each test, without a database made for each.

To copy a migrated database, open it and drop it takes ten times as long as to empty one, and to
migrate a new one another ten times.
"""

import uuid

from sqlalchemy import Connection, Engine, create_engine, make_url, text

from geodata.models import Base
from geodata.store.engine import open_store

TABLES = [table.name for table in Base.metadata.sorted_tables]
# What a migration makes, by the last transaction that changed it and by how much there is: to read
# what it is takes ten times as long. Where it is not as it was, a test has changed the tables.
SHAPE = text("""
    SELECT concat_ws(' ',
        (SELECT concat(count(*), ' ', max(a.xmin::text::bigint))
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = 'public'::regnamespace),
        (SELECT concat(count(*), ' ', max(xmin::text::bigint)) FROM pg_trigger),
        (SELECT concat(count(*), ' ', max(xmin::text::bigint)) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace),
        (SELECT string_agg(version_num, ' ') FROM alembic_version))""")
FILLED = text(
    " UNION ALL ".join(f"""SELECT '{t}' WHERE EXISTS (SELECT FROM "{t}")""" for t in TABLES)
)
COUNTED = text("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL")
LARGEST = text("""
    SELECT max(pg_relation_size(quote_ident(name)::regclass))
    FROM unnest(CAST(:names AS text[])) AS name""")
LARGE_BYTES = 256 * 1024  # rows that were deleted, and count until the table is truncated, included


def address_of(server: str, database: str) -> str:
    """The address of a database on the server of another."""
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def new_database(server: str, *, like: str = "template0") -> str:
    """The name of a new database, wholly empty or like another that nobody is connected to."""
    name = f"hotspots_{uuid.uuid4().hex[:12]}"
    _on_server(server, f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY FILE_COPY')
    return name


def migrated_database(server: str) -> str:
    """The name of a new database with tables, without rows."""
    name = new_database(server)
    open_store(address_of(server, name)).close()
    return name


def drop_database(server: str, name: str) -> None:
    """Remove a database; refused while anything is connected to it."""
    _on_server(server, f'DROP DATABASE "{name}"')


def _on_server(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


class EmptyDatabases:
    """One migrated database, emptied again and again; a new one when its tables were changed."""

    def __init__(self, server: str, migrated: str, *, patience_s: float = 20) -> None:
        self._server = server
        self._migrated = migrated
        self._patience_s = patience_s
        self._name = ""
        self._shape = ""
        self._engine: Engine | None = None

    def empty(self) -> Engine:
        """A database with tables, without rows, whose keys begin at 1; connected already."""
        if self._engine is None or not self._is_emptied():
            self.drop()
            self._name = new_database(self._server, like=self._migrated)
            address = address_of(self._server, self._name)
            # Kept open: to connect anew takes longer than to empty.
            self._engine = create_engine(address, pool_pre_ping=True)
            with self._engine.connect() as connection:
                self._shape = str(connection.scalar(SHAPE))
        return self._engine.execution_options()  # a test's own: what it listens to ends with it

    def drop(self) -> None:
        """Remove the database, if there is one."""
        if self._engine:
            self._engine.dispose()
            self._engine = None
        if self._name:
            drop_database(self._server, self._name)
            self._name = ""

    def _is_emptied(self) -> bool:
        """Whether the rows are gone and the tables are as they were."""
        if self._engine is None:
            return False
        with self._engine.begin() as connection:
            is_sound = _has_all_tables(connection) and connection.scalar(SHAPE) == self._shape
            if is_sound:
                _take_rows_out(connection, patience_s=self._patience_s)
        return is_sound


def _has_all_tables(connection: Connection) -> bool:
    known = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    return {*TABLES, "alembic_version"} <= set(known)


def _take_rows_out(connection: Connection, *, patience_s: float) -> None:
    # A test that left a transaction open fails the next one, and does not stop the run.
    connection.execute(text(f"SET LOCAL lock_timeout = {round(patience_s * 1000)}"))
    if filled := list(connection.scalars(FILLED)):
        _empty(connection, filled)
    # Of rows that a test removed or took back too.
    if counted := connection.scalars(COUNTED).all():
        restarted = ", ".join(f"setval('\"{name}\"', 1, false)" for name in counted)
        connection.execute(text(f"SELECT {restarted}"))


def _empty(connection: Connection, filled: list[str]) -> None:
    """Delete from small tables; truncate large ones, dead rows and all, with what refers to them.

    To truncate one table with its references is to make nearly every table and its indexes anew.
    """
    if connection.scalar(LARGEST, {"names": filled}) > LARGE_BYTES:
        connection.execute(text(f"TRUNCATE {_listed(filled)} RESTART IDENTITY CASCADE"))
        return
    # As to truncate does: wait for a transaction that was left open, and ask neither the triggers
    # that forbid it nor the references between tables.
    connection.execute(text(f"LOCK TABLE {_listed(TABLES)} IN ACCESS EXCLUSIVE MODE"))
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    connection.exec_driver_sql("; ".join(f'DELETE FROM "{name}"' for name in filled))


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
