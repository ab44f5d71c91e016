"""Where dumps were reported month by month, for the map that plays the record."""

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.detections import MonthSquares
from geodata.rules.days import LONDON
from hotspots.core.frames import coordinates

CELL_M = 100.0
MOST_SQUARES = 1_500
"""A telephone draws no more at once."""
MOST_MONTHS = 120


def month_squares(incidents: gpd.GeoDataFrame, as_of: datetime) -> MonthSquares:
    """Count incidents by square and London month of their first report, up to a moment.

    Squares are as small as gives no more than `MOST_SQUARES`; the last `MOST_MONTHS` months count.
    """
    last = _month_numbers(pd.Series([pd.Timestamp(as_of)]))[0]
    months = _month_numbers(incidents["first_reported_at"])
    shown = (months <= last) & (months > last - MOST_MONTHS)
    first = int(months[shown].min()) if shown.any() else int(last)
    corners, size_m = _corners(coordinates(incidents)[shown])
    squares, square = np.unique(corners, axis=0, return_inverse=True)
    pairs, counts = np.unique(
        np.c_[square.ravel(), months[shown] - first], axis=0, return_counts=True
    )
    return MonthSquares(
        size_m,
        f"{first // 12:04}-{first % 12 + 1:02}",
        int(last) - first + 1,
        squares[:, 0].tolist(),
        squares[:, 1].tolist(),
        pairs[:, 0].astype(int).tolist(),
        pairs[:, 1].astype(int).tolist(),
        counts.astype(int).tolist(),
    )


def _month_numbers(moments: pd.Series) -> np.ndarray:
    """Months since the year 0."""
    local = moments.dt.tz_convert(LONDON)
    return np.asarray(local.dt.year * 12 + local.dt.month - 1, dtype=int)


def _corners(xy: np.ndarray) -> tuple[np.ndarray, float]:
    size_m = CELL_M
    corners = np.floor(xy / size_m) * size_m
    while len(np.unique(corners, axis=0)) > MOST_SQUARES:
        size_m *= 2
        corners = np.floor(xy / size_m) * size_m
    return corners, size_m
