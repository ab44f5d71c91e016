"""Map files (GeoJSON, GeoPackage, KML, Shapefile, …) as frames in their own coordinate system."""

import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj
import shapely
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError

from geodata.files.bounds import MOST_CELLS, MOST_COLUMNS, refuse_many
from geodata.files.map_opener import opened_map
from geodata.files.problems import FileRefusedError, no_map

MOST_CORNERS = 500_000
"""Of one shape: every place of a report is held against each."""
MOST_LAYERS = 100
"""To see which of them has rows, the file is opened once for each."""


def read_map(path: Path, *, layer: str | None = None, crs: str | None = None) -> pd.DataFrame:
    """One layer of a map file; a plain frame where the layer has no geometry.

    Parameters
    ----------
    layer
        Which one; the only one with geometry where None.
    crs
        Coordinate system of the coordinates, whatever the file says of them.

    Raises
    ------
    FileRefusedError
        It is no map file, is too big, has a shape of too many corners, several layers could be
        meant, or it has no coordinate system.
    """
    system = None if crs is None else coordinate_system(crs)
    if not path.is_file():
        raise FileRefusedError(f"there is no file {path}")
    try:
        with opened_map(path, layer) as source, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what GDAL warns of shows in the rows themselves
            chosen = layer or _only_layer(path, source)
            # as texts: a frame makes a time without a zone, beside one with a zone, UTC
            _refuse_many_cells(path, source, chosen)
            frame = pyogrio.read_dataframe(source, layer=chosen, datetime_as_string=True)
    except FileRefusedError:
        raise
    except (RuntimeError, ValueError, TypeError, ShapelyError) as error:
        reason = str(error).split("; It might help")[0]
        raise no_map(path.name, reason) from None
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    _refuse_many_corners(path, frame.geometry)
    if system is not None:
        return frame.set_crs(system, allow_override=True)
    if frame.crs is None:
        raise FileRefusedError(
            f"{path.name} does not say its coordinate system (a Shapefile needs its .prj): save it "
            "with its system",
            in_shell="or give --crs, for example EPSG:27700",
        )
    return frame


def _refuse_many_cells(path: Path, source: str, layer: str | None) -> None:
    about = pyogrio.read_info(source, layer=layer)
    n_columns, n_rows = len(about["fields"]), max(0, about["features"])
    refuse_many(path.name, n_columns, MOST_COLUMNS, "columns")
    refuse_many(path.name, n_rows * (n_columns + 1), MOST_CELLS, "cells")


def _refuse_many_corners(path: Path, shapes: gpd.GeoSeries) -> None:
    """Refuse a shape that would take minutes to place."""
    corners = shapely.get_num_coordinates(shapes.to_numpy())
    if len(corners) and corners.max() > MOST_CORNERS:
        raise FileRefusedError(
            f"{path.name}: shape {int(corners.argmax()) + 1} has {corners.max():,} corners: "
            f"simplify it to {MOST_CORNERS:,} or fewer"
        )


def coordinate_system(text: str) -> pyproj.CRS:
    """The coordinate system that a user names.

    Raises
    ------
    FileRefusedError
        There is none of this name.
    """
    try:
        return pyproj.CRS(text)
    except CRSError:
        raise FileRefusedError(
            f"--crs {text}: there is no such coordinate system; write EPSG:27700 (National Grid) "
            "or EPSG:4326 (longitude, latitude)"
        ) from None


def on_the_grid(shapes: gpd.GeoSeries, srid: int) -> gpd.GeoSeries:
    """Shapes in another coordinate system, flat; those that it cannot take are missing."""
    flat = gpd.GeoSeries(shapely.force_2d(shapes.to_numpy()), index=shapes.index, crs=shapes.crs)
    moved = flat.to_crs(srid)
    return moved.where(shapely.is_missing(moved) | _is_finite(moved))


def _is_finite(shapes: gpd.GeoSeries) -> pd.Series:
    bounds = pd.DataFrame(shapely.bounds(shapes.to_numpy()), index=shapes.index)
    empty = shapely.is_empty(shapes.to_numpy())
    return (bounds.abs() < float("inf")).all(axis=1) | empty


def _only_layer(path: Path, source: str) -> str:
    layers = pyogrio.list_layers(source)
    names = [name for name, kind in layers if kind is not None] or [name for name, _ in layers]
    if not names:
        raise no_map(path.name, "it holds no layer")
    refuse_many(path.name, len(names), MOST_LAYERS, "layers")
    if len(names) > 1:
        names = [name for name in names if _has_rows(source, name)] or names
    if path.suffix.lower() == ".gpx" and "waypoints" in names:
        return "waypoints"  # what somebody marked; the tracks are where they walked
    if len(names) > 1:
        raise FileRefusedError(
            f"{path.name} has several layers ({', '.join(names)}): keep one of them in the file",
            in_shell=f"or give --layer {names[0]}, or another",
        )
    return str(names[0])


def _has_rows(source: str, layer: str) -> bool:
    """GPX has five layers, most of them empty."""
    return bool(pyogrio.read_info(source, layer=layer, force_feature_count=True)["features"])
