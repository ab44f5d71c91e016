"""Incidents by the months from a day on."""

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry


def month_edges(first: pd.Timestamp, months: int) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([first + pd.DateOffset(months=m) for m in range(months + 1)])


def monthly(incidents: gpd.GeoDataFrame, edges: pd.DatetimeIndex) -> np.ndarray:
    """(months,) incidents between one edge and the next."""
    at = np.searchsorted(edges, incidents["night"].to_numpy(), side="right") - 1
    inside = (at >= 0) & (at < len(edges) - 1)
    return np.bincount(at[inside], minlength=len(edges) - 1)


def within(incidents: gpd.GeoDataFrame, area: BaseGeometry) -> gpd.GeoDataFrame:
    return incidents[incidents.intersects(area)]
