"""The demo's patrols: a shift a month for a year and a month, planned and logged as officers do."""

from contextlib import suppress
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from geodata import patrols
from geodata.core.errors import RefusedError
from geodata.demo import NOTE
from geodata.rules.days import LONDON, corresponding_day
from web.services.patrols.patrol_places import PatrolPlaces, patrol_places
from web.services.patrols.patrol_visits import NewVisit, log_visit
from web.services.patrols.patrolling import PatrolWish, keep, plan

MONTHS = 13
"""So that a year of whole months has a record from its first."""
FIRST_NIGHT, STARTS_AT, HOURS = 2, time(20), 3
STOPS = (2, 3, 4, 1)
"""At most; the next number where each good plan would repeat the shift before."""
SEARCHES = 2
"""A third of an officer's: somebody waits for the demo, and nobody walks its patrols."""
SPOKEN_TO = (3, 0, 5, 1, 2)
"""At one visit after the other."""


def save_patrols(session: Session, *, now: datetime, officer: int, planned_by: datetime) -> None:
    """Plan the shifts and log their visits, each at its own time.

    Nobody looked for canisters there: what is found is a report, and the dumps were drawn without.

    Parameters
    ----------
    officer
        Key of the account that logs.
    planned_by
        By whose hotspots all are planned: the first run that there was.
    """
    known = patrol_places(session, as_of=planned_by)
    this_month = now.astimezone(LONDON).date().replace(day=1)
    for ago in range(MONTHS, 0, -1):
        night = corresponding_day(this_month, -ago) + timedelta(days=FIRST_NIGHT + ago)
        starts_at = datetime.combine(night, STARTS_AT, LONDON)
        _patrol(session, known, starts_at, seed=ago, officer=officer)


def _patrol(
    session: Session, known: PatrolPlaces, starts_at: datetime, *, seed: int, officer: int
) -> None:
    ends_at = starts_at + timedelta(hours=HOURS)
    made_at = starts_at - timedelta(hours=HOURS)
    for most in STOPS:
        wish = PatrolWish(starts_at, ends_at, seed=seed, max_stops=most, searches=SEARCHES)
        with suppress(RefusedError):
            key = keep(session, plan(session, wish, now=made_at, user_id=officer, known=known))
            break
    else:
        return  # a month without a patrol, as real records have
    for n, stop in enumerate(patrols.stops_of(session, [key])):
        visit = NewVisit(
            stop.arrives_at,
            stop.leaves_at,
            position=None,
            canisters_seen=None,
            people_spoken_to=SPOKEN_TO[(seed + n) % len(SPOKEN_TO)],
            note=NOTE,
        )
        log_visit(session, stop.id, visit, now=ends_at, user_id=officer)
