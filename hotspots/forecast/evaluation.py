"""Does a method say where the next incidents will be? A rolling forecast, month by month.

For each calendar month every method sees the months before it, orders the cells of the study
area, and is asked how many of the month's incidents lie in the first few of them (METHOD.md section
2).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.core.errors import ParameterError, TooFewError
from hotspots.core.executors import IN_TURN, Executor, in_parts
from hotspots.core.frames import LONDON, area_geometry, check_points, coordinates
from hotspots.forecast.accuracy import Caught, accuracy_table, log_densities, ranked_hits
from hotspots.forecast.baselines import BASELINES, Method, Past
from hotspots.forecast.covariates import Covariates
from hotspots.forecast.experts import EXPOSURE, fit_forecast
from hotspots.forecast.intensity import LEARNING_MONTHS, SurfaceParams
from hotspots.forecast.origins import Known, Month, forecast_months, whole_past
from hotspots.forecast.other_knowledge import OtherKnowledge
from hotspots.forecast.terrain import fit_terrain
from hotspots.geometry.grid import SquareGrid, square_grid


@dataclass(frozen=True)
class EvaluationParams:
    """How forecasts are judged.

    Attributes
    ----------
    train_months
        Months that a method sees, ≥ 2.
    cell_size_m
        Side of a cell, metres.
    shares
        Shares of the area that are searched, each in (0, 1).
    zone
        Whose calendar months are forecast.
    n_bootstrap
        Resamples of the months, for the intervals.
    seed
        Of ties, of the random method and of the bootstrap.
    """

    train_months: int = 12
    cell_size_m: float = 100.0
    shares: tuple[float, ...] = (0.005, 0.01, 0.05)
    zone: str = LONDON
    n_bootstrap: int = 999
    seed: int = 1

    def __post_init__(self) -> None:
        if self.train_months < 2:
            raise ParameterError(f"train_months is {self.train_months}: it must be 2 or more")
        if not self.cell_size_m > 0:
            raise ParameterError(f"cell_size_m is {self.cell_size_m}: it must be above 0")
        if not self.shares or not all(0 < share < 1 for share in self.shares):
            raise ParameterError(f"shares is {self.shares}: each must lie between 0 and 1")
        if self.n_bootstrap < 1:
            raise ParameterError(f"n_bootstrap is {self.n_bootstrap}: it must be 1 or more")


@dataclass(frozen=True, eq=False)
class Evaluation:
    """How each method did.

    Attributes
    ----------
    scores
        One row a (``method``, ``share``): ``hits``, ``hit_rate`` with ``low`` and ``high`` (95 %,
        bootstrap over months), ``pai``, ``pei``.
    log_score
        By method, the mean log density of an incident's cell in nats; higher is better.
    origins, cells, events
        Months forecast, cells of the study area, incidents in those months.
    covariates
        How many times the rate each kind of feature makes it, from all the events, as
        `hotspots.forecast.terrain.Terrain.explained`; None where none were given.
    """

    scores: pd.DataFrame
    log_score: Mapping[str, float]
    origins: int
    cells: int
    events: int
    covariates: pd.DataFrame | None = None


@dataclass
class _Tally:
    """What one method did, month by month."""

    hits: list[np.ndarray] = field(default_factory=list)
    log_densities: list[np.ndarray] = field(default_factory=list)


def learnt_forecast(grid: SquareGrid, past: Past, _: np.random.Generator) -> np.ndarray:
    """Our own surface: that of ``forecast.intensity``, learnt from the past."""
    starts = past.month_starts[-LEARNING_MONTHS:]
    return fit_forecast(grid, past, starts, SurfaceParams().mixture).density


def events_alone(grid: SquareGrid, past: Past, rng: np.random.Generator) -> np.ndarray:
    """Our own surface without what else is known."""
    return learnt_forecast(grid, Past(past.xy, past.days, past.month_starts), rng)


def exposure_alone(_: SquareGrid, past: Past, __: np.random.Generator) -> np.ndarray:
    """As if incidents followed what is at risk."""
    return past.grounds[EXPOSURE]


OURS = "hotspots"
METHODS: dict[str, Method] = {OURS: learnt_forecast, **BASELINES}
"""Every method that is compared; ours is ``hotspots``."""


def evaluate_forecasts(
    events: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    params: EvaluationParams | None = None,
    *,
    time: str = "first_reported_at",
    layers: Sequence[gpd.GeoDataFrame] = (),
    exposure: gpd.GeoDataFrame | None = None,
    covariates: gpd.GeoDataFrame | None = None,
    methods: Mapping[str, Method] | None = None,
    on_month: Callable[[int, int], None] = lambda done, of: None,
    executor: Executor = IN_TURN,
) -> Evaluation:
    """Forecast every month from those before it, by every method.

    Parameters
    ----------
    events
        Points in metres with an aware column ``time``.
    study_area
        Polygons in the same CRS; the convex hull of the events where None. Cells that hold an
        event belong to it wherever they lie.
    layers
        Other events that may tell of these: points as ``events``, with the same column ``time``.
    exposure
        What is at risk, as `hotspots.forecast.grounds.exposure_ground`.
    covariates
        Features with a ``kind``, as `hotspots.forecast.covariates.covariates_of`.
    methods
        Name → method; `METHODS` where None, and, with other knowledge, ours without it.
    on_month
        Told after each month how many are done, and of how many.
    executor
        Forecasts some months each (`hotspots.core.executors`); methods of your own must then be
        functions of a module. The result is the same.

    Raises
    ------
    FrameError, CRSError
        A frame is not what it should be, or has nothing in the study area.
    TooFewError
        It spans too few months to forecast one.

    Examples
    --------
    Three places, four cells of 400 searched, six months forecast from the six before each:

    >>> days = pd.date_range("2025-01-01", "2025-12-31", freq="2D", tz="UTC")
    >>> places = np.array([[250.0, 250.0], [1750.0, 950.0], [950.0, 1450.0]])
    >>> xy = np.random.default_rng(1).choice(places, len(days))
    >>> incidents = gpd.GeoDataFrame(
    ...     {"first_reported_at": days}, geometry=gpd.points_from_xy(*xy.T), crs=27700)
    >>> town = gpd.GeoSeries([shapely.box(0, 0, 2000, 2000)], crs=27700)
    >>> some = {name: METHODS[name] for name in ("hotspots", "random")}
    >>> found = evaluate_forecasts(incidents, town, EvaluationParams(train_months=6), methods=some)
    >>> found.origins, found.events, found.cells
    (6, 92, 400)
    >>> scores = found.scores.set_index(["method", "share"])
    >>> float(scores.loc[("hotspots", 0.01), "hit_rate"])
    1.0
    """
    params = params or EvaluationParams()
    check_points(events, times=(time,))
    if events.empty:
        raise TooFewError("there are no events to forecast")
    xy, local_times = coordinates(events), events[time].dt.tz_convert(params.zone)
    grid = square_grid(_area(events, study_area), params.cell_size_m, events=xy)
    known = OtherKnowledge(layers, exposure, covariates).on(grid, events, time)
    months = list(forecast_months(xy, local_times, params.train_months, known))
    if not months:
        raise TooFewError(
            f"the events run from {local_times.min():%B %Y} to {local_times.max():%B %Y}: it takes "
            f"{params.train_months} months to learn from and one to forecast"
        )
    evaluation = _evaluate(grid, months, params, methods or _methods(known), on_month, executor)
    return replace(evaluation, covariates=_explained(grid, xy, local_times, known.covariates))


def _methods(known: Known) -> Mapping[str, Method]:
    """All, and, where anything else is known, ours without it."""
    if not (known.layers or known.grounds or known.covariates):
        return METHODS
    others: dict[str, Method] = {"hotspots, events alone": events_alone}
    if EXPOSURE in known.grounds:
        others["exposure alone"] = exposure_alone
    return {OURS: METHODS[OURS], **others, **METHODS}


def _explained(
    grid: SquareGrid, xy: np.ndarray, local_times: pd.Series, covariates: Covariates | None
) -> pd.DataFrame | None:
    if covariates is None:
        return None
    return fit_terrain(grid, whole_past(xy, local_times), covariates).explained()


def _area(
    events: gpd.GeoDataFrame, study_area: gpd.GeoDataFrame | gpd.GeoSeries | None
) -> shapely.Geometry:
    if study_area is not None:
        return area_geometry(study_area, crs=events.crs)
    return shapely.convex_hull(shapely.multipoints(coordinates(events)))


def _evaluate(
    grid: SquareGrid,
    months: list[Month],
    params: EvaluationParams,
    methods: Mapping[str, Method],
    on_month: Callable[[int, int], None],
    executor: Executor,
) -> Evaluation:
    rng = np.random.default_rng(params.seed)
    inside = grid.inside.ravel()
    tie_break = rng.random(inside.size)[inside]
    n_searched = [round(share * inside.sum()) for share in params.shares]
    tallies = {name: _Tally() for name in methods}
    best = []
    # A generator of its own for each month: it does not matter who forecasts it, and when.
    parts = (
        (grid, month, methods, n_searched, tie_break, own)
        for month, own in zip(months, rng.spawn(len(months)), strict=True)
    )
    for done, (most, scored) in enumerate(in_parts(executor, _month, parts), start=1):
        best.append(most)
        for name, (hits, densities) in scored.items():
            tallies[name].hits.append(hits)
            tallies[name].log_densities.append(densities)
        on_month(done, len(months))
    totals = np.array([len(month.xy) for month in months])
    caught = {n: Caught(np.array(t.hits), np.array(best), totals) for n, t in tallies.items()}
    return Evaluation(
        accuracy_table(caught, params.shares, n_bootstrap=params.n_bootstrap, seed=params.seed),
        {n: float(np.concatenate(t.log_densities).mean()) for n, t in tallies.items()},
        len(months),
        len(tie_break),
        int(totals.sum()),
    )


def _month(
    grid: SquareGrid,
    month: Month,
    methods: Mapping[str, Method],
    n_searched: list[int],
    tie_break: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Hits of the best order that there is; hits and log densities of each method's."""
    inside = grid.inside.ravel()
    cells = (inside.cumsum() - 1)[grid.locate(month.xy)]
    observed = np.bincount(cells, minlength=len(tie_break))
    scored = {}
    for name, method in methods.items():
        score = method(grid, month.past, rng).ravel()[inside]
        hits = ranked_hits(score, observed, n_searched, tie_break)
        scored[name] = hits, log_densities(score, cells)
    return ranked_hits(observed, observed, n_searched, tie_break), scored
