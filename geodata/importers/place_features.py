"""Files of places that a forecast may learn from: car parks and stations, homes and streets.

Nothing of them is stored.
"""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj
import shapely

from geodata.core.spatial import Box
from geodata.files import osm_extracts
from geodata.files.columns import Field, match_columns
from geodata.files.problems import FileRefusedError
from geodata.files.tables import Table, read_table
from geodata.importers.dated_points import PointOptions, table_points
from geodata.importers.kinds.exposure import WEIGHTS
from geodata.importers.kinds.features import KIND
from geodata.importers.where.number_texts import as_numbers

WEIGHT = Field("weight", WEIGHTS)


def read_covariates(
    path: Path, plane: pyproj.CRS, *, near: Box, crs: str | None = None
) -> gpd.GeoDataFrame:
    """Points, lines and polygons by ``kind``: a column of such a name, else the file's own name;
    of an extract of OpenStreetMap what dumping may be drawn to.

    Parameters
    ----------
    plane
        Coordinate system of the answer.
    near
        Of an extract this part alone is read, in the plane.
    crs
        Of the file, where it does not say its own.

    Raises
    ------
    FileRefusedError
        The file cannot be read, says of no row where it lies, or of none its kind.
    """
    if osm_extracts.is_extract(path):
        return _of_extract(path, plane, near)
    table, shapes = _shapes(path, plane, crs)
    header = match_columns([str(name) for name in table.rows], [KIND], {}).get(KIND.name)
    kinds = pd.Series(path.name.split(".")[0], shapes.index)
    if header is not None:
        kinds = table.rows.loc[shapes.index, header].astype(str)
        if (kinds == "").all():
            raise FileRefusedError(f"{path.name}: column {header!r}, of the kinds, is empty")
    is_kept = kinds != ""
    return gpd.GeoDataFrame({"kind": kinds[is_kept]}, geometry=shapes[is_kept], crs=plane)


def _of_extract(path: Path, plane: pyproj.CRS, near: Box) -> gpd.GeoDataFrame:
    features = osm_extracts.read_features(path, near, plane)
    if features.empty:
        raise FileRefusedError(
            f"{path.name} shows nothing about the events: is it the map of another county? "
            "Take the extract that holds them"
        )
    return features[["kind", "geometry"]].to_crs(plane)


def read_exposure(path: Path, plane: pyproj.CRS, *, crs: str | None = None) -> gpd.GeoDataFrame:
    """What is at risk: shapes, with ``weight`` where the file has a column of amounts.

    Raises
    ------
    FileRefusedError
        The file cannot be read, says of no row where it lies, or has an amount that is none.
    """
    table, shapes = _shapes(path, plane, crs)
    header = match_columns([str(name) for name in table.rows], [WEIGHT], {}).get(WEIGHT.name)
    frame = gpd.GeoDataFrame(geometry=shapes, crs=plane)
    if header is None:
        return frame
    texts = table.rows.loc[shapes.index, header]
    weights = as_numbers(texts)
    is_bad = ~((weights >= 0) & (weights < float("inf")))
    if is_bad.any():
        row = is_bad.idxmax()
        raise FileRefusedError(
            f"{path.name}, row {row}: {header} is {texts[row]!r}, which is no amount: write a "
            "number of 0 or more, such as 312"
        )
    return frame.assign(weight=weights.astype(float))


def _shapes(path: Path, plane: pyproj.CRS, crs: str | None) -> tuple[Table, gpd.GeoSeries]:
    """The file, and the shapes of the rows that have one, flat, in the plane."""
    table = read_table(path, crs=crs)
    if table.geometry is not None:
        shapes = table.geometry.force_2d()
    else:
        shapes, _ = table_points(table, PointOptions(crs=crs))
    moved = gpd.GeoSeries(shapely.make_valid(shapes.to_numpy()), shapes.index, crs=shapes.crs)
    moved = moved.to_crs(plane)
    bounds = pd.DataFrame(shapely.bounds(moved.to_numpy()), index=moved.index)
    moved = moved[(bounds.abs() < float("inf")).all(axis=1)]  # NaN where there is no shape
    if moved.empty:
        raise FileRefusedError(f"{path.name}: no row says where it lies")
    return table, moved
