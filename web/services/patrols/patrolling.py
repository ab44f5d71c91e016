"""Patrols: plan a shift, and keep the plan."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import patrols, places
from geodata.core.errors import RefusedError
from geodata.core.geography import to_lonlat
from geodata.store import settings
from hotspots.core.errors import HotspotsError
from hotspots.core.words import counted
from hotspots.patrol import PatrolPlan, plan_patrol
from hotspots.patrol.predictability import unpredictability
from hotspots.patrol.wishes import BY_VEHICLE_KMH, ON_FOOT_KMH, PatrolParams
from hotspots.timing.daylight import dark_from
from web.services.patrols.patrol_places import PatrolPlaces, patrol_places
from web.services.patrols.patrol_wish_places import WishedGround, with_wished

SPEEDS_KMH = {"foot": ON_FOOT_KMH, "vehicle": BY_VEHICLE_KMH}
START_PLACE = "patrol_start_place"
"""Setting: the name of the place where shifts begin."""
TASKS = (
    "Engage: talk to groups, early and calmly",
    "Count chargers, and large cylinders one by one",
    "Photograph what lies there, never faces or number plates",
    "Check that posters hang and can be read",
)
LARGE_CYLINDER_TASK = "Leave large cylinders to the crew: report them as a hazard, do not move them"


def new_seed() -> int:
    """A seed that nobody can foresee."""
    return secrets.randbelow(2**31)


@dataclass(frozen=True)
class PatrolWish:
    """What an officer asks for.

    Attributes
    ----------
    starts_at, ends_at
        Aware.
    teams
        Officers in each team.
    mode
        A key of `SPEEDS_KMH`.
    dwell_min, revisit_min, max_stops
        As `hotspots.patrol.wishes.PatrolParams`.
    start_place
        Name of a place; None: the store's setting, or else the middle of the hotspots.
    include, avoid
        Places, each as `web.services.patrols.patrol_wish_places.with_wished` reads it.
    seed
        Of the lot.
    searches
        In different directions; fewer are faster, and their plan may be a little worse.
    """

    starts_at: datetime
    ends_at: datetime
    seed: int
    teams: tuple[int, ...] = (2,)
    mode: str = "vehicle"
    dwell_min: int = 15
    revisit_min: int = 120
    max_stops: int = 5
    start_place: str | None = None
    include: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    searches: int = PatrolParams.restarts


@dataclass(frozen=True)
class PlannedShift:
    """A plan that is not kept yet: its columns, and those of its stops."""

    columns: dict[str, Any]
    stops: list[dict[str, Any]]


def plan(
    session: Session,
    wish: PatrolWish,
    *,
    now: datetime,
    user_id: int | None = None,
    known: PatrolPlaces | None = None,
    on_search: Callable[[], None] = lambda: None,
) -> PlannedShift:
    """Plan a shift; nothing is written, since the search may take half a minute.

    Parameters
    ----------
    known
        The places to choose from, where several shifts are planned by the same; None: those of now.
    on_search
        As `hotspots.patrol.plan_patrol` calls it.

    Raises
    ------
    RefusedError
        There is no hotspot, or a wish cannot be granted: the message says which to relax.
    """
    places_of_now = known or patrol_places(session, as_of=now)
    wished = with_wished(session, places_of_now, wish.include, wish.avoid, now=now)
    ground = wished.ground
    if ground.places.empty:
        raise RefusedError(
            "there is no hotspot to patrol: import reports and run  hotspots detect  first, or "
            "name a place to include"
        )
    start_name, start = _start(session, wish.start_place, ground, now)
    earlier = _earlier_stops(session, wish.starts_at)
    made = _searched(wish, wished, start, earlier[-1] if earlier else None, on_search)
    columns = {
        "starts_at": wish.starts_at,
        "ends_at": wish.ends_at,
        "seed": wish.seed,
        "params": _params(wish, start_name, start),
        "coverage": _coverage(made, ground, [*earlier, made.stops]),
        "made_at": now,
        "user_id": user_id,
    }
    return PlannedShift(columns, _stop_rows(made, ground))


def _searched(
    wish: PatrolWish,
    wished: WishedGround,
    start: Point,
    previous: pd.DataFrame | None,
    on_search: Callable[[], None],
) -> PatrolPlan:
    try:
        return plan_patrol(
            wished.ground.places,
            wished.ground.shares,
            start,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            teams=wish.teams,
            dark_from=_dark_from(wish, start),
            include=wished.include,
            avoid=wished.avoid,
            previous=previous,
            params=PatrolParams(
                speed_kmh=SPEEDS_KMH[wish.mode],
                dwell_min=wish.dwell_min,
                revisit_min=wish.revisit_min,
                max_stops=wish.max_stops,
                restarts=wish.searches,
            ),
            seed=wish.seed,
            on_search=on_search,
        )
    except HotspotsError as error:
        raise RefusedError(str(error)) from error


def keep(session: Session, planned: PlannedShift) -> int:
    """Keep a plan; its key."""
    return patrols.save_plan(session, planned.columns, planned.stops).id


def keep_once(session: Session, planned: PlannedShift) -> int:
    """Keep a plan, unless the same request has been kept: a button pressed twice makes one plan.

    The seed comes with the page, so that the same page asks for the same plan.
    """
    same = patrols.with_seed(session, planned.columns["seed"], planned.columns["starts_at"])
    columns = ("ends_at", "params", "user_id")
    for plan in same:
        if all(getattr(plan, name) == planned.columns[name] for name in columns):
            return plan.id
    return keep(session, planned)


def _start(
    session: Session, name: str | None, ground: PatrolPlaces, now: datetime
) -> tuple[str, Point]:
    wanted = name or settings.read(session, START_PLACE)
    if wanted is None:
        return "the middle of the hotspots", ground.places.geometry.union_all().centroid
    place = places.by_name(session, wanted, now.date())
    if not place:
        raise RefusedError(
            f"there is no place called {wanted!r} to start from: choose one of the named places"
        )
    return place[0].name, place[0].geometry.representative_point()


def _earlier_stops(session: Session, starts_at: datetime) -> list[pd.DataFrame]:
    """The stops of the last 14 plans, oldest first, as the library takes them."""
    before = patrols.plans_before(session, starts_at)
    rows: dict[int, list[tuple[int, object, datetime]]] = {p.id: [] for p in before}
    for stop in patrols.stops_of(session, list(rows)):
        place = stop.name if stop.identity_id is None else stop.identity_id
        rows[stop.plan_id].append((stop.team, place, stop.arrives_at))
    return [pd.DataFrame(r, columns=["team", "place", "arrives_at"]) for r in rows.values() if r]


def _dark_from(wish: PatrolWish, start: Point) -> pd.Timestamp | None:
    lon, lat = to_lonlat(start.x, start.y)
    return dark_from(pd.Timestamp(wish.starts_at), pd.Timestamp(wish.ends_at), lon=lon, lat=lat)


def _params(wish: PatrolWish, start_name: str, start: Point) -> dict[str, Any]:
    return {
        "teams": list(wish.teams),
        "mode": wish.mode,
        "dwell_min": wish.dwell_min,
        "revisit_min": wish.revisit_min,
        "max_stops": wish.max_stops,
        "start_place": start_name,
        "start_xy": [round(start.x, 1), round(start.y, 1)],
        "include": list(wish.include),
        "avoid": list(wish.avoid),
    }


def _coverage(made: PatrolPlan, ground: PatrolPlaces, nights: list[pd.DataFrame]) -> dict[str, Any]:
    return {
        "places_asked_for": int((ground.places["code"] == "").sum()),
        "covered": made.covered,
        "expected": made.expected,
        "share": made.share,
        "best": made.best,
        "extra_per_officer_hour": made.extra_per_officer_hour,
        "near_best": made.near_best,
        "unpredictability": unpredictability(nights),
        "plans": len(nights),
    }


def _stop_rows(made: PatrolPlan, ground: PatrolPlaces) -> list[dict[str, Any]]:
    return [
        _stop_row(stop, ground.places.loc[stop["place"]]) for stop in made.stops.to_dict("records")
    ]


def _stop_row(stop: dict[str, Any], place: pd.Series) -> dict[str, Any]:
    return {
        "team": int(stop["team"]),
        "position": int(stop["position"]),
        "identity_id": int(stop["place"]) if place["code"] else None,
        "name": place["name"],
        "geometry": place["geometry"],
        "arrives_at": stop["arrives_at"].to_pydatetime(),
        "leaves_at": stop["leaves_at"].to_pydatetime(),
        "reason": _reason(place),
        "tasks": [*TASKS, *([LARGE_CYLINDER_TASK] if place["cylinders"] else [])],
    }


def _reason(place: pd.Series) -> str:
    recent = counted(int(place["in_28_days"]), "incident")
    counts = f"{recent} in 28 days, {int(place['in_12_months'])} in 12 months"
    hours = f"hottest {place['hot_hours']}" if place["hot_hours"] else ""
    return "; ".join(part for part in (place["asked"], counts, hours) if part)
