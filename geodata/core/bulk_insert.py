"""Rows of a frame written column by column: each value is made ready in a whole column.

An insert by statement asks each value of each row what its column makes of it, which was half of
what an import cost. A file is given tuples, PostgreSQL is sent them by ``COPY``.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, Integer, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geodata.core import geopackage
from geodata.core.base import Base
from geodata.core.bulk import CHUNK, plain
from geodata.core.types import Geometry, UTCDateTime


def insert_frame(
    session: Session,
    model: type[Base],
    frame: pd.DataFrame,
    on_rows: Callable[[int], object] = lambda _done: None,
) -> None:
    """Write rows, part by part.

    Parameters
    ----------
    frame
        Some of the table's columns: instants aware, geometries shapely's, missing values of any
        kind. What is absent gets the column's default.
    on_rows
        Told after each part how many are written.
    """
    table: Any = model.__table__
    session.flush()
    connection = session.connection()
    columns = [table.c[name] for name in frame.columns]
    fixed = [c for c in table.columns if c.name not in frame and _default(c) is not None]
    names = [column.name for column in (*columns, *fixed)]
    for start in range(0, len(frame), CHUNK):
        part = frame.iloc[start : start + CHUNK]
        cells = [_cells(column.type, part[column.name], connection) for column in columns]
        cells += [[_default(column)] * len(part) for column in fixed]
        _write(connection, table, names, list(zip(*cells, strict=True)))
        on_rows(start + len(part))


def _default(column: Any) -> Any:
    """The value that a row gets which does not say; None where that is the database's affair."""
    default = column.default
    return default.arg if default is not None and default.is_scalar else None


def _write(
    connection: Connection, table: Table, names: list[str], rows: list[tuple[Any, ...]]
) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})', rows)  # noqa: S608
        return
    _copy_in(connection, f'COPY "{table.name}" ({listed}) FROM STDIN', rows)


def _copy_in(connection: Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Send rows to PostgreSQL; what goes wrong is said as of any other statement."""
    dialect: Any = connection.dialect
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except dialect.dbapi.Error as error:
        raise DBAPIError.instance(
            statement, (), error, dialect.dbapi.Error, dialect=dialect
        ) from error


def _cells(type_: Any, values: pd.Series, connection: Connection) -> list[Any]:
    """A column as the driver takes it, None for what is missing."""
    is_sqlite = connection.dialect.name == "sqlite"
    if isinstance(type_, UTCDateTime):
        return _instants(values, is_sqlite=is_sqlite)
    if isinstance(type_, Geometry):
        return _geometries(values, type_, connection)
    if isinstance(type_, Integer):
        return plain(values.astype("Int64"))
    process = type_.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    cells = plain(values)
    return cells if process is None else [process(cell) for cell in cells]


def _instants(values: pd.Series, *, is_sqlite: bool) -> list[Any]:
    """To the millisecond, cut off: see ``UTCDateTime``."""
    at = pd.to_datetime(values, utc=True).dt.as_unit("us").dt.floor("ms")
    if not is_sqlite:
        return plain(at)
    texts = np.datetime_as_string(at.dt.tz_localize(None).to_numpy(), unit="ms").tolist()
    return [
        None if gone else text + "Z" for text, gone in zip(texts, at.isna().tolist(), strict=True)
    ]


def _geometries(values: pd.Series, type_: Geometry, connection: Connection) -> list[Any]:
    shapes = np.asarray(values, dtype=object)
    is_plain = (shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)
    if not (is_plain & ~shapely.has_z(shapes)).all():
        return [type_.process_bind_param(shape, connection.dialect) for shape in shapes]
    if connection.dialect.name == "sqlite":
        return geopackage.encode_points(shapely.get_coordinates(shapes), type_.srid)
    known = shapely.set_srid(shapes, type_.srid)
    return shapely.to_wkb(known, include_srid=True, hex=True).tolist()  # type: ignore[no-any-return]
