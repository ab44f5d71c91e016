"""Square cells over a study area, aligned to whole multiples of the cell size.

Alignment to ``floor(coordinate / cell)`` makes the cells of two runs, two areas or two methods
the same cells (METHOD.md section 2).
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.core.errors import ParameterError

MOST_CELLS = 100_000_000
"""Of a grid's whole rectangle: beyond it a machine's memory ends."""


@dataclass(frozen=True, eq=False)
class SquareGrid:
    """Square cells; ``inside`` marks those that belong to the study area.

    Attributes
    ----------
    column0, row0
        Integer cell indices of the lower-left cell: its corner is (column0, row0) × cell_size_m.
    cell_size_m
        Side of a cell in metres.
    inside
        (rows, columns) bool, row 0 southmost.
    """

    column0: int
    row0: int
    cell_size_m: float
    inside: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.inside.shape
        return rows, columns

    def locate(self, xy: np.ndarray) -> np.ndarray:
        """Flat cell index of each of (n, 2) points; -1 off the grid. A point on an edge belongs to
        the cell above or to the right."""
        rows, columns = self.shape
        column, row = (
            np.floor(xy / self.cell_size_m).astype(np.int64) - (self.column0, self.row0)
        ).T
        on_grid = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        return np.where(on_grid, row * columns + column, -1)

    def count(self, xy: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """(rows, columns) float64 sum of the weights of the points in each cell.

        Points off the grid are left out.
        """
        cell = self.locate(xy)
        kept = cell >= 0
        chosen = None if weights is None else weights[kept]
        return np.bincount(cell[kept], chosen, self.inside.size).astype(float).reshape(self.shape)

    def centres(self) -> np.ndarray:
        """(n inside, 2) coordinates of the centres of the inside cells, in metres, row by row."""
        row, column = np.nonzero(self.inside)
        return (np.column_stack([column + self.column0, row + self.row0]) + 0.5) * self.cell_size_m

    def polygons(self, crs: object) -> gpd.GeoSeries:
        """The inside cells as squares, row by row."""
        half = self.cell_size_m / 2
        x, y = self.centres().T
        return gpd.GeoSeries(shapely.box(x - half, y - half, x + half, y + half), crs=crs)


def square_grid(
    area: BaseGeometry, cell_size_m: float, *, events: np.ndarray | None = None
) -> SquareGrid:
    """Cells whose centre lies in the area, and every cell that holds an event.

    Parameters
    ----------
    area
        Polygon or multipolygon, metres.
    cell_size_m
        Side of a cell, > 0.
    events
        (n, 2) points whose cells belong to the study area wherever they lie.

    Raises
    ------
    ParameterError
        The cell size is not above 0, or far too small for such an area.
    """
    if not cell_size_m > 0:
        raise ParameterError(f"cell_size_m is {cell_size_m}: it must be above 0")
    boxes = [np.asarray(area.bounds).reshape(2, 2)]
    if events is not None and len(events):
        boxes.append(events)
    points = np.concatenate(boxes)
    column0, row0 = np.floor(points.min(axis=0) / cell_size_m).astype(int)
    column1, row1 = np.floor(points.max(axis=0) / cell_size_m).astype(int)
    if (rows := row1 - row0 + 1) * (columns := column1 - column0 + 1) > MOST_CELLS:
        raise ParameterError(
            f"cell_size_m is {cell_size_m}: {rows} x {columns} cells are too many; take larger "
            "cells, or leave out points that lie far from the others"
        )
    empty = np.zeros((rows, columns), dtype=bool)
    grid = SquareGrid(int(column0), int(row0), float(cell_size_m), ~empty)
    shapely.prepare(area)
    inside = shapely.contains_xy(area, grid.centres()).reshape(empty.shape)
    if events is not None:
        inside |= grid.count(events) > 0
    return SquareGrid(int(column0), int(row0), float(cell_size_m), inside)
