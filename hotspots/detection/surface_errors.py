"""How well a risk surface is known: it rests on few incidents, and others might as well have come.

With the weights taken as they were learnt, a cell's rate is a sum over incidents i of what each
puts there, c_i(x) = Σ_s b_si K_s(x, x_i) over the widths s. Where incidents come by chance, like a
Poisson process, the variance of such a sum is estimated by Σ_i c_i(x)² (Campbell's theorem). The
square is multiplied out, and a product of two Gaussians is filtered like one:

    Σ_i c_i(x)²  =  Σ_s Σ_s' Σ_i b_si b_s'i K_s(x, x_i) K_s'(x, x_i)

Source: Diggle (2013), Statistical Analysis of Spatial and Spatio-Temporal Point Patterns, 3rd ed.,
section 5.3; Kingman (1993), Poisson Processes, section 3.2.
"""

import itertools
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.ndimage import correlate1d
from scipy.stats import gamma

from hotspots.core.frames import aware_utc, coordinates

REACH = 4.0
"""Kernels end at so many standard deviations, as the surface's do."""
LIKELY = 0.9
"""Chance that is given to what is called likely."""


def surface_errors(
    incidents: gpd.GeoDataFrame,
    surface: gpd.GeoDataFrame,
    *,
    as_of: datetime | pd.Timestamp | str,
    months: int = 24,
) -> pd.Series:
    """Standard error of the expected incidents a day in each cell.

    What is known of the weights is not in it, nor that one party may leave several incidents: it
    is rather too small than too large.

    Parameters
    ----------
    incidents, as_of, months
        What the surface was learnt from: points with ``first_reported_at``, in its CRS.
    surface
        Of `hotspots.forecast.risk_surface`, its ``attrs`` included.

    Returns
    -------
    Series
        Incidents per cell and day, ≥ 0, on the surface's index.
    """
    if surface.empty:
        return pd.Series([], surface.index, dtype=float, name="standard_error")
    row, column, size_m, corner = _grid(surface)
    inside = np.zeros((row.max() + 1, column.max() + 1))
    inside[row, column] = 1
    cell, age_days = _past(incidents, inside, size_m, corner, aware_utc(as_of), months)
    widths = _by_width(surface.attrs["weights"], age_days)
    taps = {scale_m: _taps(scale_m / size_m) for scale_m in widths}
    for scale_m, weight in widths.items():  # an edge gives back what would fall outside
        widths[scale_m] = weight / _filtered(inside, taps[scale_m]).ravel()[cell]
    variance = np.zeros(inside.shape)
    for one, other in itertools.product(widths, repeat=2):
        held = np.bincount(cell, widths[one] * widths[other], inside.size).reshape(inside.shape)
        variance += _filtered(held, _product(taps[one], taps[other]))
    error = surface.attrs["per_day"] * np.sqrt(np.maximum(variance[row, column], 0))
    return pd.Series(error, surface.index, name="standard_error")


def likely_range(expected: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Between which rates the truth likely lies, 90 %: the gamma with this mean and error.

    Examples
    --------
    >>> low, high = likely_range(np.array([4.0, 4.0]), np.array([2.0, 0.0]))
    >>> low.round(2).tolist(), high.round(2).tolist()  # χ² of 8 degrees, halved: 1.37 and 7.75
    ([1.37, 4.0], [7.75, 4.0])
    """
    expected, error = np.asarray(expected, dtype=float), np.asarray(error, dtype=float)
    known = (error > 0) & (expected > 0)
    shape = np.where(known, expected, 1.0) ** 2 / np.where(known, error, 1.0) ** 2
    scale = np.where(known, expected, 1.0) / shape
    tails = (1 - LIKELY) / 2, (1 + LIKELY) / 2
    low, high = (np.where(known, gamma.ppf(tail, shape, scale=scale), expected) for tail in tails)
    return low, high


def _grid(surface: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray, float, np.ndarray]:
    """Row and column of each cell, their side, and the grid's south-western corner."""
    west, south, east, _ = surface.bounds.to_numpy().T
    size_m = float(east[0] - west[0])
    corner = np.array([west.min(), south.min()])
    row, column = (np.rint((axis - axis.min()) / size_m).astype(int) for axis in (south, west))
    return row, column, size_m, corner


def _past(
    incidents: gpd.GeoDataFrame,
    inside: np.ndarray,
    size_m: float,
    corner: np.ndarray,
    now: pd.Timestamp,
    months: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Flat cell and age in days of each incident that the surface was learnt from."""
    reported = incidents["first_reported_at"]
    is_past = ((reported > now - pd.DateOffset(months=months)) & (reported <= now)).to_numpy()
    past = incidents[is_past]
    column, row = np.floor((coordinates(past) - corner) / size_m).astype(int).T
    rows, columns = inside.shape
    on_grid = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    row, column = np.where(on_grid, row, 0), np.where(on_grid, column, 0)
    kept = on_grid & (inside[row, column] > 0)
    age = ((now - past["first_reported_at"]) / pd.Timedelta(days=1)).to_numpy(dtype=float)
    return (row * columns + column)[kept], age[kept]


def _by_width(
    weights: dict[tuple[float, float], float], age_days: np.ndarray
) -> dict[float, np.ndarray]:
    """(n,) weight of each incident by kernel width, over all half-lives; flat ground has none."""
    by_width: dict[float, np.ndarray] = {}
    for (scale_m, half_life_days), share in weights.items():
        if np.isfinite(scale_m) and len(age_days):
            fading = np.exp2(-(age_days - age_days.min()) / half_life_days)
            by_width[scale_m] = by_width.get(scale_m, 0.0) + share * fading / fading.sum()
    return by_width


def _taps(sigma: float) -> np.ndarray:
    """A Gaussian along a line of cells, summing to 1; its middle is the cell itself."""
    reach = int(REACH * sigma + 0.5)
    across = np.arange(-reach, reach + 1)
    weight = np.exp(-(across**2) / (2 * sigma**2)) if sigma > 0 else np.ones(1)
    return np.asarray(weight / weight.sum())


def _product(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Two Gaussians multiplied cell by cell, as far as the narrower one reaches."""
    reach = min(len(one), len(other)) // 2
    middle = [taps[len(taps) // 2 - reach : len(taps) // 2 + reach + 1] for taps in (one, other)]
    return np.asarray(middle[0] * middle[1])


def _filtered(values: np.ndarray, taps: np.ndarray) -> np.ndarray:
    along = correlate1d(values, taps, axis=0, mode="constant")
    return np.asarray(correlate1d(along, taps, axis=1, mode="constant"))
