"""Which of many points lie in a study area."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

FEW = 5_000
"""Up to here the polygon is asked about each point."""
CELLS = 128
"""Along the longer side of the area's box, else."""


def lies_in(area: BaseGeometry, xy: np.ndarray) -> np.ndarray:
    """(n,) bool: whether each of (n, 2) points lies in the area or on its edge.

    Of many points only those in cells that the area's edge crosses are compared with it.
    """
    shapely.prepare(area)
    if len(xy) <= FEW:
        return np.asarray(shapely.intersects_xy(area, xy))
    low, high = np.reshape(area.bounds, (2, 2))
    side = max((high - low).max() / CELLS, 1e-9)
    column, row = np.clip(np.floor((xy - low) / side), -1, CELLS + 1).astype(np.int64).T
    width = CELLS + 3
    cell = (row + 1) * width + column + 1
    names, of = np.unique(cell, return_inverse=True)
    corner = low + (np.column_stack([names % width, names // width]) - 1) * side
    # A little larger than the cell, so that rounding cannot put a point beside its own cell.
    slack = side * 1e-6
    boxes = shapely.box(*(corner - slack).T, *(corner + side + slack).T)
    inside = shapely.contains(area, boxes)[of]
    on_edge = np.flatnonzero(~inside & shapely.intersects(area, boxes)[of])
    inside[on_edge] = shapely.intersects_xy(area, xy[on_edge])
    return np.asarray(inside)
