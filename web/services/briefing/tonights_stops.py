"""Tonight's patrol in a few lines: when, and where it stops, if it is planned."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geodata import patrols
from web.services.patrols.tonight import Tonight, tonight


@dataclass(frozen=True)
class NightStop:
    """A planned halt; times are UTC."""

    team: int
    name: str
    arrives_at: datetime
    leaves_at: datetime


@dataclass(frozen=True)
class PlannedNight:
    """Tonight's usual shift; ``stops`` are empty where nothing is planned for it."""

    shift: Tonight
    stops: tuple[NightStop, ...]


def planned_night(session: Session, *, now: datetime) -> PlannedNight:
    """The shift of tonight with the stops of its newest plan, team by team."""
    shift = tonight(session, now=now)
    rows = patrols.stops_of(session, [shift.plan_id]) if shift.plan_id else []
    stops = (NightStop(s.team, s.name, s.arrives_at, s.leaves_at) for s in rows)
    return PlannedNight(shift, tuple(stops))
