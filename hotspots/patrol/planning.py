"""A patrol plan: which team stands where and when, so that most of the expected dumping is covered.

Short stops at the hot places in their hot hours, in an order that nobody can learn (Koper 1995,
Justice Quarterly 12(4), 649-672). Among plans within 3 % of the best one is drawn by lot, and never
the plan of the night before.
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point

from hotspots.core.errors import FrameError, InfeasibleError, ParameterError
from hotspots.core.frames import aware_utc, check_points, coordinates
from hotspots.patrol import wishes
from hotspots.patrol.alternatives import draw_plan, improve_rounds, near_best
from hotspots.patrol.deterrence import arrival_values, minute_risk, stop_weights
from hotspots.patrol.predictability import is_same_night
from hotspots.patrol.rounds import Rounds, Shift
from hotspots.patrol.search import search_rounds
from hotspots.patrol.wishes import PatrolParams
from hotspots.timing.aoristic import HOURS_OF_WEEK

MOST_PLACES = 40
"""Of more, those are not searched whose stops would cover least."""
LONGEST_SHIFT_H = 14


@dataclass(frozen=True, eq=False)
class PatrolPlan:
    """A plan.

    Attributes
    ----------
    stops
        One row a stop, by team and time: ``team``, ``position`` (from 1), ``place`` (label of
        the places), ``arrives_at``, ``leaves_at`` (UTC), ``travel_min`` (from the stop before),
        ``covered`` (incidents).
    covered
        Incidents expected where and when officers are, or have lately been.
    expected
        Incidents expected at all the places given, in the shift and in the after-effect of a stop
        at its end.
    best
        What the best plan found covers; this one is drawn from those near it.
    extra_per_officer_hour
        Incidents more that a shift one hour longer, with one stop more a team, would cover, by
        officer.
    near_best
        How many different plans the lot was drawn from.
    seed
        With the same input, it gives the same plan.
    """

    stops: pd.DataFrame
    covered: float
    expected: float
    best: float
    extra_per_officer_hour: float
    near_best: int
    seed: int

    @property
    def share(self) -> float:
        """Share of the expected incidents that the plan covers, 0 to 1."""
        return self.covered / self.expected if self.expected else 0.0


@dataclass(frozen=True, eq=False)
class _Request:
    places: gpd.GeoDataFrame
    shares: pd.DataFrame
    start_place: Point
    start: pd.Timestamp
    end: pd.Timestamp
    teams: int
    include: frozenset[Hashable]
    params: PatrolParams

    @property
    def minutes(self) -> int:
        return int((self.end - self.start) / pd.Timedelta(minutes=1))

    def risk(self) -> np.ndarray:
        """(k, minutes) up to the end of the after-effect of a stop at the end of the shift."""
        reach = self.minutes + self.params.dwell_min + self.params.deterrence.residual_min
        return minute_risk(
            self.places["rate_per_day"].to_numpy(dtype=float),
            self.shares.loc[self.places.index].to_numpy(dtype=float),
            starts_at=self.start,
            minutes=reach,
        )

    def shift(self) -> Shift:
        """The request in minutes."""
        weights = stop_weights(self.params.dwell_min, self.params.deterrence)
        return Shift(
            arrival_values(self.risk(), weights),
            self._travel(),
            self.params.dwell_min,
            self.params.revisit_min,
            self.teams,
            self.params.max_stops,
            self.places.index.isin(list(self.include)),
        )

    def _travel(self) -> np.ndarray:
        """(k + 1, k + 1) whole minutes, the start place last."""
        xy = np.vstack([coordinates(self.places), [self.start_place.x, self.start_place.y]])
        way_m = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) * self.params.detour_factor
        return np.asarray(np.ceil(way_m / (self.params.speed_kmh / 0.06)), dtype=int)

    def best_first(
        self, rng: np.random.Generator, on_search: Callable[[], None]
    ) -> tuple[Shift, list[Rounds]]:
        """The shift, and good rounds for it."""
        shift = self.shift()
        rounds = search_rounds(
            shift,
            restarts=self.params.restarts,
            iterations=self.params.iterations,
            rng=rng,
            on_search=on_search,
        )
        return shift, rounds

    def one_hour_longer(self) -> "_Request":
        params = replace(
            self.params,
            max_stops=self.params.max_stops + (self.params.max_stops < 20),
            restarts=1,
        )
        return replace(self, end=self.end + pd.Timedelta(hours=1), params=params)


def plan_patrol(
    places: gpd.GeoDataFrame,
    shares: pd.DataFrame,
    start_place: Point,
    *,
    starts_at: datetime | pd.Timestamp | str,
    ends_at: datetime | pd.Timestamp | str,
    teams: Sequence[int] = (2,),
    dark_from: datetime | pd.Timestamp | None = None,
    include: Collection[Hashable] = (),
    avoid: Collection[Hashable] = (),
    previous: pd.DataFrame | None = None,
    params: PatrolParams | None = None,
    seed: int = 0,
    on_search: Callable[[], None] = lambda: None,
) -> PatrolPlan:
    """Plan one shift.

    Parameters
    ----------
    places
        k points in metres with ``rate_per_day`` (incidents expected, ≥ 0), and ``name`` for
        messages where present.
    shares
        (k, 168) on the same index: share of each place's incidents in each hour of the London week,
        as ``hotspots.timing.HourProfiles.shares``.
    start_place
        Where every team starts and ends, in the places' CRS.
    starts_at, ends_at
        Aware, at most 14 hours apart.
    teams
        Officers in each team.
    dark_from
        First moment of the shift after sunset (`timing.daylight.dark_from`); a team of one is
        refused then. None: the whole shift is by daylight.
    include, avoid
        Labels of places that must, or must not, be visited.
    previous
        Stops of the plan of the night before (``team``, ``place``, ``arrives_at``): not repeated.
    params, seed
        Of the search.
    on_search
        Called before each search: ``params.restarts`` times, and once for the longer shift.

    Raises
    ------
    InfeasibleError
        The wishes cannot all be granted; the message says which to relax.
    FrameError, ParameterError
        What is given cannot be read.

    Examples
    --------
    >>> places = gpd.GeoDataFrame({"rate_per_day": [0.4, 0.2]}, index=["car park", "station"],
    ...     geometry=gpd.points_from_xy([554_000, 554_300], [174_000, 174_200]), crs=27700)
    >>> even = pd.DataFrame(np.full((2, 168), 1 / 168), places.index)
    >>> plan = plan_patrol(places, even, Point(554_100, 174_000), seed=1,
    ...     starts_at="2026-11-24T19:00Z", ends_at="2026-11-24T20:30Z")
    >>> sorted(plan.stops["place"]), round(plan.share, 2)
    (['car park', 'station'], 0.3)
    """
    params = params or PatrolParams()
    start, end = aware_utc(starts_at, name="starts_at"), aware_utc(ends_at, name="ends_at")
    _check(places, shares, start, end, teams)
    places = _in_order(places)
    dark = None if dark_from is None else aware_utc(dark_from, name="dark_from")
    wishes.check(places.index, include, avoid, teams, dark, params)
    asked_for = _Request(
        places, shares, start_place, start, end, len(teams), frozenset(include), params
    )
    request = replace(asked_for, places=_searched(asked_for, avoid))
    rng = np.random.default_rng(seed)
    _refuse_unreachable(request)
    shift, best_rounds = request.best_first(rng, on_search)
    if not best_rounds:
        raise wishes.no_room(_names(request.places[shift.required]))
    best = shift.worth(best_rounds[0])
    near = near_best(shift, best_rounds, (1 - params.near_best) * best, rng)
    rounds = draw_plan(near, lambda r: _repeats(_stops(request, shift, r), previous), rng)
    if rounds is None:
        raise InfeasibleError(
            f"each of the {len(near)} good plans would repeat the last night's: avoid one of its "
            "places, or start at another time"
        )
    stops = _stops(request, shift, rounds)
    covered, expected = shift.worth(rounds), float(asked_for.risk().sum())
    extra = _extra(request, best_rounds[0], rng, on_search) / sum(teams)
    return PatrolPlan(stops, covered, expected, best, extra, len(near), seed)


def _check(
    places: gpd.GeoDataFrame,
    shares: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp,
    teams: Sequence[int],
) -> None:
    check_points(places, name="places", times=())
    if places.empty:
        raise FrameError("places has no rows: give at least one place to stand at")
    if "rate_per_day" not in places:
        raise FrameError("places: column 'rate_per_day' is missing")
    if not (np.isfinite(places["rate_per_day"]) & (places["rate_per_day"] >= 0)).all():
        raise FrameError("places: 'rate_per_day' must be 0 or more everywhere")
    if shares.shape[1:] != (HOURS_OF_WEEK,) or not places.index.isin(shares.index).all():
        raise FrameError(f"shares must have a row for every place and {HOURS_OF_WEEK} columns")
    if not pd.Timedelta(0) < end - start <= pd.Timedelta(hours=LONGEST_SHIFT_H):
        raise ParameterError(
            f"the shift runs from {start} to {end}: it must end after it starts, at most "
            f"{LONGEST_SHIFT_H} hours later"
        )
    if not teams or min(teams) < 1:
        raise ParameterError(f"teams is {tuple(teams)}: give the officers of each, at least 1")


def _in_order(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """By position, then rate and label: the search, and so the lot, must not hang on row order."""
    x, y = coordinates(places).T
    labels = np.array([str(label) for label in places.index])
    return places.iloc[np.lexsort((labels, places["rate_per_day"], y, x))]


def _searched(request: _Request, avoid: Collection[Hashable]) -> gpd.GeoDataFrame:
    """The places that are searched: not avoided, and of too many those worth most."""
    index = request.places.index
    worth = pd.Series(request.shift().value.max(axis=1), index)
    worth[index.isin(list(request.include))] = np.inf
    kept = worth[~index.isin(list(avoid))].nlargest(MOST_PLACES).index
    return request.places[index.isin(kept)]


def _refuse_unreachable(request: _Request) -> None:
    if request.places.empty:
        raise InfeasibleError("every place is to be avoided: take one off that list")
    shift = request.shift()
    needed = shift.travel[-1, :-1] + shift.dwell + shift.travel[:-1, -1]
    wishes.refuse_too_short(needed, shift.minutes, _names(request.places), shift.required)


def _names(places: gpd.GeoDataFrame) -> list[str]:
    return [str(name) for name in places.get("name", places.index)]


def _stops(request: _Request, shift: Shift, rounds: Rounds) -> pd.DataFrame:
    rows = []
    for team, stops in enumerate(rounds, 1):
        before = len(request.places)
        for position, (place, minute) in enumerate(stops, 1):
            way, worth = shift.travel[before, place], shift.value[place, minute]
            rows.append((team, position, request.places.index[place], minute, way, worth))
            before = place
    names = ["team", "position", "place", "minute", "travel_min", "covered"]
    frame = pd.DataFrame(rows, columns=names)
    minute = pd.to_timedelta(frame.pop("minute").astype(int), unit="min")
    arrives = (request.start + minute).astype("datetime64[us, UTC]")
    frame.insert(3, "arrives_at", arrives)
    frame.insert(4, "leaves_at", arrives + pd.Timedelta(minutes=shift.dwell))
    return frame


def _repeats(stops: pd.DataFrame, previous: pd.DataFrame | None) -> bool:
    return previous is not None and is_same_night(stops, previous)


def _extra(
    request: _Request, best: Rounds, rng: np.random.Generator, on_search: Callable[[], None]
) -> float:
    """Incidents that an hour more would cover for all teams together."""
    shift, best_rounds = request.one_hour_longer().best_first(rng, on_search)
    longer = max(shift.worth(rounds) for rounds in (*best_rounds[:1], improve_rounds(shift, best)))
    return longer - shift.worth(best)
