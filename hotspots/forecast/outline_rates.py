"""How many incidents to expect inside an outline: its own past, drawn to the risk surface over it.

A place was flagged because much was dumped there of late, and so its count is too high a forecast
where it is small (the winner's curse). The surface knows the ground around and forgets nothing, but
smears a place of 50 m over its surroundings. So the surface is what is expected before anything was
counted, and the count speaks against it as far as it is large: a Poisson rate with a gamma prior.
"""

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.core.errors import CRSError
from hotspots.core.frames import aware_utc
from hotspots.forecast.incident_rates import incident_rates

HALF_LIFE_DAYS = 180.0
PRIOR_INCIDENTS = 1.0
"""Shape of the prior: the surface weighs as much as one incident of the place's own."""
LEAST_PER_DAY = 1e-6
_DAY = pd.Timedelta(days=1)


def outline_rates(
    incidents: gpd.GeoDataFrame,
    labels: pd.Series | np.ndarray,
    outlines: gpd.GeoSeries,
    surface: gpd.GeoDataFrame,
    *,
    as_of: datetime | pd.Timestamp | str,
    half_life_days: float = HALF_LIFE_DAYS,
) -> pd.Series:
    """Expected incidents a day in each outline.

    Parameters
    ----------
    incidents
        n rows: ``first_reported_at`` (aware).
    labels
        (n,) label in ``outlines`` of the place whose incident each is; -1 or null: none.
    outlines
        k polygons in metres.
    surface
        Cells with ``expected_per_day`` in the same CRS, as `forecast.intensity.risk_surface`; no
        rows where nothing is known of the ground.
    as_of
        Incidents reported later are not seen.
    half_life_days
        Age, in days, at which an incident counts half; above 0.

    Returns
    -------
    Series
        Incidents a day on the index of ``outlines``, above 0.

    Raises
    ------
    CRSError
        Outlines and surface are not in one CRS.

    References
    ----------
    Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 2.6: the gamma prior of a Poisson
    rate. Hauer (1997), Observational Before-After Studies in Road Safety, chapter 11: drawing
    black spots to what their kind of place leads one to expect.

    Examples
    --------
    >>> incidents = pd.DataFrame({"first_reported_at": pd.to_datetime(["2026-03-01T00:00Z"] * 3)})
    >>> cell = gpd.GeoDataFrame({"expected_per_day": [0.01]},
    ...     geometry=[shapely.box(0, 0, 100, 100)], crs=27700)
    >>> half = gpd.GeoSeries([shapely.box(0, 0, 100, 50)], index=[7], crs=27700)
    >>> rate = outline_rates(incidents, [7, 7, 7], half, cell, as_of="2026-03-01T00:00Z")
    >>> round(float(rate[7]), 6)  # 3 + 1 incidents in no time of record and 1 / 0.005 days of prior
    0.02
    """
    prior = np.maximum(over_outlines(surface, outlines), LEAST_PER_DAY)
    per_day = incident_rates(incidents, labels, as_of=as_of, half_life_days=half_life_days)
    mean_life = half_life_days / np.log(2)
    weighted_n = per_day.reindex(outlines.index, fill_value=0.0).to_numpy() * mean_life
    seen = mean_life * (1 - np.exp2(-_recorded_days(incidents, as_of) / half_life_days))
    rate = (weighted_n + PRIOR_INCIDENTS) / (seen + PRIOR_INCIDENTS / prior)
    return pd.Series(rate, outlines.index, name="rate_per_day")


def over_outlines(
    surface: gpd.GeoDataFrame, outlines: gpd.GeoSeries, *, at_least_a_cell: bool = False
) -> np.ndarray:
    """(k,) the surface summed over each outline; of a cell on its edge, the part inside counts.

    Where ``at_least_a_cell``, a smaller outline stands for as much ground as a cell has: what came
    to the cell, came to the place that was flagged in it.

    Raises
    ------
    CRSError
        Outlines and surface are not in one CRS.
    """
    if surface.crs != outlines.crs:
        raise CRSError("outlines and surface are not in one CRS: use to_crs on one")
    cells, shapes = surface.geometry.to_numpy(), outlines.to_numpy()
    outline, cell = shapely.STRtree(cells).query(shapes, predicate="intersects")
    inside = shapely.area(shapely.intersection(cells[cell], shapes[outline]))
    cell_area = shapely.area(cells[cell])
    if at_least_a_cell:
        cell_area = np.minimum(cell_area, np.maximum(shapely.area(shapes[outline]), 1e-9))
    rate = surface["expected_per_day"].to_numpy()[cell] * inside / cell_area
    total: np.ndarray = np.bincount(outline, rate, len(shapes))
    return total


def _recorded_days(incidents: pd.DataFrame, as_of: datetime | pd.Timestamp | str) -> float:
    """How far back the record goes, in days."""
    ages = (aware_utc(as_of) - incidents["first_reported_at"]) / _DAY
    past = ages[ages >= 0]
    return float(past.max()) if len(past) else 0.0
