"""The borough and its wards, from any polygon file: what a new store begins with."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.core.errors import RefusedError
from geodata.core.geography import GREAT_BRITAIN
from geodata.core.mending import MOST_CROSSINGS, about_crossings, is_tangled
from geodata.core.types import SRID
from geodata.files.columns import ons_column, plain
from geodata.files.map_files import on_the_grid, read_map
from geodata.files.problems import FileRefusedError

NAME_COLUMNS = ("name", "ward", "ward name", "wardname", "area", "area name", "borough", "district")
"""Plain names of a name column; the ONS writes WD23NM, LAD24NM and so on besides."""


@dataclass(frozen=True)
class Area:
    """One named polygon in EPSG:27700, mended where its rings crossed."""

    name: str
    geometry: BaseGeometry
    mended_m2: float | None = None
    """Change of area by mending, None where nothing was mended."""


def read_areas(
    path: Path,
    *,
    name_column: str | None = None,
    crs: str | None = None,
    layer: str | None = None,
) -> list[Area]:
    """Named polygons of a file, in British National Grid.

    Parameters
    ----------
    path
        Anything GDAL reads: GeoJSON, GeoPackage, Shapefile (also zipped).
    name_column
        Column of the names; found by its usual names where None.
    crs
        Coordinate system such as EPSG:27700, whatever the file says of it.
    layer
        Which one, of a file with several.

    Raises
    ------
    FileRefusedError
        The file cannot be read, or has no coordinate system.
    RefusedError
        It has no polygons or no names, or lies outside Great Britain.
    """
    frame = read_polygons(path, crs=crs, layer=layer)
    shapes = on_the_grid(frame.geometry, SRID)
    _refuse_elsewhere(shapes, path)
    names = frame[_name_column(frame, path, name_column)].astype(object)
    nameless = names.isna() & ~shapely.is_missing(shapes.to_numpy())
    if nameless.any():
        raise RefusedError(f"{path}: polygon {int(nameless.argmax()) + 1} has no name: give it one")
    areas = [
        _mended(str(name), shape, path)
        for name, shape in zip(names, shapes, strict=True)
        if shape is not None and not shape.is_empty
    ]
    _refuse_interwoven(np.array([area.geometry for area in areas]), path)
    return areas


def read_polygons(
    path: Path, *, crs: str | None = None, layer: str | None = None
) -> gpd.GeoDataFrame:
    """A file of polygons as it is, in its own coordinate system or in ``crs``.

    Raises
    ------
    FileRefusedError
        The file cannot be read, or has no coordinate system.
    RefusedError
        It has no polygons.
    """
    frame = read_map(path, crs=crs, layer=layer)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise RefusedError(f"{path} has no geometry: give a file of polygons")
    kinds = set(frame.geometry.dropna().geom_type)
    if not kinds or not kinds <= {"Polygon", "MultiPolygon"}:
        raise RefusedError(f"{path} holds {', '.join(sorted(kinds)) or 'no shapes'}: give polygons")
    return frame


def _refuse_elsewhere(shapes: gpd.GeoSeries, path: Path) -> None:
    min_x, min_y, max_x, max_y = shapes.total_bounds
    west, south, east, north = GREAT_BRITAIN.bounds
    if min_x < west or min_y < south or max_x > east or max_y > north:
        raise FileRefusedError(
            f"{path} reaches from {min_x:.0f}, {min_y:.0f} to {max_x:.0f}, {max_y:.0f} on the "
            "National Grid, outside Great Britain: is the system right that it names?",
            in_shell="give --crs if they are of another system",
        )


def _name_column(frame: gpd.GeoDataFrame, path: Path, wanted: str | None) -> str:
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    if wanted is not None:
        if wanted in columns:
            return wanted
        raise RefusedError(f"{path} has no column {wanted!r}; it has {', '.join(columns)}")
    filled = [column for column in columns if not _is_blank(frame[column])]  # a KML's own Name
    for those in (filled, columns):
        known = next((column for column in those if plain(column) in NAME_COLUMNS), None)
        names = known or ons_column(those, "nm")
        if names is not None:
            return names
    raise RefusedError(
        f"{path}: which column holds the names? Give --name-column, one of {', '.join(columns)}"
    )


def _is_blank(names: pd.Series) -> bool:
    return bool((names.isna() | (names.astype(str).str.strip() == "")).all())


def _mended(name: str, shape: BaseGeometry, path: Path) -> Area:
    if shape.is_valid:
        return Area(name, shape)
    if is_tangled(shape):
        raise RefusedError(
            f"{path}: {name} crosses itself about {about_crossings(shape):,} times: draw it again"
        )
    parts = shapely.get_parts(shapely.make_valid(shape))
    polygons = [p for p in parts if p.geom_type in {"Polygon", "MultiPolygon"} and p.area > 0]
    if not polygons:
        raise RefusedError(f"{path}: {name} collapses to lines when mended: draw it again")
    union = shapely.union_all(polygons)
    return Area(name, union, float(np.float64(union.area) - shape.area))


def _refuse_interwoven(shapes: np.ndarray, path: Path) -> None:
    """Each may be valid, and all of them together be more than can be merged."""
    if (crossings := about_crossings(shapes)) > MOST_CROSSINGS:
        raise RefusedError(
            f"{path}: its shapes cross each other about {crossings:,} times: draw it again"
        )


def read_outline(path: Path) -> BaseGeometry:
    """All polygons of a file as one multipolygon in British National Grid, mended.

    Raises
    ------
    RefusedError
        The file cannot be read, has no polygons or no coordinate system, or lies elsewhere.
    """
    shapes = on_the_grid(read_polygons(path).geometry, SRID).dropna()
    _refuse_elsewhere(shapes, path)
    mended = np.array([_mended(path.name, shape, path).geometry for shape in shapes])
    _refuse_interwoven(mended, path)
    union = shapely.union_all(mended)
    return shapely.multipolygons(shapely.get_parts(union))
