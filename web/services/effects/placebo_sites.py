"""What places like the treated ones did with nothing done, and what these would have done."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.core.types import SRID
from hotspots.core.errors import ParameterError
from hotspots.effects.comparison_sites import Placebos, placebo_distribution
from hotspots.effects.regression_to_mean import expected_fall
from hotspots.geometry.grid import square_grid
from web.services.effects.effect_design import SELECTION_MONTHS, Ground, Spans
from web.services.effects.month_counts import month_edges, monthly, within

LEAST_PLACEBOS = 19
"""With fewer, no share of them is below 5 %."""


def squares_like(borough: BaseGeometry | None, ground: Ground) -> np.ndarray:
    """Squares as big as a treated site, over the borough but away from the treated ones."""
    if borough is None:
        return np.array([], dtype=object)
    side = float(np.sqrt(np.mean([part.area for part in ground.parts])))
    squares = square_grid(borough, side).polygons(SRID).to_numpy()
    away: np.ndarray = squares[~shapely.intersects(squares, ground.target)]
    return away


def _cell_counts(
    incidents: gpd.GeoDataFrame, cells: np.ndarray, edges: pd.DatetimeIndex
) -> np.ndarray:
    """(cells, months) incidents."""
    table = np.zeros((len(cells), len(edges) - 1), dtype=int)
    if len(cells) == 0 or incidents.empty:
        return table
    points = incidents.geometry.to_numpy()
    cell, row = shapely.STRtree(points).query(cells, predicate="intersects")
    _, once = np.unique(row, return_index=True)  # an incident on an edge belongs to one cell
    month = np.searchsorted(edges, incidents["night"].to_numpy()[row[once]], side="right") - 1
    inside = (month >= 0) & (month < table.shape[1])
    np.add.at(table, (cell[once][inside], month[inside]), 1)
    return table


def placebos_of(
    incidents: gpd.GeoDataFrame, ground: Ground, cells: np.ndarray, spans: Spans
) -> tuple[Placebos | None, str]:
    """The same change at every square and month that the same choice might have fallen on."""
    if incidents.empty or len(cells) == 0:
        return None, "there is no incident, or no borough, to draw them from"
    start = spans.after.first
    earliest = incidents["night"].min()
    back = 0
    while start - pd.DateOffset(months=back + 1) >= earliest:
        back += 1
    edges = month_edges(start - pd.DateOffset(months=back), back + spans.months)
    parts = np.array([monthly(within(incidents, part), edges) for part in ground.parts])
    counts = np.vstack([parts.sum(axis=0), _cell_counts(incidents, cells, edges)])
    first = max(back - spans.months, 0)
    chosen_by = parts[:, max(first - SELECTION_MONTHS, 0) : first].sum(axis=1)
    try:
        placebos = placebo_distribution(
            counts,
            np.arange(len(counts)) == 0,
            start=back,
            length=spans.months,
            selection=SELECTION_MONTHS,
            least_selected=max(1, int(chosen_by.min())),
        )
    except ParameterError:
        return None, f"the record begins only {back} months before it: too late to choose others"
    if (n := len(placebos.ratios)) < LEAST_PLACEBOS:
        return None, f"only {n} places and dates are like it: it takes {LEAST_PLACEBOS}"
    return placebos, ""


def fall_by_itself(
    incidents: gpd.GeoDataFrame, ground: Ground, cells: np.ndarray, spans: Spans
) -> float:
    """Incidents to expect after, were the sites chosen by "before" and nothing done."""
    edges = pd.DatetimeIndex([spans.before.first, spans.before.end])
    own = np.array([int(monthly(within(incidents, p), edges).sum()) for p in ground.parts])
    others = _cell_counts(incidents, cells, edges).sum(axis=1)
    before, after = (int(s.holds(incidents["night"]).sum()) for s in (spans.before, spans.after))
    if not (own.sum() and before and after):
        return float("nan")
    counts = np.concatenate([own, others])
    fall = expected_fall(counts, np.arange(len(own)), borough_ratio=after / before)
    return float(fall.expected.sum())
