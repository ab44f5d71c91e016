"""What a run keeps for its map: the risk surface, and how many incidents each cell has."""

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.core.types import SRID
from geodata.detections import Grid
from hotspots.core.frames import coordinates
from hotspots.forecast.intensity import SurfaceParams, risk_surface

SURFACE, DENSITY = "surface", "incidents"
CELL_M = 100.0


def surface_grid(incidents: gpd.GeoDataFrame, area: gpd.GeoDataFrame, as_of: datetime) -> Grid:
    """``expected_per_day`` of each cell, as `hotspots.forecast.intensity.risk_surface` has it."""
    params = SurfaceParams()
    cells = risk_surface(incidents, area, as_of=as_of, params=params)
    west, south = cells.bounds[["minx", "miny"]].to_numpy().T
    rates = cells["expected_per_day"].tolist()
    return Grid(params.cell_size_m, west.tolist(), south.tolist(), rates)


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
