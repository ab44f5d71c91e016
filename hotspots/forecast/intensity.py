"""Where will the next incidents be? Expected incidents a day in every cell, from the past alone."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.errors import ParameterError
from hotspots.core.frames import area_geometry, aware_utc, check_points, coordinates
from hotspots.core.row_order import row_order
from hotspots.forecast.baselines import Past
from hotspots.forecast.bench import is_own
from hotspots.forecast.experts import Forecast, fit_forecast
from hotspots.forecast.kernels import FLAT, Mixture
from hotspots.forecast.origins import DAY, layers_between
from hotspots.forecast.other_knowledge import OtherKnowledge
from hotspots.geometry.grid import square_grid

RATE_HALF_LIFE_DAYS = 90.0
LEARNING_MONTHS = 12
"""So many of the last months, a year's round, teach the weights, and give the area's rate; the
others only tell of them."""


@dataclass(frozen=True)
class SurfaceParams:
    """How a risk surface is learnt.

    Attributes
    ----------
    cell_size_m
        Side of a cell, metres; METHOD takes 25 to 100.
    months
        Length of the past that is looked at, ≥ 2. Two years: a longer record catches more of the
        next incidents (docs/forecast.md), and what has passed is forgotten by the weights.
    scales_m
        Standard deviations of the Gaussian kernels; 0 is the cell itself.
    half_lives_days
        Time in which an incident's weight halves; infinite: never forgotten.
    prior_width, prior_near, prior_lasting, prior_fading
        Incidents that each width, and each memory within it, is given before the data speak: see
        ``hotspots.forecast.kernels.Mixture``.
    """

    cell_size_m: float = 100.0
    months: int = 24
    scales_m: tuple[float, ...] = (0.0, 50.0, 100.0, 200.0, 400.0, 1000.0)
    half_lives_days: tuple[float, ...] = (30.0, 90.0, np.inf)
    prior_width: float = 10.0
    prior_near: float = 20.0
    prior_lasting: float = 10.0
    prior_fading: float = 0.02

    def __post_init__(self) -> None:
        priors = ("prior_width", "prior_near", "prior_lasting", "prior_fading")
        for name in ("cell_size_m", *priors):
            if not 0 < getattr(self, name) < np.inf:
                raise ParameterError(f"{name} is {getattr(self, name)}: it must be above 0")
        if not self.scales_m or not all(0 <= scale < np.inf for scale in self.scales_m):
            raise ParameterError(f"scales_m is {self.scales_m}: give widths of 0 or more")
        if not self.half_lives_days or not all(life > 0 for life in self.half_lives_days):
            raise ParameterError(f"half_lives_days is {self.half_lives_days}: give times above 0")
        if self.months < 2:
            raise ParameterError(f"months is {self.months}: it takes 2, one to tell of the other")

    @property
    def mixture(self) -> Mixture:
        """The kernels and their prior."""
        return Mixture(
            self.scales_m,
            self.half_lives_days,
            self.prior_width,
            self.prior_near,
            self.prior_lasting,
            self.prior_fading,
        )


def risk_surface(
    incidents: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    as_of: datetime | pd.Timestamp | str,
    params: SurfaceParams | None = None,
    others: OtherKnowledge | None = None,
) -> gpd.GeoDataFrame:
    """Expected incidents per day in every cell of the study area.

    Parameters
    ----------
    incidents
        Points in metres; ``first_reported_at`` (aware). Those outside the area are left out; one
        on its edge belongs to it.
    study_area
        Polygons in the same CRS.
    as_of
        Nothing after this moment is seen.
    others
        What else may tell where incidents come.

    Returns
    -------
    GeoDataFrame
        One square cell a row, row by row from the south-west: those whose centre lies in the
        area, and those that hold an incident. Columns ``expected_per_day`` (incidents per cell and
        day), ``spread_per_day`` (how far the experts' own figures lie from it, root mean square by
        trust), ``given_per_day`` (the part of the experts' figures that no incident tells: flat
        and other grounds, other events) and ``geometry``; the whole sums to the area's recent rate,
        a mean over the last year in which a day counts half as much as one 90 days later. ``attrs``
        holds ``weights`` (of all experts together, one for each (scale in metres, half-life in
        days), all that no incident tells being (inf, inf)), ``covariates`` (what was learnt of
        them, as `explained_terrain`; None without any), ``experts`` (how much each has to say of
        which cells come first), ``as_of`` and ``per_day``. The same whatever the order of the rows;
        moving everything by whole cells moves the result; by less, incidents fall into other cells.

    Raises
    ------
    FrameError, CRSError, ParameterError
        What was given cannot be read as the above.

    Examples
    --------
    >>> import shapely
    >>> times = pd.date_range("2026-01-03", periods=40, freq="W", tz="UTC")
    >>> here = gpd.points_from_xy([540_250] * 40, [170_250] * 40)
    >>> incidents = gpd.GeoDataFrame({"first_reported_at": times}, geometry=here, crs=27700)
    >>> area = gpd.GeoSeries([shapely.box(540_000, 170_000, 541_000, 171_000)], crs=27700)
    >>> surface = risk_surface(incidents, area, as_of="2026-10-09T12:00Z")
    >>> len(surface), surface["expected_per_day"].sum().round(2).item()
    (100, 0.13)
    >>> surface.loc[surface["expected_per_day"].idxmax(), "geometry"].bounds
    (540200.0, 170200.0, 540300.0, 170300.0)
    """
    params = params or SurfaceParams()
    check_points(incidents)
    now = aware_utc(as_of)
    area = area_geometry(study_area, crs=incidents.crs)
    since = now - pd.DateOffset(months=params.months)
    reported = incidents["first_reported_at"]
    past = incidents[(reported > since) & (reported <= now)]
    past = past[past.geometry.intersects(area)]
    xy, days = _in_order(coordinates(past), (past["first_reported_at"] - now) / DAY)
    grid = square_grid(area, params.cell_size_m, events=xy)
    back = range(min(params.months, LEARNING_MONTHS), 0, -1)
    starts = [_months_back(now, k) for k in back]
    known = (others or OtherKnowledge()).on(grid, incidents, "first_reported_at")
    layers = layers_between(known, since, now)
    seen = Past(xy, days, tuple(starts), layers, known.grounds, known.covariates)
    forecast = fit_forecast(grid, seen, starts, params.mixture)
    per_day = math.fsum(recent_rates(days, now, params.months))  # old ones add not a rounding
    cells = gpd.GeoDataFrame(
        {
            "expected_per_day": forecast.density[grid.inside] * per_day,
            "spread_per_day": forecast.spread[grid.inside] * per_day,
            "given_per_day": forecast.given[grid.inside] * per_day,
        },
        geometry=grid.polygons(incidents.crs),
    )
    cells.attrs = {
        "weights": _kernel_shares(forecast),
        "covariates": explained_terrain(forecast),
        "experts": forecast.order,
        "as_of": now.isoformat(),
        "per_day": per_day,
    }
    return cells


def _kernel_shares(forecast: Forecast) -> dict[tuple[float, float], float]:
    kernels = {(np.inf, np.inf): 0.0}
    for component, share in forecast.weights.items():
        scale_m, half_life_days, _ = component if is_own(component) else FLAT
        key = scale_m, half_life_days
        kernels[key] = kernels.get(key, 0.0) + share
    return kernels


def explained_terrain(forecast: Forecast) -> dict[str, Any] | None:
    """What the forecast learnt of its covariates, in plain values.

    ``kinds`` and ``levels`` are rows of `hotspots.forecast.terrain.Terrain.explained` and
    ``.doublings``; ``foretells`` says whether they hold in parts of the map that were left out;
    ``given`` how much of the forecast no incident tells, 0 to 1; ``struck`` from how many struck
    months of cells it was learnt.
    """
    terrain = forecast.terrain
    if terrain is None:
        return None
    return {
        "kinds": terrain.explained().to_dict("records"),
        "levels": terrain.doublings().to_dict("records"),
        "foretells": terrain.foretells,
        "given": float(forecast.given.sum()),
        "struck": float(terrain.struck.sum()),
    }


def _in_order(xy: np.ndarray, days: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Positions and ages in an order of their own: sums then do not depend on that of the rows."""
    age = days.to_numpy(dtype=float)
    order = row_order(age, *xy.T)
    return xy[order], age[order]


def recent_rates(days: np.ndarray, now: pd.Timestamp, months: int) -> np.ndarray:
    """(n,) incidents a day that each, so many days from now, adds to the area's recent rate.

    Their sum is the faded count over the faded length of the last year, or months if fewer.
    """
    decay = np.log(2) / RATE_HALF_LIFE_DAYS
    start = _months_back(now, min(months, LEARNING_MONTHS))
    added = np.exp(decay * days) * decay / (1 - np.exp(decay * start))
    return np.where(days > start, added, 0.0)


def _months_back(now: pd.Timestamp, months: int) -> float:
    """Days from now, < 0."""
    return float((now - pd.DateOffset(months=months) - now) / DAY)
