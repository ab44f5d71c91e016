"""The OGC GeoPackage 1.4 encoding: geometry blobs, layer registration, R-tree index.

The embedded store is a SQLite file that any GIS opens as it is. Everything that makes it so is
here: the binary header before each geometry (clause 2.1.3), the ``gpkg_*`` tables (clause 1.1)
and the R-tree extension with the triggers of version 1.4 (annex F.3).
"""

import sqlite3
import struct

import numpy as np
import pyproj
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, Table

APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10400
_HEADER = struct.Struct("<2sBBi")
_POINT = struct.Struct("<2sBBiBI2d")
"""The header, then WKB: byte order, type, x and y."""
_POINT_BYTES = _HEADER.size + 21
"""A header without envelope, and a point of two dimensions: byte order, type and two numbers."""
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_RTREE = "http://www.geopackage.org/spec120/#extension_rtree"

_CORE_TABLES = (
    """CREATE TABLE IF NOT EXISTS gpkg_spatial_ref_sys (srs_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    """CREATE TABLE IF NOT EXISTS gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY,
    data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE IF NOT EXISTS gpkg_geometry_columns (table_name TEXT NOT NULL,
    column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
    z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
    """CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT,
    extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
)

_EMPTY_NEW = '(NEW."{g}" ISNULL OR ST_IsEmpty(NEW."{g}"))'
_FULL_NEW = '(NEW."{g}" NOTNULL AND NOT ST_IsEmpty(NEW."{g}"))'
_FULL_OLD = '(OLD."{g}" NOTNULL AND NOT ST_IsEmpty(OLD."{g}"))'
_EMPTY_OLD = '(OLD."{g}" ISNULL OR ST_IsEmpty(OLD."{g}"))'
_BOX = 'NEW."{i}", ST_MinX(NEW."{g}"), ST_MaxX(NEW."{g}"), ST_MinY(NEW."{g}"), ST_MaxY(NEW."{g}")'
_SAME, _MOVED = 'OLD."{i}" = NEW."{i}"', 'OLD."{i}" != NEW."{i}"'
_PUT = f'INSERT OR REPLACE INTO "{{r}}" VALUES ({_BOX})'
_TRIGGERS = {
    "insert": f'AFTER INSERT ON "{{t}}" WHEN {_FULL_NEW} BEGIN {_PUT}; END',
    "update2": f'AFTER UPDATE OF "{{g}}" ON "{{t}}" WHEN {_SAME} AND {_EMPTY_NEW} '
    'BEGIN DELETE FROM "{r}" WHERE id = OLD."{i}"; END',
    "update4": f'AFTER UPDATE ON "{{t}}" WHEN {_MOVED} AND {_EMPTY_NEW} '
    'BEGIN DELETE FROM "{r}" WHERE id IN (OLD."{i}", NEW."{i}"); END',
    "update5": f'AFTER UPDATE ON "{{t}}" WHEN {_MOVED} AND {_FULL_NEW} '
    f'BEGIN DELETE FROM "{{r}}" WHERE id = OLD."{{i}}"; {_PUT}; END',
    "update6": f'AFTER UPDATE OF "{{g}}" ON "{{t}}" WHEN {_SAME} AND {_FULL_NEW} AND {_FULL_OLD} '
    'BEGIN UPDATE "{r}" SET minx = ST_MinX(NEW."{g}"), maxx = ST_MaxX(NEW."{g}"), '
    'miny = ST_MinY(NEW."{g}"), maxy = ST_MaxY(NEW."{g}") WHERE id = NEW."{i}"; END',
    "update7": f'AFTER UPDATE OF "{{g}}" ON "{{t}}" WHEN {_SAME} AND {_FULL_NEW} AND {_EMPTY_OLD} '
    f'BEGIN INSERT INTO "{{r}}" VALUES ({_BOX}); END',
    "delete": 'AFTER DELETE ON "{t}" WHEN OLD."{g}" NOT NULL '
    'BEGIN DELETE FROM "{r}" WHERE id = OLD."{i}"; END',
}

RTREE_TRIGGERS = len(_TRIGGERS)


def encode(geometry: BaseGeometry, srid: int) -> bytes:
    """A GeoPackage blob; points carry no envelope, since theirs would repeat the point."""
    if isinstance(geometry, Point) and not (geometry.is_empty or geometry.has_z):
        return _POINT.pack(b"GP", 0, 0b00001, srid, 1, 1, geometry.x, geometry.y)
    body: bytes = shapely.to_wkb(geometry, byte_order=1)
    if geometry.is_empty:
        return _HEADER.pack(b"GP", 0, 0b10001, srid) + body
    if geometry.geom_type == "Point":
        return _HEADER.pack(b"GP", 0, 0b00001, srid) + body
    min_x, min_y, max_x, max_y = geometry.bounds
    envelope = struct.pack("<4d", min_x, max_x, min_y, max_y)
    return _HEADER.pack(b"GP", 0, 0b00011, srid) + envelope + body


def encode_points(xy: np.ndarray, srid: int) -> list[bytes]:
    """Blobs as ``encode`` makes them of points at (n, 2) metres."""
    head = np.frombuffer(_POINT.pack(b"GP", 0, 0b00001, srid, 1, 1, 0.0, 0.0)[:-16], dtype=np.uint8)
    table = np.empty((len(xy), _POINT_BYTES), dtype=np.uint8)
    table[:, : len(head)] = head
    table[:, len(head) :] = np.ascontiguousarray(xy, dtype="<f8").view(np.uint8).reshape(-1, 16)
    blobs = table.tobytes()
    return [blobs[at : at + _POINT_BYTES] for at in range(0, len(blobs), _POINT_BYTES)]


def decode(blob: bytes) -> BaseGeometry:
    """The geometry of a GeoPackage blob, ours or another program's."""
    return shapely.from_wkb(bytes(blob[_body_offset(blob) :]))


def _body_offset(blob: bytes) -> int:
    return _HEADER.size + _ENVELOPE_BYTES[(blob[3] >> 1) & 7]


def _bounds(blob: bytes) -> tuple[float, float, float, float] | None:
    """(min x, max x, min y, max y) from the envelope, or from the body where there is none."""
    flags = blob[3]
    if flags & 0b10000:
        return None
    if (flags >> 1) & 7:
        return struct.unpack_from("<4d" if flags & 1 else ">4d", blob, _HEADER.size)
    if len(blob) == _POINT_BYTES and blob[_HEADER.size] == 1:  # as ours are: no need to decode it
        x, y = struct.unpack_from("<2d", blob, _HEADER.size + 5)
        return x, x, y, y
    min_x, min_y, max_x, max_y = decode(blob).bounds
    return min_x, max_x, min_y, max_y


def register_functions(connection: sqlite3.Connection) -> None:
    """The SQL functions that the R-tree triggers of the specification call."""

    def bound(position: int) -> object:
        def read(blob: bytes | None) -> float | None:
            bounds = None if blob is None else _bounds(blob)
            return None if bounds is None else bounds[position]

        return read

    for position, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        connection.create_function(name, 1, bound(position), deterministic=True)  # type: ignore[arg-type]
    connection.create_function(
        "ST_IsEmpty",
        1,
        lambda blob: None if blob is None else int(bool(blob[3] & 0b10000)),
        deterministic=True,
    )


def create_core_tables(connection: Connection, srid: int) -> None:
    """The ``gpkg_*`` tables, with the two undefined systems, WGS 84 and ours."""
    for statement in _CORE_TABLES:
        connection.exec_driver_sql(statement)
    rows = [
        ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
    ]
    for code in (4326, srid):
        crs = pyproj.CRS.from_epsg(code)
        rows.append((crs.name, code, "EPSG", code, crs.to_wkt("WKT1_GDAL")))
    for row in rows:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,NULL)", row
        )


def register_table(
    connection: Connection, table: Table, geometry: tuple[str, str, int] | None
) -> None:
    """List a new table in the GeoPackage: as a layer with an R-tree, or as attributes.

    Parameters
    ----------
    geometry
        (column name, geometry type name, EPSG code), or None for a table without one.
    """
    srid = geometry[2] if geometry else None
    connection.exec_driver_sql(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?,?,?,?)",
        (table.name, "features" if geometry else "attributes", table.name, srid),
    )
    if geometry is None:
        return
    column, kind, _ = geometry
    rtree = rtree_name(table.name, column)
    connection.exec_driver_sql(
        "INSERT INTO gpkg_geometry_columns VALUES (?,?,?,?,0,0)", (table.name, column, kind, srid)
    )
    connection.exec_driver_sql(
        f'CREATE VIRTUAL TABLE "{rtree}" USING rtree(id, minx, maxx, miny, maxy)'
    )
    create_rtree_triggers(connection, table.name, column, next(iter(table.primary_key)).name)
    connection.exec_driver_sql(
        "INSERT INTO gpkg_extensions VALUES (?,?,'gpkg_rtree_index',?,'write-only')",
        (table.name, column, _RTREE),
    )


def create_rtree_triggers(connection: Connection, table: str, column: str, key: str) -> None:
    """Also to be called after Alembic's batch mode recreates a table, which drops them."""
    rtree = rtree_name(table, column)
    for name, body in _TRIGGERS.items():
        filled = body.format(t=table, g=column, i=key, r=rtree)
        connection.exec_driver_sql(f'CREATE TRIGGER "{rtree}_{name}" {filled}')


def rtree_name(table: str, column: str) -> str:
    return f"rtree_{table}_{column}"
