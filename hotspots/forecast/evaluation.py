"""Does a method say where the next incidents will be? A rolling forecast, month by month.

For each calendar month every method sees the months before it, orders the cells of the study
area, and is asked how many of the month's incidents lie in the first few of them (METHOD.md section
2).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.core.errors import ParameterError, TooFewError
from hotspots.core.frames import LONDON, area_geometry, check_points, coordinates
from hotspots.forecast.accuracy import Caught, accuracy_table, log_densities, ranked_hits
from hotspots.forecast.baselines import BASELINES, Method, Past
from hotspots.forecast.intensity import DAY, LEARNING_MONTHS, SurfaceParams
from hotspots.forecast.mixture import fit_mixture
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
    """

    scores: pd.DataFrame
    log_score: Mapping[str, float]
    origins: int
    cells: int
    events: int


class _Month(NamedTuple):
    """A month that is forecast: what was known before it, and where its incidents came."""

    past: Past
    xy: np.ndarray


@dataclass
class _Tally:
    """What one method did, month by month."""

    hits: list[np.ndarray] = field(default_factory=list)
    log_densities: list[np.ndarray] = field(default_factory=list)


def learnt_mixture(grid: SquareGrid, past: Past, _: np.random.Generator) -> np.ndarray:
    """Our own surface: the kernels of ``forecast.intensity``, with weights learnt from the past."""
    starts = past.month_starts[-LEARNING_MONTHS:]
    return fit_mixture(grid, past.xy, past.days, starts, SurfaceParams().mixture)[0]


METHODS: dict[str, Method] = {"hotspots": learnt_mixture, **BASELINES}
"""Every method that is compared; ours is ``hotspots``."""


def evaluate_forecasts(
    events: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    params: EvaluationParams | None = None,
    *,
    time: str = "first_reported_at",
    methods: Mapping[str, Method] = METHODS,
    on_month: Callable[[int, int], None] = lambda done, of: None,
) -> Evaluation:
    """Forecast every month from those before it, by every method.

    Parameters
    ----------
    events
        Points in metres with an aware column ``time``.
    study_area
        Polygons in the same CRS; the convex hull of the events where None. Cells that hold an
        event belong to it wherever they lie.
    methods
        Name → method.
    on_month
        Told after each month how many are done, and of how many.

    Raises
    ------
    FrameError, CRSError
        The frame is not such points.
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
    months = list(_months(xy, local_times, params.train_months))
    if not months:
        raise TooFewError(
            f"the events run from {local_times.min():%B %Y} to {local_times.max():%B %Y}: it takes "
            f"{params.train_months} months to learn from and one to forecast"
        )
    return _evaluate(grid, months, params, methods, on_month)


def _area(
    events: gpd.GeoDataFrame, study_area: gpd.GeoDataFrame | gpd.GeoSeries | None
) -> shapely.Geometry:
    if study_area is not None:
        return area_geometry(study_area, crs=events.crs)
    return shapely.convex_hull(shapely.multipoints(coordinates(events)))


def _evaluate(
    grid: SquareGrid,
    months: list[_Month],
    params: EvaluationParams,
    methods: Mapping[str, Method],
    on_month: Callable[[int, int], None],
) -> Evaluation:
    rng = np.random.default_rng(params.seed)
    inside = grid.inside.ravel()
    tie_break = rng.random(inside.size)[inside]
    number = inside.cumsum() - 1
    n_searched = [round(share * inside.sum()) for share in params.shares]
    tallies = {name: _Tally() for name in methods}
    best = []
    for done, month in enumerate(months, start=1):
        cells = number[grid.locate(month.xy)]
        observed = np.bincount(cells, minlength=len(tie_break))
        best.append(ranked_hits(observed, observed, n_searched, tie_break))
        for name, method in methods.items():
            score = method(grid, month.past, rng).ravel()[inside]
            tallies[name].hits.append(ranked_hits(score, observed, n_searched, tie_break))
            tallies[name].log_densities.append(log_densities(score, cells))
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


def _months(xy: np.ndarray, local_times: pd.Series, train_months: int) -> Iterator[_Month]:
    """Every month that has a whole training window before it, and incidents in both."""
    first, last = (t.normalize().replace(day=1) for t in (local_times.min(), local_times.max()))
    for month in pd.date_range(first + pd.DateOffset(months=train_months), last, freq="MS"):
        starts = [month - pd.DateOffset(months=k) for k in range(train_months, 0, -1)]
        is_past = ((local_times >= starts[0]) & (local_times < month)).to_numpy()
        is_now = (
            (local_times >= month) & (local_times < month + pd.DateOffset(months=1))
        ).to_numpy()
        if is_past.any() and is_now.any():
            days = ((local_times[is_past] - month) / DAY).to_numpy(dtype=float)
            past = Past(xy[is_past], days, tuple((start - month) / DAY for start in starts))
            yield _Month(past, xy[is_now])
