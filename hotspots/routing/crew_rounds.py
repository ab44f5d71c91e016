"""A crew's round: which stops of a shift, in which order, so that due times are kept.

Distances are straight lines times a factor, unless the caller brings a matrix of a street network.
"""

from dataclasses import dataclass
from datetime import timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
from pyvrp import Model, Solution
from pyvrp.stop import MaxIterations
from shapely.geometry import Point

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.frames import aware_utc, check_points, coordinates

# In metres of driving: a late job outweighs any detour of a shift, a left-out one any other.
_PRIZE_URGENT, _PRIZE = 100_000_000, 10_000_000


@dataclass(frozen=True)
class RoundParams:
    """How a crew drives and works.

    Attributes
    ----------
    speed_kmh
        On the road, on average, > 0.
    detour_factor
        Metres of road for a metre of straight line, ≥ 1.
    stop_min
        Minutes of work at a stop, ≥ 0.
    iterations
        Of the search, ≥ 1: a count and not a time, so that a seed gives one round everywhere.
    """

    speed_kmh: float = 25.0
    detour_factor: float = 1.4
    stop_min: float = 10.0
    iterations: int = 500

    def __post_init__(self) -> None:
        for name, least in (("detour_factor", 1), ("stop_min", 0), ("iterations", 1)):
            value = getattr(self, name)
            if not least <= value < np.inf:
                raise ParameterError(f"{name} is {value}: it must be at least {least}")
        if not 0 < self.speed_kmh < np.inf:
            raise ParameterError(f"speed_kmh is {self.speed_kmh}: it must be above 0")


@dataclass(frozen=True, eq=False)
class Round:
    """A planned round.

    Attributes
    ----------
    stops
        In order, on the index of the jobs: ``arrive_at`` and ``leave_at`` (UTC), ``leg_m`` (road
        from the stop before), ``is_late`` (arrival after the due time).
    left_out
        Index of the jobs that do not fit into the shift.
    length_m
        Of the road, back to the depot.
    back_at
        When the crew is back, UTC.
    """

    stops: pd.DataFrame
    left_out: pd.Index
    length_m: float
    back_at: pd.Timestamp


def order_round(
    jobs: gpd.GeoDataFrame,
    depot: Point,
    *,
    start_at: pd.Timestamp | str,
    shift_h: float,
    params: RoundParams | None = None,
    road_m: np.ndarray | None = None,
    seed: int = 0,
) -> Round:
    """Order a shift's stops: as many as fit, those due in the shift in time, the road short.

    Parameters
    ----------
    jobs
        Points in metres; ``due_at`` (aware, NaT where none) where present. What is overdue, or
        cannot be reached in time, is done if it fits at all.
    depot
        Where the crew starts and ends, in the jobs' CRS.
    start_at, shift_h
        Aware start and length of the shift.
    road_m
        (n + 1, n + 1) metres by road, the depot first; straight lines times the factor if None.
    seed
        Of the search.

    Raises
    ------
    FrameError, ParameterError
        The jobs are no points in metres; the matrix has another shape; the shift has no length.

    Examples
    --------
    >>> due = [pd.NaT, pd.Timestamp("2026-06-05T08:20Z"), pd.NaT]
    >>> jobs = gpd.GeoDataFrame({"due_at": due}, index=["station", "park", "quay"],
    ...     geometry=gpd.points_from_xy([500, 4000, 900], [0, 0, 0]), crs=27700)
    >>> round_ = order_round(jobs, Point(0, 0), start_at="2026-06-05T08:00Z", shift_h=4)
    >>> round_.stops.index[0], len(round_.left_out)  # the park is due first, though farthest
    ('park', 0)
    """
    check_points(jobs, name="jobs", times=())
    params = params or RoundParams()
    if not 0 < shift_h < 72:
        raise ParameterError(f"shift_h is {shift_h}: it must be above 0 and below 72")
    start = aware_utc(start_at, name="start_at")
    road = _straight(jobs, depot, params) if road_m is None else _checked(road_m, len(jobs))
    shift_s = round(shift_h * 3600)
    due_s = _due_seconds(jobs, start)
    is_urgent = due_s <= shift_s
    limit_s = np.where(is_urgent & (due_s >= 0), due_s, shift_s)
    order, times = _solve(road, limit_s, is_urgent, shift_s, params, seed)
    missed = np.setdiff1d(np.flatnonzero(limit_s < shift_s), order)
    if len(missed):  # done late is better than not done
        limit_s[missed] = shift_s
        order, times = _solve(road, limit_s, is_urgent, shift_s, params, seed)
    return _as_round(jobs, start, road, order, times, due_s, params)


def _straight(jobs: gpd.GeoDataFrame, depot: Point, params: RoundParams) -> np.ndarray:
    xy = np.vstack([[depot.x, depot.y], coordinates(jobs)])
    apart: np.ndarray = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    return apart * params.detour_factor


def _checked(road_m: np.ndarray, n: int) -> np.ndarray:
    road = np.asarray(road_m, dtype=float)
    if road.shape != (n + 1, n + 1):
        raise FrameError(f"road_m is {road.shape}: {n} jobs and the depot need {(n + 1, n + 1)}")
    if not (np.isfinite(road).all() and (road >= 0).all()):
        raise FrameError("road_m must be 0 or more everywhere")
    return road


def _due_seconds(jobs: gpd.GeoDataFrame, start: pd.Timestamp) -> np.ndarray:
    """Seconds from the start to each due time; infinite where there is none."""
    if "due_at" not in jobs or jobs["due_at"].isna().all():
        return np.full(len(jobs), np.inf)
    seconds = (jobs["due_at"] - start).dt.total_seconds().to_numpy()
    return np.where(np.isnan(seconds), np.inf, seconds)


def _travel_s(road: np.ndarray, params: RoundParams) -> np.ndarray:
    return np.asarray(np.ceil(road / (params.speed_kmh / 3.6)), dtype=np.int64)


def _solve(
    road: np.ndarray,
    limit_s: np.ndarray,
    is_urgent: np.ndarray,
    shift_s: int,
    params: RoundParams,
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the jobs in order, and the second at which each is reached."""
    if len(limit_s) == 0:
        return np.empty(0, dtype=int), np.empty(0, dtype=int)
    model = Model()
    places = [model.add_location(float(n), 0.0) for n in range(len(road))]
    depot = model.add_depot(places[0])
    for place, limit, urgent in zip(places[1:], limit_s, is_urgent, strict=True):
        model.add_client(
            place,
            service_duration=round(params.stop_min * 60),
            tw_late=int(limit),
            prize=_PRIZE_URGENT if urgent else _PRIZE,
            required=False,
        )
    model.add_vehicle_type(start_depot=depot, end_depot=depot, tw_late=shift_s, start_late=0)
    length, travel = np.rint(road).astype(int), _travel_s(road, params)
    for a, one in enumerate(places):
        for b, other in enumerate(places):
            if a != b:
                model.add_edge(one, other, int(length[a, b]), int(travel[a, b]))
    solution = model.solve(
        MaxIterations(params.iterations),
        seed=seed,
        collect_stats=False,
        display=False,
        # Staying at the depot breaks no rule, so neither does the best that is found from there.
        initial_solution=Solution(model.data(), []),
    )
    visits = [
        (visit.idx, visit.start_time)
        for route in solution.best.routes()
        for visit in route.schedule()
        if visit.is_client()
    ]
    order, times = np.array(visits, dtype=int).reshape(-1, 2).T
    return order, times


def _as_round(
    jobs: gpd.GeoDataFrame,
    start: pd.Timestamp,
    road: np.ndarray,
    order: np.ndarray,
    times: np.ndarray,
    due_s: np.ndarray,
    params: RoundParams,
) -> Round:
    walk = np.r_[0, order + 1, 0]
    legs = road[walk[:-1], walk[1:]] if len(order) else np.zeros(1)
    arrive = start + pd.to_timedelta(times, unit="s")
    work = timedelta(minutes=params.stop_min)
    stops = pd.DataFrame(
        {
            "arrive_at": arrive,
            "leave_at": arrive + work,
            "leg_m": legs[:-1],
            "is_late": times > due_s[order],
        },
        index=jobs.index[order],
    )
    way_back_s = int(_travel_s(road, params)[walk[-2], 0]) if len(order) else 0
    back = stops["leave_at"].iloc[-1] if len(order) else start
    left_out = jobs.index[np.setdiff1d(np.arange(len(jobs)), order)]
    return Round(stops, left_out, float(legs.sum()), back + timedelta(seconds=way_back_s))
