"""The borough and its wards, from any polygon file: what a new store begins with."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from geodata.errors import RefusedError
from geodata.types import SRID

NAME_COLUMNS = ("name", "ward", "ward_name", "wardname", "area")
"""Known names of a name column; the ONS writes WD13NM, WD23NM and so on besides."""


@dataclass(frozen=True)
class Area:
    """One named polygon in EPSG:27700, mended where its rings crossed."""

    name: str
    geometry: BaseGeometry
    mended_m2: float | None = None
    """Change of area by mending, None where nothing was mended."""


def read_areas(path: Path, *, name_column: str | None = None, crs: str | None = None) -> list[Area]:
    """Named polygons of a file, in British National Grid.

    Parameters
    ----------
    path
        Anything GDAL reads: GeoJSON, GeoPackage, Shapefile (also zipped).
    name_column
        Column of the names; found by its usual names where None.
    crs
        Coordinate system of a file that does not say its own, such as EPSG:27700.

    Raises
    ------
    RefusedError
        The file cannot be read, has no polygons, no names, or no coordinate system.
    """
    frame = read_polygons(path, crs=crs)
    names = frame[_name_column(frame, path, name_column)].astype(str)
    geometry = frame.geometry.to_crs(SRID)
    return [
        _mended(name, shape, path)
        for name, shape in zip(names, geometry, strict=True)
        if shape is not None and not shape.is_empty
    ]


def read_polygons(path: Path, *, crs: str | None = None) -> gpd.GeoDataFrame:
    """A file of polygons as it is, in its own coordinate system; ``crs`` where it says none.

    Raises
    ------
    RefusedError
        The file cannot be read, has no polygons, or no coordinate system.
    """
    try:
        frame = pyogrio.read_dataframe(path)
    except (DataSourceError, DataLayerError) as error:
        raise RefusedError(f"{path} cannot be read as a map file: {error}") from None
    if not isinstance(frame, gpd.GeoDataFrame):
        raise RefusedError(f"{path} has no geometry: give a file of polygons")
    kinds = set(frame.geometry.dropna().geom_type)
    if not kinds or not kinds <= {"Polygon", "MultiPolygon"}:
        raise RefusedError(f"{path} holds {', '.join(sorted(kinds)) or 'nothing'}: give polygons")
    if frame.crs is None and crs is None:
        raise RefusedError(
            f"{path} does not say its coordinate system: give --crs, for example EPSG:27700"
        )
    return frame.set_crs(crs) if frame.crs is None else frame


def _name_column(frame: gpd.GeoDataFrame, path: Path, wanted: str | None) -> str:
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    if wanted is not None:
        if wanted in columns:
            return wanted
        raise RefusedError(f"{path} has no column {wanted!r}; it has {', '.join(columns)}")
    for column in columns:
        lower = column.lower()
        if lower in NAME_COLUMNS or (lower.startswith("wd") and lower.endswith("nm")):
            return column
    raise RefusedError(
        f"{path}: which column holds the names? Give --name-column, one of {', '.join(columns)}"
    )


def _mended(name: str, shape: BaseGeometry, path: Path) -> Area:
    if shape.is_valid:
        return Area(name, shape)
    parts = shapely.get_parts(shapely.make_valid(shape))
    polygons = [p for p in parts if p.geom_type in {"Polygon", "MultiPolygon"} and p.area > 0]
    if not polygons:
        raise RefusedError(f"{path}: {name} collapses to lines when mended: draw it again")
    whole = shapely.union_all(polygons)
    return Area(name, whole, float(np.float64(whole.area) - shape.area))
