"""Tonight's patrol with what is usual, so that one press plans it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
from sqlalchemy.orm import Session

from geodata import patrols, places
from geodata.core.geography import to_lonlat
from geodata.rules.days import LONDON
from geodata.store import settings
from hotspots.timing.daylight import sun_times
from web.services.patrols.missed_hours import missed_hours
from web.services.patrols.patrolling import START_PLACE, PatrolWish, new_seed
from web.services.patrols.shift_hours import ShiftHours, set_hours

EARLIEST = time(20)
"""Where the council has set no hours: dumping begins about now; where the sun sets later, patrols
wait for it."""
LENGTH = timedelta(hours=4, minutes=30)
LEAST = timedelta(minutes=90)
"""With less than this left of a night, the next one is meant."""
_STEP = pd.Timedelta(minutes=15)
LonLat = tuple[float, float]


@dataclass(frozen=True)
class Tonight:
    """The usual shift, aware, and the newest plan made for it; None where there is none.

    ``missed`` says when most dumping is expected, where the shift misses it; else "". ``seed`` goes
    with the page, so that its button pressed twice asks for one plan.
    """

    starts_at: datetime
    ends_at: datetime
    start_place: str | None
    plan_id: int | None
    missed: str
    seed: int = field(default_factory=new_seed)

    def wish(self, seed: int) -> PatrolWish:
        """One team of two from the usual place."""
        return PatrolWish(self.starts_at, self.ends_at, seed)


def tonight(session: Session, *, now: datetime) -> Tonight:
    """Tonight's usual shift in this borough, or what is left of it."""
    area = places.borough(session)
    middle = None if area is None else area.centroid
    hours = set_hours(session)
    lonlat = middle and to_lonlat(middle.x, middle.y)
    starts_at, ends_at = usual_shift(now, lonlat, hours)
    made = patrols.newest_between(session, starts_at - (hours.length if hours else LENGTH), ends_at)
    place = settings.read(session, START_PLACE)
    missed = missed_hours(session, starts_at, ends_at)
    return Tonight(starts_at, ends_at, place, made.id if made else None, missed)


def usual_shift(
    now: datetime, lonlat: LonLat | None, hours: ShiftHours | None = None
) -> tuple[datetime, datetime]:
    """Start and end, UTC: from 20:00 in London or sunset, whichever is later, for 4½ hours.

    Once it has begun it starts at the next quarter of an hour.

    Parameters
    ----------
    now
        Aware.
    lonlat
        WGS 84 degrees of the borough; None: the sun is not asked.
    hours
        What the council has set instead; the sun is not asked either.

    Examples
    --------
    >>> starts_at, ends_at = usual_shift(datetime(2026, 11, 24, 23, 20, tzinfo=UTC), None)
    >>> f"{starts_at:%d %H:%M} {ends_at:%d %H:%M}"  # the next night: too little is left of this one
    '25 20:00 26 00:30'
    """
    today = now.astimezone(LONDON).date()
    for day in (today - timedelta(days=1), today):
        starts_at, ends_at = _shift_of(day, lonlat, hours)
        if now <= ends_at - LEAST:
            return max(starts_at, _next_quarter(now)), ends_at
    return _shift_of(today + timedelta(days=1), lonlat, hours)


def _shift_of(
    day: date, lonlat: LonLat | None, hours: ShiftHours | None
) -> tuple[datetime, datetime]:
    if hours is not None:
        return hours.on(day)
    starts_at = _night_begins(day, lonlat)
    return starts_at, starts_at + LENGTH


def _night_begins(day: date, lonlat: LonLat | None) -> datetime:
    earliest = datetime.combine(day, EARLIEST, LONDON).astimezone(UTC)
    if lonlat is None:
        return earliest
    _, sunset = sun_times(day, lon=lonlat[0], lat=lonlat[1])
    return max(earliest, _next_quarter(sunset.to_pydatetime(warn=False)))


def _next_quarter(moment: datetime) -> datetime:
    rounded: datetime = pd.Timestamp(moment).ceil(_STEP).to_pydatetime()
    return rounded.astimezone(UTC)
