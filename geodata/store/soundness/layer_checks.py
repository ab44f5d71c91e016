"""The GeoPackage: its lists, its geometries, and the index that boxes are looked up in."""

from collections.abc import Iterator

import shapely
from shapely.errors import ShapelyError
from sqlalchemy import Connection, LargeBinary, Table, inspect, select, text, type_coerce

from geodata.core import geopackage
from geodata.core.types import SRID, geometry_of
from geodata.models import Base
from geodata.store.soundness.table_checks import Check

ROUNDING_M = 1.0
"""An R-tree keeps 32-bit numbers: half a metre at the far corner of the grid."""


def file_marks(connection: Connection) -> list[str]:
    """The file says that it is a GeoPackage of a version that we write."""
    if connection.dialect.name != "sqlite":
        return []
    wanted = {"application_id": geopackage.APPLICATION_ID, "user_version": geopackage.USER_VERSION}
    return [
        f"the file's {name} is {actual}, a GeoPackage's is {value}"
        for name, value in wanted.items()
        if (actual := connection.scalar(text(f"PRAGMA {name}"))) != value
    ]


def layer_list(connection: Connection) -> list[str]:
    """Every table is listed with what it is, in the system that its geometries are in."""
    if connection.dialect.name != "sqlite":
        return []
    contents = connection.execute(text("SELECT table_name, data_type, srs_id FROM gpkg_contents"))
    listed = {name: (kind, srs) for name, kind, srs in contents}
    columns = connection.execute(
        text("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns")
    )
    layers = {name: (column, srs) for name, column, srs in columns}
    there = set(inspect(connection).get_table_names())
    sentences = [
        f"the GeoPackage lists a table {name} that is not there"
        for name in sorted(set(listed) - there)
    ]
    for table in Base.metadata.sorted_tables:
        geometry = geometry_of(table)
        wanted = ("features", SRID) if geometry else ("attributes", None)
        if listed.get(table.name) != wanted:
            sentences.append(f"the GeoPackage does not list {table.name} as {wanted[0]}")
        if geometry and layers.get(table.name) != (geometry[0], SRID):
            sentences.append(f"the GeoPackage does not list the geometry of {table.name}")
    return sentences


def geometries(connection: Connection) -> list[str]:
    """Every geometry can be read, and is in the system of its layer."""
    if connection.dialect.name != "sqlite":
        return []
    sentences = []
    for table, column in _layers():
        blob = type_coerce(table.c[column], LargeBinary)
        rows = connection.execute(select(table.c.id, blob).where(blob.is_not(None)))
        bad = [key for key, blob in rows if not _is_readable(blob)]
        if bad:
            sentences.append(
                f"{len(bad)} geometries of {table.name} cannot be read, the first of row {bad[0]}"
            )
    return sentences


def _is_readable(blob: object) -> bool:
    if (
        not isinstance(blob, bytes)
        or blob[:2] != b"GP"
        or int.from_bytes(blob[4:8], "little") != SRID
    ):
        return False
    try:
        return bool(shapely.is_geometry(geopackage.decode(blob)))
    except (ShapelyError, IndexError):
        return False


def spatial_index(connection: Connection) -> list[str]:
    """What is looked up by its box is found there, and nowhere else."""
    if connection.dialect.name == "postgresql":
        return _server_indexes(connection)
    sentences = []
    for table, column in _layers():
        wrong = connection.scalar(text(_ASTRAY.format(t=table.name, g=column, m=ROUNDING_M)))
        lost = connection.scalar(text(_WITHOUT_ROW.format(t=table.name, g=column)))
        if wrong or lost:
            sentences.append(
                f"the spatial index of {table.name} is not that of its rows: "
                f"{wrong} rows are not where it says, {lost} are not there"
            )
        sentences += _lost_triggers(connection, table, column)
    return sentences


_ASTRAY = """SELECT count(*) FROM "{t}" r LEFT JOIN "rtree_{t}_{g}" b ON b.id = r.id
    WHERE r."{g}" NOT NULL AND NOT ST_IsEmpty(r."{g}") AND (b.id IS NULL
        OR abs(b.minx - ST_MinX(r."{g}")) > {m} OR abs(b.maxx - ST_MaxX(r."{g}")) > {m}
        OR abs(b.miny - ST_MinY(r."{g}")) > {m} OR abs(b.maxy - ST_MaxY(r."{g}")) > {m})"""
_WITHOUT_ROW = """SELECT count(*) FROM "rtree_{t}_{g}" b LEFT JOIN "{t}" r ON r.id = b.id
    WHERE r.id IS NULL OR r."{g}" IS NULL"""


def _lost_triggers(connection: Connection, table: Table, column: str) -> list[str]:
    prefix = geopackage.rtree_name(table.name, column)
    actual = connection.scalar(
        text(
            "SELECT count(*) FROM sqlite_master "
            "WHERE type = 'trigger' AND tbl_name = :t AND name GLOB :n"
        ),
        {"t": table.name, "n": f"{prefix}_*"},
    )
    wanted = geopackage.RTREE_TRIGGERS
    return (
        []
        if actual == wanted
        else [f"{table.name}: {actual} of {wanted} triggers keep its spatial index"]
    )


def _server_indexes(connection: Connection) -> list[str]:
    query = text("""SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'gist' AND i.indisvalid""")
    there = set(connection.scalars(query))
    wanted = [(table.name, f"ix_{table.name}_{column}") for table, column in _layers()]
    return [
        f"the spatial index of {table} is not there" for table, name in wanted if name not in there
    ]


def _layers() -> Iterator[tuple[Table, str]]:
    for table in Base.metadata.sorted_tables:
        if geometry := geometry_of(table):
            yield table, geometry[0]


CHECKS: tuple[Check, ...] = (file_marks, layer_list, geometries, spatial_index)
