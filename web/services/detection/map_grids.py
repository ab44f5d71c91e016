"""What a run keeps for its map: the risk surface, how well it is known, and incidents by cell."""

from datetime import datetime
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.core.types import SRID
from geodata.detections import Grid
from hotspots.core.frames import coordinates
from hotspots.detection.surface_errors import surface_errors
from hotspots.forecast.intensity import SurfaceParams, risk_surface
from hotspots.forecast.other_knowledge import OtherKnowledge

SURFACE, SURFACE_ERROR, DENSITY = "surface", "surface_error", "incidents"
SURFACE_COLUMNS = {SURFACE: "expected_per_day", SURFACE_ERROR: "standard_error"}
CELL_M = 100.0


class Surfaces(NamedTuple):
    """Of each cell ``expected_per_day`` and its standard error; and what was learnt of covariates,
    as `hotspots.forecast.intensity.explained_terrain`."""

    grids: dict[str, Grid]
    learnt: dict[str, Any] | None


def surface_grids(
    incidents: gpd.GeoDataFrame, area: gpd.GeoDataFrame, as_of: datetime, others: OtherKnowledge
) -> Surfaces:
    """As `surface_cells` has them."""
    cells = surface_cells(incidents, area, as_of, others)
    west, south = cells.bounds[["minx", "miny"]].to_numpy().T
    size_m, x, y = SurfaceParams().cell_size_m, west.tolist(), south.tolist()
    grids = {
        name: Grid(size_m, x, y, cells[column].tolist()) for name, column in SURFACE_COLUMNS.items()
    }
    return Surfaces(grids, cells.attrs["covariates"])


def surface_cells(
    incidents: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    as_of: datetime,
    others: OtherKnowledge | None = None,
) -> gpd.GeoDataFrame:
    """The risk surface's ``expected_per_day`` and its ``standard_error`` in each cell."""
    params = SurfaceParams()
    cells = risk_surface(incidents, area, as_of=as_of, params=params, others=others)
    error = surface_errors(incidents, cells, as_of=as_of, months=params.months)
    kept = cells[["expected_per_day", "geometry"]].assign(standard_error=error)
    kept.attrs = cells.attrs
    return kept


def density_grid(incidents: gpd.GeoDataFrame) -> Grid:
    """How many incidents each cell has; those without any are left out."""
    return _counted(np.floor(coordinates(incidents) / CELL_M) * CELL_M, None, CELL_M)


def coarser(grid: Grid, most: int) -> Grid:
    """The same counts in no more than so many cells."""
    while len(grid.figures) > most:
        size = grid.size_m * 2
        corners = np.floor(np.c_[grid.x, grid.y] / size) * size
        grid = _counted(corners, np.asarray(grid.figures), size)
    return grid


def within(grid: Grid, box: shapely.Geometry) -> Grid:
    """The cells that a box touches."""
    west, south, east, north = box.bounds
    x, y = np.asarray(grid.x), np.asarray(grid.y)
    touches = (x + grid.size_m >= west) & (x <= east) & (y + grid.size_m >= south) & (y <= north)
    rows = np.flatnonzero(touches)
    figures = [grid.figures[row] for row in rows]
    return Grid(grid.size_m, x[rows].tolist(), y[rows].tolist(), figures)


def cells(grid: Grid, name: str) -> gpd.GeoDataFrame:
    """A grid as squares with one column."""
    x, y = np.asarray(grid.x, dtype=float), np.asarray(grid.y, dtype=float)
    squares = shapely.box(x, y, x + grid.size_m, y + grid.size_m)
    return gpd.GeoDataFrame({name: grid.figures}, geometry=squares, crs=SRID)


def squares(points: gpd.GeoDataFrame, is_marked: pd.Series, most: int) -> gpd.GeoDataFrame:
    """How many points (``incidents``) and how many marked ones (``marked``) lie in each square; as
    small as gives no more than so many squares."""
    xy, size_m = coordinates(points), CELL_M
    while True:
        table = pd.DataFrame(np.floor(xy / size_m) * size_m, columns=["x", "y"])
        table["incidents"], table["marked"] = 1, is_marked.to_numpy(dtype=int)
        sums = table.groupby(["x", "y"], as_index=False).sum()
        if len(sums) <= most:
            break
        size_m *= 2
    shapes = shapely.box(sums["x"], sums["y"], sums["x"] + size_m, sums["y"] + size_m)
    return gpd.GeoDataFrame(sums[["incidents", "marked"]], geometry=shapes, crs=SRID)


def _counted(corners: np.ndarray, amounts: np.ndarray | None, size_m: float) -> Grid:
    table = pd.DataFrame(corners.reshape(-1, 2), columns=["x", "y"])
    table["figures"] = 1 if amounts is None else amounts
    sums = table.groupby(["x", "y"], as_index=False)["figures"].sum()
    return Grid(size_m, sums["x"].tolist(), sums["y"].tolist(), sums["figures"].tolist())
