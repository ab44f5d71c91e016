"""Getis and Ord's local statistic, for maps.

Its normal p-values do not hold at a borough's counts: under nothing but chance, at 0.01 incidents
a cell, "5 %" finds a hotspot every time (METHOD.md section 3). Draw it, rank by it, and decide by
``hotspots.scan``.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.special import ndtr

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.frames import check_metres

CAVEAT = (
    "Gi* compares each place with the normal curve, which does not hold where cells have few "
    "incidents: chance alone gives places with p < 0.05. It ranks places; it flags none."
)
QUEEN = np.array([1, 1, 1])
"""Half-width, in cells, of each row of the neighbourhood of eight and the cell itself."""
_TOLERANCE = 1e-6
"""Sides may differ, and a neighbour be farther than the radius, by this share: rounding."""
_OFF_LATTICE = 1e-3
"""Cells may be off their common lattice by this share of their side."""


def local_getis_ord(
    cells: gpd.GeoDataFrame,
    *,
    radius_m: float | None = None,
    column: str = "count",
    star: bool = True,
) -> pd.DataFrame:
    """Gi* of the incident count in each cell.

    Parameters
    ----------
    cells
        n squares of one size on one lattice, gaps allowed; projected CRS in metres; ``column`` is
        numeric without nulls.
    radius_m
        Cells whose centres lie within this distance are neighbours; the eight that touch where
        None. The cell itself is one of them (the star).
    star
        False leaves the cell itself out of its neighbours, its mean and its variance: Gi.

    Returns
    -------
    DataFrame
        n rows on ``cells.index``: ``gi_star`` (or ``gi``), a standard normal deviate, and
        ``p_value``, two-sided, in (0, 1]; both NaN where nothing varies, or where all cells or
        none are neighbours. ``attrs["caveat"]`` says what the p-value is not.

    Raises
    ------
    FrameError, CRSError
        CRS missing or geographic; column missing, not numeric or with nulls; not such squares.
    ParameterError
        ``radius_m`` is not above 0.

    References
    ----------
    Ord and Getis (1995), Geographical Analysis 27(4), 286-306, equations 14 and 15.

    Examples
    --------
    >>> line = [shapely.box(x, 0, x + 50, 50) for x in (0, 50, 100)]
    >>> cells = gpd.GeoDataFrame({"count": [4, 1, 1]}, geometry=line, crs=27700)
    >>> local_getis_ord(cells)["gi_star"].round(4).tolist()
    [0.7071, nan, -1.4142]
    """
    values = _values(cells, column)
    row, column_number, size_m = _lattice(cells)
    reach = QUEEN if radius_m is None else disc_reach(radius_m, size_m)
    shape = (int(row.max(initial=0)) + 1, int(column_number.max(initial=0)) + 1)
    inside, grid = np.zeros(shape, dtype=bool), np.zeros(shape)
    inside[row, column_number] = True
    if inside.sum() < len(cells):
        raise FrameError(f"cells: {len(cells) - inside.sum()} lie on top of another one")
    grid[row, column_number] = values
    z = getis_ord_deviates(grid, inside, reach, star=star)[row, column_number]
    p = np.maximum(2 * ndtr(-np.abs(z)), np.finfo(float).tiny)
    result = pd.DataFrame({"gi_star" if star else "gi": z, "p_value": p}, index=cells.index)
    result.attrs["caveat"] = CAVEAT
    return result


def getis_ord_deviates(
    values: np.ndarray, inside: np.ndarray, reach: np.ndarray, *, star: bool = True
) -> np.ndarray:
    """Gi* (Gi where ``star`` is false) of the inside cells of a grid; NaN where it is undefined.

    Parameters
    ----------
    values
        (rows, columns), 0 outside.
    inside
        (rows, columns) bool.
    reach
        (2 k + 1,) half-width in cells of each row of the neighbourhood, from k rows below to k
        rows above.
    """
    n = int(inside.sum())
    near = neighbourhood_sums(inside.astype(float), reach)
    held = neighbourhood_sums(values, reach)
    total, squares = values.sum(), (values**2).sum()
    if not star:  # a place is left out of everything that it is compared with
        near, held, n = near - inside, held - values, n - 1
        total, squares = total - values, squares - values**2
    # With W = near (weights are 0 or 1, so that their squares sum to W too), x̄ and s of n cells:
    #     Gi* = (Σ w x - x̄ W) / (s √((n W - W²) / (n - 1)))   Ord and Getis (1995)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        variance = squares / n - mean**2
        # Equal values leave rounding alone, a share of some 1e-16 of the square of the mean.
        variance = np.where(variance > 1e-12 * mean**2, variance, np.nan)
        spread = np.sqrt(variance * np.maximum(n * near - near**2, 0) / (n - 1))
        return np.where(inside & (spread > 0), (held - mean * near) / spread, np.nan)


def neighbourhood_sums(values: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """(rows, columns) sum over each cell's neighbourhood, cells beyond the grid being 0.

    Running sums along the rows make it one difference for each row of the neighbourhood, however
    wide; whole numbers stay exact.
    """
    rows, columns = values.shape
    running = np.pad(values.cumsum(axis=1), ((0, 0), (1, 0)))
    result = np.zeros(values.shape)
    at = np.arange(columns)
    k = len(reach) // 2
    for width in sorted(set(reach.tolist())):
        strip = (
            running[:, np.minimum(at + width + 1, columns)] - running[:, np.maximum(at - width, 0)]
        )
        for dy in (np.flatnonzero(reach == width) - k).tolist():
            low, high = max(0, dy), min(rows, rows + dy)
            if low < high:
                result[low - dy : high - dy] += strip[low:high]
    return result


def disc_reach(radius_m: float, size_m: float) -> np.ndarray:
    """Half-width in cells of each row of the cells whose centres lie within a radius."""
    if not radius_m > 0:
        raise ParameterError(f"radius_m is {radius_m}: it must be above 0")
    radius = radius_m / size_m * (1 + _TOLERANCE)  # a centre at exactly the radius is within it
    dy = np.arange(-int(radius), int(radius) + 1)
    return np.asarray(np.floor(np.sqrt(radius**2 - dy**2)), dtype=int)


def _values(cells: gpd.GeoDataFrame, column: str) -> np.ndarray:
    check_metres(cells, name="cells")
    if column not in cells.columns:
        raise FrameError(f"cells: column {column!r} is missing")
    if not pd.api.types.is_numeric_dtype(cells[column]):
        raise FrameError(f"cells: column {column!r} is {cells[column].dtype}: give numbers")
    values = np.asarray(cells[column].to_numpy(dtype=float, na_value=np.nan))
    if not np.isfinite(values).all():
        raise FrameError(f"cells: column {column!r} has {(~np.isfinite(values)).sum()} nulls")
    return values


def _lattice(cells: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray, float]:
    """Row and column of each square on its common lattice, and the side of a square in metres."""
    geometry = np.asarray(cells.geometry)
    if len(geometry) == 0:
        return np.empty(0, dtype=int), np.empty(0, dtype=int), 1.0
    left, bottom, right, top = shapely.bounds(geometry).T
    size = float(right[0] - left[0])
    with np.errstate(invalid="ignore", divide="ignore"):
        place = np.column_stack([bottom - bottom.min(), left - left.min()]) / size
        off = (
            np.column_stack([right - left, top - bottom, shapely.area(geometry) / size]) / size - 1
        )
        is_square = (np.abs(off) <= _TOLERANCE).all(axis=1)
        is_square &= (np.abs(place - np.rint(place)) <= _OFF_LATTICE).all(axis=1)
    if not is_square.all():
        raise FrameError(
            f"cells: {(~is_square).sum()} are no squares of one size on one lattice, "
            f"first at index {cells.index[is_square.argmin()]!r}"
        )
    row, column = np.rint(place).astype(int).T
    return row, column, size
