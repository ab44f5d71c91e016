"""Column types that mean the same on both stores: geometry, instants, JSON."""

import json
from datetime import UTC, date, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import DateTime, Dialect, Float, Integer, LargeBinary, String, Table, Text, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from geodata.core import geopackage

SRID = 27700  # British National Grid, metres


class _Named(UserDefinedType[Any]):
    """A column whose declared type is just a name, as the GeoPackage standard wants it."""

    cache_ok = True

    def __init__(self, declared: str) -> None:
        self.declared = declared

    def get_col_spec(self, **_: Any) -> str:
        return self.declared


class Geometry(TypeDecorator[BaseGeometry]):
    """A shapely geometry in EPSG:27700: GeoPackage blob on SQLite, ``geometry`` on PostGIS."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, kind: str = "GEOMETRY", srid: int = SRID) -> None:
        super().__init__()
        self.kind, self.srid = kind, srid

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(_Named(f"geometry({self.kind},{self.srid})"))
        return dialect.type_descriptor(_Named(self.kind))

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return shapely.to_wkb(shapely.set_srid(value, self.srid), include_srid=True, hex=True)
        return geopackage.encode(value, self.srid)

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:
        if value is None:
            return None
        return shapely.from_wkb(value) if dialect.name == "postgresql" else geopackage.decode(value)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, aware and UTC, to the millisecond: what a GeoPackage DATETIME can hold.

    A naive value is refused: it may mean two instants.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(_Named("DATETIME"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone: store aware times only")
        value = value.astimezone(UTC)
        value = value.replace(microsecond=value.microsecond // 1000 * 1000)
        return value if dialect.name == "postgresql" else instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC)  # type: ignore[no-any-return]
        return datetime.fromisoformat(value)


def instant_text(moment: datetime) -> str:
    """``2026-11-23T18:00:00.000Z``, the one form that GeoPackage allows; it sorts as time does."""
    # A tenth of what strftime costs, for every instant of an import.
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


class Document(TypeDecorator[Any]):
    """A JSON document: jsonb on PostgreSQL, text on SQLite, since GeoPackage has no JSON."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else json.loads(value)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be stored as JSON")


@compiles(String, "sqlite")
@compiles(Text, "sqlite")
def _text(type_: String, compiler: Any, **_: Any) -> str:
    return f"TEXT({type_.length})" if type_.length else "TEXT"


@compiles(Float, "sqlite")
def _double(type_: Float[Any], compiler: Any, **_: Any) -> str:
    return "DOUBLE"


def geometry_of(table: Table) -> tuple[str, str, int] | None:
    """(column, geometry type name, EPSG code) of a table's one geometry, or None."""
    for column in table.columns:
        if isinstance(column.type, Geometry):
            return column.name, column.type.kind, column.type.srid
    return None


@event.listens_for(Table, "before_create")
def _never_reuse_keys(table: Table, connection: Connection, **_: Any) -> None:
    """A key freed by an undone import must not come back for another row: the audit names keys."""
    keys = list(table.primary_key)
    table.dialect_options["sqlite"]["autoincrement"] = (
        len(keys) == 1 and keys[0].type._type_affinity is Integer
    )


@event.listens_for(Table, "after_create")
def _index_geometry(table: Table, connection: Connection, **_: Any) -> None:
    """Every new table joins the GeoPackage's list, or gets its GiST index, however it is made."""
    if table.name == "alembic_version":
        return
    geometry = geometry_of(table)
    if connection.dialect.name == "sqlite":
        geopackage.register_table(connection, table, geometry)
    elif geometry:
        name = f"ix_{table.name}_{geometry[0]}"
        connection.exec_driver_sql(
            f'CREATE INDEX "{name}" ON "{table.name}" USING gist ("{geometry[0]}")'
        )


class _Reflected(_Named):
    """A geometry column as the drift check finds it."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__("GEOMETRY")


for _kind in ("GEOMETRY", "POINT", "LINESTRING", "MULTIPOLYGON"):
    SQLiteDialect.ischema_names[_kind] = _Reflected
PGDialect.ischema_names["geometry"] = _Reflected
