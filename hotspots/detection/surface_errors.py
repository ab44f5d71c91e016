"""How well a risk surface is known: it rests on few incidents, and others might as well have come.

By the law of total variance, with the experts k trusted by w_k, and μ the surface:

    Var(x)  =  the sampling variance of what all say together  +  Σ_k w_k (μ_k(x) - μ(x))²

The first is told by what each incident adds (`sampling_variance`). The second is how far the
experts differ: other incidents would have others of them trusted. μ is as shown, so that it holds
what putting the cells in order changes.

Source: Diggle (2013), Statistical Analysis of Spatial and Spatio-Temporal Point Patterns, 3rd ed.,
section 5.3; Hoeting, Madigan, Raftery and Volinsky (1999), Bayesian Model Averaging: A Tutorial,
Statistical Science 14(4), 382-417, equation 3.
"""

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.stats import gamma

from hotspots.core.frames import aware_utc, coordinates
from hotspots.detection.sampling_variance import sampling_variance
from hotspots.forecast.intensity import recent_rates

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

    That one party may leave several incidents is not in it, nor what is not known of the kernels'
    weights within an expert: it is rather too small than too large.

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
    now = aware_utc(as_of)
    cell, age_days = _past(incidents, inside, size_m, corner, now, months)
    variance = surface["spread_per_day"].to_numpy() ** 2
    per_day, weights = surface.attrs["per_day"], surface.attrs["weights"]
    if per_day > 0:
        of_rate = recent_rates(-age_days, now, months) / per_day
        given = np.zeros(inside.shape)
        given[row, column] = surface["given_per_day"] / per_day
        sampled = sampling_variance(inside, cell, age_days, of_rate, weights, size_m, given)
        variance = variance + per_day**2 * np.maximum(sampled[row, column], 0)
    return pd.Series(np.sqrt(variance), surface.index, name="standard_error")


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
