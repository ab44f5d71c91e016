"""Answers of the database as whole columns: geometry is decoded all at once, instants too.

So a million rows take seconds, where one object a row takes minutes.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import LargeBinary, String

from geodata.core.hidden_rows import narrowed_to_visible
from geodata.core.types import SRID, Geometry, UTCDateTime

_PART_ROWS = 500
"""As many as lie in a processor's cache together: with 10,000 it takes three times as long."""
_POINT_BYTES = 29  # GeoPackage header of 8, WKB point of 21


def read_frame(session: Session, columns: Sequence[Any], query: Select[Any]) -> gpd.GeoDataFrame:
    """Run a query with geometry and instants raw, and decode whole columns at once.

    Parameters
    ----------
    columns
        What the query selects; one is called ``geometry``.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    raw = query.with_only_columns(*(_undecoded(c, is_sqlite=is_sqlite) for c in columns))
    data = {
        column.name: _decoded(column.type, values, is_sqlite=is_sqlite)
        for column, values in zip(columns, _fetched(session, raw, len(columns)), strict=True)
    }
    return gpd.GeoDataFrame(data, geometry="geometry", crs=SRID)


def _fetched(session: Session, query: Select[Any], width: int) -> Iterator[np.ndarray]:
    """The answer column by column, turned part by part: rows of a million would fill the memory."""
    session.flush()
    answer: list[list[Any]] = [[] for _ in range(width)]
    connection = session.connection()  # begins the transaction, which decides what is hidden
    for rows in connection.execute(narrowed_to_visible(session, query)).partitions(_PART_ROWS):
        for column, values in zip(answer, zip(*rows, strict=True), strict=True):
            column.extend(values)
    while answer:
        yield np.array(answer.pop(0), dtype=object)


def _undecoded(column: Any, *, is_sqlite: bool) -> Any:
    if isinstance(column.type, Geometry):
        return type_coerce(column, LargeBinary() if is_sqlite else String()).label(column.name)
    if isinstance(column.type, UTCDateTime) and is_sqlite:
        return type_coerce(column, String()).label(column.name)
    return column


def _decoded(type_: Any, values: np.ndarray, *, is_sqlite: bool) -> Any:
    if isinstance(type_, Geometry):
        return _points(values) if is_sqlite else shapely.from_wkb(values)
    if isinstance(type_, UTCDateTime):
        return pd.to_datetime(pd.Series(values), utc=True, format="ISO8601" if is_sqlite else None)
    if type_.python_type in (int, float) and pd.isna(values).any():
        return values.astype(float)
    return pd.Series(values).infer_objects()


def _points(blobs: np.ndarray) -> np.ndarray:
    """Points from GeoPackage blobs, which are all of one length where none is null."""
    if pd.isna(blobs).any() or set(map(len, blobs)) != {_POINT_BYTES}:
        return np.array(
            [None if blob is None else shapely.from_wkb(bytes(blob[8:])) for blob in blobs],
            dtype=object,
        )
    table = np.frombuffer(b"".join(blobs), dtype=np.uint8).reshape(-1, _POINT_BYTES)
    xy = np.ascontiguousarray(table[:, 13:]).view("<f8")
    points: np.ndarray = shapely.points(xy)
    return points
