"""Points in boxes of square cells, from one cumulative sum: bounds on what discs can hold.

A disc about any point of a cell lies inside a box of cells about it. The boxes of a million points
cost four look-ups each, so that the discs that cannot matter need not be counted.

    T(y, x) = points in cells south of y and west of x          north ┌───────┐
    box     = T(north, east) - T(south, east)                         │  box  │
              - T(north, west) + T(south, west)                 south └───────┘
                                                                    west    east
Source: the summed-area table of Crow (1984), SIGGRAPH Computer Graphics 18(3), 207-212.
"""

import numpy as np


class BoxCounts:
    """Points summed over a grid, or over one grid a layer.

    Parameters
    ----------
    points
        (n, 2) metres, n ≥ 1.
    side_m
        Side of a cell, > 0.
    layer, layers
        (n,) int in 0 to layers - 1: points of different layers do not see each other.
    """

    def __init__(
        self,
        points: np.ndarray,
        side_m: float,
        layer: np.ndarray | None = None,
        layers: int = 1,
    ) -> None:
        self._side_m = side_m
        column, row = (np.floor((axis - axis.min()) / side_m).astype(np.int64) for axis in points.T)
        self._column, self._row = column, row
        self._layer = np.zeros(len(points), dtype=np.int64) if layer is None else layer
        width, height = int(column.max()) + 1, int(row.max()) + 1
        cell = (self._layer * height + row) * width + column
        counts = np.bincount(cell, minlength=layers * height * width)
        # A row and a column of zeros before the first cell: a box on the edge is no exception.
        total = np.zeros((layers, height + 1, width + 1), dtype=np.int32)
        counts.reshape(layers, height, width).cumsum(axis=1, out=total[:, 1:, 1:], dtype=np.int32)
        total.cumsum(axis=2, out=total)
        self._total = total

    def everywhere(self, reach_m: float) -> np.ndarray:
        """(layers, rows, columns) of each cell what `within` says of a point in it."""
        reach = int(np.ceil(reach_m / self._side_m))
        # Beyond the edges nothing is added to the sums.
        sums = np.pad(self._total, ((0, 0), (reach, reach), (reach, reach)), mode="edge")
        across = 2 * reach + 1
        band = sums[:, across:] - sums[:, :-across]
        return np.asarray(band[:, :, across:] - band[:, :, :-across])

    def at_points(self, cells: np.ndarray) -> np.ndarray:
        """(n,) of each point what (layers, rows, columns) hold for its cell."""
        return np.asarray(cells[self._layer, self._row, self._column])

    def within(self, reach_m: float) -> np.ndarray:
        """(n,) points of the cells that a disc of this radius about each point may touch, or more
        of them; never fewer points than the disc holds."""
        reach = int(np.ceil(reach_m / self._side_m))
        _, height, width = self._total.shape
        south, north = (
            np.maximum(self._row - reach, 0),
            np.minimum(self._row + reach + 1, height - 1),
        )
        west = np.maximum(self._column - reach, 0)
        east = np.minimum(self._column + reach + 1, width - 1)
        at, layer = self._total, self._layer
        beyond = at[layer, north, west] + at[layer, south, east] - at[layer, south, west]
        return np.asarray(at[layer, north, east] - beyond)
