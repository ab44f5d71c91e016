"""A GeoPackage that a role may open in a GIS instead of the store, with the look of its layers."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from geodata.core import private_files
from geodata.core.errors import RefusedError
from geodata.exporters.gis_layers import GIS_LAYERS, ROLES, GisLayer
from geodata.exporters.layer_files import dates_as_text, frame_of
from geodata.exporters.style_texts import AREA, LINE, POINT, qml, sld

_KINDS = {AREA: ("", "MultiPolygon"), LINE: ("_lines", "MultiLineString")} | {
    POINT: ("_points", "MultiPoint")
}
_DECLARED = {"POINT": (POINT, "Point"), "LINESTRING": (LINE, "LineString")} | {
    "MULTIPOLYGON": (AREA, "MultiPolygon")
}
# The table that QGIS looks for when it opens a layer; listed so that GDAL shows it too.
_STYLE_TABLE = """CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""
_ADD_STYLE = """INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,
f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner)
VALUES ('', '', ?, 'geom', ?, ?, ?, 1, '', '')"""


def export_gis(
    session: Session,
    role: str,
    path: Path,
    *,
    only: Mapping[str, ColumnElement[bool]] | None = None,
) -> dict[str, int]:
    """Write what a role may have as one GeoPackage, mode 0600; rows by layer.

    Areas, lines and points of one subject are layers apart (``places``, ``places_points``), for
    a GIS draws a layer of one kind of shape.

    Parameters
    ----------
    only
        A further condition of a layer's rows, by its name.

    Raises
    ------
    RefusedError
        The role is unknown, the ending is not .gpkg, the file is there or cannot be written.
    """
    if role not in ROLES:
        raise RefusedError(f"there is no role {role!r}: choose from {', '.join(ROLES)}")
    if path.suffix.lower() != ".gpkg":
        raise RefusedError(f"{path.name!r} is no GeoPackage: let its name end in .gpkg")
    if path.exists():
        raise RefusedError(f"{path} is there already: choose another name, or remove it")
    layers = {
        name: layer.only(only[name]) if only and name in only else layer
        for name, layer in GIS_LAYERS[role].items()
    }
    try:
        with private_files.written(path) as half:
            return _write(session, layers, half)
    except (OSError, RuntimeError, sqlite3.Error) as error:  # GDAL's errors are RuntimeErrors
        raise RefusedError(f"{path} cannot be written: {error}") from None


def _write(session: Session, layers: Mapping[str, GisLayer], path: Path) -> dict[str, int]:
    rows, styles = {}, []
    for subject, layer in layers.items():
        for name, dimension, kind, frame in _by_shape(session, subject, layer):
            pyogrio.write_dataframe(
                dates_as_text(frame),
                path,
                layer=name,
                driver="GPKG",
                append=path.exists(),
                geometry_type=kind,
                promote_to_multi=kind.startswith("Multi"),
                layer_options={"GEOMETRY_NAME": "geom"},
            )
            rows[name] = len(frame)
            styles.append(
                (name, name, qml(layer.style, dimension), sld(layer.style, dimension, name))
            )
    _add_styles(path, styles)
    return rows


def _by_shape(
    session: Session, subject: str, layer: GisLayer
) -> Iterator[tuple[str, int, str, gpd.GeoDataFrame]]:
    """Name, dimension, type and rows of each layer of a subject."""
    frame = frame_of(session, layer)
    declared: Any = layer.columns[0].type
    if declared.kind in _DECLARED:
        dimension, kind = _DECLARED[declared.kind]
        yield subject, dimension, kind, frame
        return
    dimensions = shapely.get_dimensions(frame.geometry.to_numpy())
    for dimension, (suffix, kind) in _KINDS.items():
        part = frame[dimensions == dimension]
        if len(part) or dimension == AREA:
            yield subject + suffix, dimension, kind, part.set_geometry(_pure(part, dimension))


def _pure(frame: gpd.GeoDataFrame, dimension: int) -> np.ndarray:
    """Of a collection only its parts of the highest dimension: a layer holds one kind."""
    collect = {AREA: shapely.multipolygons, LINE: shapely.multilinestrings}.get(
        dimension, shapely.multipoints
    )
    pure = np.empty(len(frame), dtype=object)
    for row, shape in enumerate(frame.geometry):
        parts = shapely.get_parts(shape)
        pure[row] = collect(parts[shapely.get_dimensions(parts) == dimension])
    return pure


def _add_styles(path: Path, styles: list[tuple[str, str, str, str]]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_STYLE_TABLE)
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles')"
        )
        connection.executemany(_ADD_STYLE, styles)
