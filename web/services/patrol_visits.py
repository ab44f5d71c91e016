"""The visit log: what officers found at a planned stop."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import patrols
from geodata.errors import RefusedError

CLOCK_SKEW = timedelta(minutes=5)
"""How far a telephone's clock may be ahead of ours."""


@dataclass(frozen=True)
class NewVisit:
    """What officers tell of a stop.

    Attributes
    ----------
    arrived_at, left_at
        Aware; ``left_at`` None while they are there.
    position
        Where the telephone was, EPSG:27700; None where it was not given.
    canisters_seen
        None: not looked for.
    """

    arrived_at: datetime
    left_at: datetime | None
    position: Point | None
    canisters_seen: bool | None
    chargers: int | None = None
    cylinders: int | None = None
    people_spoken_to: int | None = None
    note: str | None = None


def log_visit(
    session: Session, stop_id: int, visit: NewVisit, *, now: datetime, user_id: int | None = None
) -> int:
    """Keep what happened at a planned stop; the key of its plan.

    Raises
    ------
    NotFoundError
        There is no such stop.
    RefusedError
        It was logged before, or its times cannot be.
    """
    stop = patrols.find_stop(session, stop_id)
    if any(known.stop_id == stop_id for known in patrols.visits_of(session, stop.plan_id)):
        raise RefusedError(f"the visit to {stop.name} is logged already: nothing was changed")
    if visit.left_at is not None and visit.left_at < visit.arrived_at:
        raise RefusedError("you left before you arrived: check the two times")
    if visit.arrived_at > now + CLOCK_SKEW:
        raise RefusedError("the time of arrival lies in the future: check it")
    patrols.add_visit(
        session,
        plan_id=stop.plan_id,
        stop_id=stop_id,
        geometry=visit.position,
        arrived_at=visit.arrived_at,
        left_at=visit.left_at,
        canisters_seen=visit.canisters_seen,
        chargers=visit.chargers,
        cylinders=visit.cylinders,
        people_spoken_to=visit.people_spoken_to,
        note=visit.note,
        user_id=user_id,
    )
    return stop.plan_id
