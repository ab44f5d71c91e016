"""Layers of the store as files: GeoPackage, GeoJSON or CSV."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from sqlalchemy.orm import Session

from geodata.core import private_files
from geodata.core.errors import RefusedError
from geodata.core.geography import to_lonlat
from geodata.core.spreadsheet_cells import harmless, harmless_as_sent
from geodata.core.types import SRID, Geometry, UTCDateTime
from geodata.exporters.layers import LAYERS, Layer

FORMATS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON", ".csv": "CSV"}


def layer_frame(session: Session, name: str) -> pd.DataFrame:
    """A layer as a frame, times in UTC; one row a database row, ordered by key.

    A GeoDataFrame in EPSG:27700, or a plain frame where the layer has no geometry.
    """
    return frame_of(session, LAYERS[name])


def frame_of(session: Session, layer: Layer) -> pd.DataFrame:
    """A layer that need not be one of ``LAYERS``; as ``layer_frame``."""
    rows = session.execute(layer.query()).all()
    values = list(zip(*rows, strict=True)) or [()] * len(layer.columns)
    named = list(zip(layer.columns, values, strict=True))
    index = pd.RangeIndex(len(rows))
    data = {c.key: _series(c, cells, index) for c, cells in named[layer.has_geometry :]}
    if not layer.has_geometry:
        return pd.DataFrame(data, index=index)
    return gpd.GeoDataFrame(data, geometry=list(values[0]), crs=SRID)


def _series(column: Any, cells: Sequence[Any], index: pd.Index) -> pd.Series:
    type_ = column.type
    if isinstance(type_, UTCDateTime):
        return pd.Series(pd.to_datetime(list(cells), utc=True).as_unit("ms"), index=index)
    if type_.python_type in (int, float) and not isinstance(type_, Geometry):
        kind = "Int64" if type_.python_type is int else "Float64"
        return pd.Series(list(cells), index=index, dtype=kind)
    return pd.Series(list(cells), index=index, dtype=object)


def export_layer(session: Session, name: str, path: Path) -> int:
    """Write a layer to a file whose ending names the format; how many rows there are.

    GeoPackage keeps EPSG:27700, GeoJSON is WGS 84 as its standard wants. CSV has ``easting``,
    ``northing``, ``longitude`` and ``latitude`` of points, else the shape as ``wkt``; a text that
    a spreadsheet would run as a formula gets an apostrophe before it.

    Raises
    ------
    RefusedError
        The layer or the ending is unknown, the file is there already, or cannot be written.
    """
    if name not in LAYERS:
        raise RefusedError(f"there is no layer {name!r}: choose from {', '.join(LAYERS)}")
    driver = FORMATS.get(path.suffix.lower())
    if driver is None:
        raise RefusedError(f"{path.name!r} ends in no known format: use {', '.join(FORMATS)}")
    if path.exists():
        raise RefusedError(f"{path} is there already: choose another name, or remove it")
    frame = layer_frame(session, name)
    try:
        with private_files.written(path) as half:
            _write(frame, half, driver, name)
    except (OSError, RuntimeError) as error:  # GDAL's errors are RuntimeErrors
        raise RefusedError(f"{path} cannot be written: {error}") from None
    return len(frame)


def _write(frame: pd.DataFrame, path: Path, driver: str, layer: str) -> None:
    if driver == "CSV":
        _csv_table(frame).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        return
    frame = dates_as_text(frame)
    if driver == "GeoJSON" and isinstance(frame, gpd.GeoDataFrame):
        pyogrio.write_dataframe(frame.to_crs(4326), path, driver=driver, layer=layer, RFC7946=True)
    else:
        pyogrio.write_dataframe(frame, path, driver=driver, layer=layer)


def dates_as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """OGR takes a column of dates and nulls only as texts."""
    frame = frame.copy()
    for name in frame.columns:
        if frame[name].dtype == object:
            frame[name] = [
                value.isoformat() if hasattr(value, "isoformat") else value for value in frame[name]
            ]
    return frame


def _csv_table(frame: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    for name in table.columns:
        if isinstance(table[name].dtype, pd.DatetimeTZDtype):
            table[name] = table[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        elif table[name].dtype == object:
            table[name] = table[name].map(harmless, na_action="ignore")
    is_map = isinstance(frame, gpd.GeoDataFrame)
    return table.assign(**_where(frame.geometry.to_numpy())) if is_map else table


def harmless_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of anybody's texts, such as those of a file that was refused, for a spreadsheet."""
    cells = rows.map(harmless_as_sent, na_action="ignore")
    return cells.set_axis([harmless(str(name)) for name in rows.columns], axis="columns")


def _where(shapes: np.ndarray) -> dict[str, Any]:
    present = ~shapely.is_missing(shapes)
    if not (shapely.get_type_id(shapes[present]) == 0).all():
        return {"wkt": shapely.to_wkt(shapes, rounding_precision=2)}
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    lon, lat = to_lonlat(x, y)
    return {
        "easting": x.round(2),
        "northing": y.round(2),
        "longitude": lon.round(6),
        "latitude": lat.round(6),
    }
