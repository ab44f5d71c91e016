"""A patrol's sheet: what the teams take along, and what came of it. No targets for penalties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import patrols
from geodata.core.geography import to_lonlat
from geodata.core.grid_references import format_gridref
from geodata.enforcement import orders
from geodata.media import area_photos
from geodata.rules.days import LONDON
from geodata.store import settings
from web.services.paper import gpx

if TYPE_CHECKING:
    from geodata.models import PatrolStop, PatrolVisit

CONTACTS = "patrol_contacts"
"""Setting: whom to call, as a list of [who, number]."""
DEFAULT_CONTACTS = (("Emergency", "999"), ("Police, not urgent", "101"))
CHECK_IN_MIN = 60
HAZARDS = (
    "Cylinders may be under pressure, freezing or leaking: keep away, no flames, call for help",
    "Broken glass and needles: never pick them up by hand",
    "A person who is confused or has collapsed: call 999",
)


@dataclass(frozen=True)
class SheetStop:
    """A planned halt, and the visit that was logged for it. Times are UTC."""

    id: int
    team: int
    position: int
    name: str
    easting: float
    northing: float
    arrives_at: datetime
    leaves_at: datetime
    reason: str
    tasks: tuple[str, ...]
    visit: PatrolVisit | None

    @property
    def grid_ref(self) -> str:
        return format_gridref(self.easting, self.northing, digits=4)


@dataclass(frozen=True)
class SheetOrder:
    """An order in force in the shift."""

    name: str
    valid_to: date | None
    prohibitions: tuple[str, ...]


@dataclass(frozen=True)
class PatrolSheet:
    """All that stands on a sheet."""

    plan_id: int
    starts_at: datetime
    ends_at: datetime
    seed: int
    params: dict[str, Any]
    coverage: dict[str, Any]
    stops: tuple[SheetStop, ...]
    orders: tuple[SheetOrder, ...]
    contacts: tuple[tuple[str, str], ...]
    check_ins: tuple[datetime, ...]
    unplanned: tuple[tuple[str, PatrolVisit], ...]
    """Grid reference, empty where unknown, and visit, of what was logged without a stop."""
    photos: dict[int, list[int]]
    """Keys of the photos of each visit, by the visit's key."""
    hazards: tuple[str, ...] = HAZARDS

    @property
    def teams(self) -> list[list[SheetStop]]:
        """The stops of each team; empty for one that makes none."""
        numbers = range(1, len(self.params["teams"]) + 1)
        return [[stop for stop in self.stops if stop.team == n] for n in numbers]

    @property
    def next_stop(self) -> SheetStop | None:
        """The first planned stop, by its time, that nobody has logged; None where all are."""
        open_ = [stop for stop in self.stops if stop.visit is None]
        return min(open_, key=lambda stop: (stop.arrives_at, stop.team), default=None)

    @property
    def tasks(self) -> list[str]:
        """What is to be done at the stops, each once."""
        return list(dict.fromkeys(task for stop in self.stops for task in stop.tasks))

    @property
    def done(self) -> int:
        """Planned stops that were visited."""
        return sum(stop.visit is not None for stop in self.stops)


def sheet(session: Session, plan_id: int) -> PatrolSheet:
    """The sheet of a plan.

    Raises
    ------
    NotFoundError
        There is no such plan.
    """
    plan = patrols.find_plan(session, plan_id)
    visits = patrols.visits_of(session, plan_id)
    visited = {visit.stop_id: visit for visit in visits}
    day = plan.starts_at.astimezone(LONDON).date()
    versions = orders.in_force(session, day)
    contacts = settings.read(session, CONTACTS, DEFAULT_CONTACTS)
    return PatrolSheet(
        plan.id,
        plan.starts_at,
        plan.ends_at,
        plan.seed,
        plan.params,
        plan.coverage,
        tuple(_stop(stop, visited.get(stop.id)) for stop in patrols.stops_of(session, [plan_id])),
        tuple(SheetOrder(v.order.name, v.valid_to, orders.sentences_of(v)) for v in versions),
        tuple((str(who), str(number)) for who, number in contacts),
        tuple(_check_ins(plan.starts_at, plan.ends_at)),
        tuple((_grid_ref(visit.geometry), visit) for visit in visits if visit.stop_id is None),
        area_photos.of_visits(session, [visit.id for visit in visits]),
    )


def _stop(stop: PatrolStop, visit: PatrolVisit | None) -> SheetStop:
    return SheetStop(
        stop.id,
        stop.team,
        stop.position,
        stop.name,
        stop.geometry.x,
        stop.geometry.y,
        stop.arrives_at,
        stop.leaves_at,
        stop.reason,
        tuple(stop.tasks),
        visit,
    )


def _grid_ref(point: BaseGeometry | None) -> str:
    return "" if point is None else format_gridref(point.x, point.y, digits=4)


def _check_ins(start: datetime, end: datetime) -> list[datetime]:
    """Every hour, and when the shift ends."""
    step = timedelta(minutes=CHECK_IN_MIN)
    hours = int((end - start) / step)
    between = [start + n * step for n in range(1, hours + 1)]
    return [moment for moment in between if moment < end] + [end]


def as_document(sheet: PatrolSheet) -> dict[str, object]:
    """The plan as another program reads it: London times with their offset, degrees."""
    return {
        "plan": sheet.plan_id,
        "starts_at": _local(sheet.starts_at).isoformat(),
        "ends_at": _local(sheet.ends_at).isoformat(),
        "seed": sheet.seed,
        "asked": sheet.params,
        "coverage": sheet.coverage,
        "stops": [_stop_document(stop) for stop in sheet.stops],
    }


def _stop_document(stop: SheetStop) -> dict[str, object]:
    lon, lat = to_lonlat(stop.easting, stop.northing)
    return {
        "team": stop.team,
        "position": stop.position,
        "name": stop.name,
        "lon": round(lon, 6),
        "lat": round(lat, 6),
        "grid_ref": stop.grid_ref,
        "arrives_at": _local(stop.arrives_at).isoformat(),
        "leaves_at": _local(stop.leaves_at).isoformat(),
        "reason": stop.reason,
    }


def as_text(sheet: PatrolSheet) -> str:
    """The plan as a person reads it on a terminal."""
    lines = [f"Plan {sheet.plan_id}: {coverage_sentence(sheet.coverage)}"]
    for stop in sheet.stops:
        where = ", ".join(dict.fromkeys([*stop.name.split(", "), stop.grid_ref]))
        lines.append(f"  team {stop.team}  {_window(stop)}  {where}: {stop.reason}")
    return "\n".join(lines)


def coverage_sentence(coverage: dict[str, Any]) -> str:
    """What share of the expected dumping a plan covers, and what an hour more would add."""
    extra = coverage["extra_per_officer_hour"] / coverage["expected"] if coverage["expected"] else 0
    wishes = " and the places asked for" if coverage.get("places_asked_for") else ""
    return (
        f"covers {coverage['share']:.0%} of the dumping expected at the hotspots{wishes} in these "
        f"hours ({coverage['covered']:.2f} of {coverage['expected']:.2f} incidents); one "
        f"officer-hour more would add {extra:.1%}."
    )


def as_gpx(sheet: PatrolSheet) -> bytes:
    """Stops as GPX 1.1: one route a team, each point with its time and why."""
    teams = enumerate(sheet.teams, 1)
    return gpx.as_gpx((f"Team {n}", map(_halt, stops)) for n, stops in teams if stops)


def _halt(stop: SheetStop) -> gpx.RoutePoint:
    lon, lat = to_lonlat(stop.easting, stop.northing)
    about = f"{_window(stop)}. {stop.reason}"
    return gpx.RoutePoint(lon, lat, f"{stop.position}. {stop.name}", about)


def _window(stop: SheetStop) -> str:
    return f"{_local(stop.arrives_at):%H:%M}-{_local(stop.leaves_at):%H:%M}"


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)
