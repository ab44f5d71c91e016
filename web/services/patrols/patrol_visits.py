"""The visit log: what officers found at a planned stop, or elsewhere on their way.

Canisters that they saw are a report of their own, so that the crew comes for them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import patrols
from geodata.clearances import time_gaps
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import ChargerBand, Source, band_of
from geodata.media import photos
from geodata.people.audit import Actor
from geodata.reports import drafts
from geodata.rules.clearances.device_times import CLOCK_SKEW, counted_time
from geodata.store.engine import lock
from web.services.posters.poster_campaigns import log_event
from web.services.reporting.intake import NewReport, take_report

if TYPE_CHECKING:
    from geodata.models import PatrolStop, PatrolVisit

LOCK = "patrol_visits"
AT_STOP_M = 300.0
"""A device farther from the stop than this is where the form is filled in, not the canisters."""
STOP_ACCURACY_M = 50.0
"""How far canisters of a hotspot may lie from its middle."""
POSTERS_WITHIN_M = 150.0
"""What a team can walk to in a stop."""
POSTER_CHECKS = {  # what officers tick: the event of the poster, and its note
    "seen": ("seen", ""),
    "damaged": ("damaged", ""),
    "missing": ("removed", "missing when a patrol looked"),
}
COMPARED = (
    "arrived_at",
    "left_at",
    "canisters_seen",
    "chargers",
    "cylinders",
    "people_spoken_to",
    "note",
)


@dataclass(frozen=True)
class NewVisit:
    """What officers tell of a visit.

    Attributes
    ----------
    arrived_at, left_at
        Aware; ``left_at`` None while they are there.
    position, accuracy_m
        Where it was, EPSG:27700; None where only the stop says so.
    canisters_seen
        None: not looked for.
    idempotency_key
        Of the form: the same key is the same report.
    draft_id
        Of the draft that holds the photos taken there.
    posters
        Code of a poster's site, and a key of ``POSTER_CHECKS``.
    """

    arrived_at: datetime
    left_at: datetime | None
    position: Point | None
    canisters_seen: bool | None
    accuracy_m: float | None = None
    chargers: int | None = None
    cylinders: int | None = None
    people_spoken_to: int | None = None
    note: str | None = None
    idempotency_key: str | None = None
    draft_id: int | None = None
    posters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LoggedVisit:
    """The plan it belongs to, and the reference of the report that it made, None where none."""

    plan_id: int
    reference: str | None


def log_visit(
    session: Session, stop_id: int, visit: NewVisit, *, now: datetime, user_id: int
) -> LoggedVisit:
    """Keep what happened at a planned stop. Told twice alike, it is one visit.

    Raises
    ------
    NotFoundError
        There is no such stop.
    RefusedError
        Another visit to it was logged before, or its times cannot be.
    """
    lock(session, LOCK)
    stop = patrols.find_stop(session, stop_id)
    known = [v for v in patrols.visits_of(session, stop.plan_id) if v.stop_id == stop_id]
    if any(_is_alike(before, visit) for before in known):
        return LoggedVisit(stop.plan_id, None)
    if known:
        raise RefusedError(f"the visit to {stop.name} is logged already: nothing was changed")
    position = visit.position
    if position is not None and position.distance(stop.geometry) > AT_STOP_M:
        position = None
    return _keep(session, stop.plan_id, stop, visit, position, now=now, user_id=user_id)


def log_unplanned(
    session: Session, plan_id: int, visit: NewVisit, *, now: datetime, user_id: int
) -> LoggedVisit:
    """Keep what happened at a place that was not planned. Told twice alike, it is one visit.

    Raises
    ------
    NotFoundError
        There is no such plan.
    RefusedError
        It lacks its place, or its times cannot be.
    """
    lock(session, LOCK)
    plan = patrols.find_plan(session, plan_id)
    if visit.position is None:
        raise RefusedError("say where: use your position, a grid reference or a known place")
    known = [v for v in patrols.visits_of(session, plan.id) if v.stop_id is None]
    if any(_is_alike(before, visit) and before.geometry == visit.position for before in known):
        return LoggedVisit(plan.id, None)
    return _keep(session, plan.id, None, visit, visit.position, now=now, user_id=user_id)


def _is_alike(known: PatrolVisit, visit: NewVisit) -> bool:
    return all(getattr(known, name) == getattr(visit, name) for name in COMPARED)


def _keep(
    session: Session,
    plan_id: int,
    stop: PatrolStop | None,
    visit: NewVisit,
    position: Point | None,
    *,
    now: datetime,
    user_id: int,
) -> LoggedVisit:
    _refuse_impossible(visit, now)
    row = patrols.add_visit(
        session,
        plan_id=plan_id,
        stop_id=stop.id if stop else None,
        geometry=position,
        recorded_at=now,
        user_id=user_id,
        **{name: getattr(visit, name) for name in COMPARED},
    )
    if visit.draft_id is not None:
        photos.adopt_drafts(session, visit.draft_id, now=now, visit_id=row.id)
        drafts.drop(session, visit.draft_id)
    _log_posters(session, visit, Actor(user_id, now))
    if not visit.canisters_seen:
        return LoggedVisit(plan_id, None)
    told_at = _told_at(session, visit, now)
    report = replace(
        _report(stop, visit, position, user_id),
        reported_at=told_at,
        first_seen_at=min(visit.arrived_at, told_at),
    )
    return LoggedVisit(plan_id, take_report(session, report, now=now).reference)


def _log_posters(session: Session, visit: NewVisit, actor: Actor) -> None:
    for code, check in visit.posters:
        kind, note = POSTER_CHECKS[check]
        log_event(session, actor, code, kind, at=visit.arrived_at, note=note)


def _told_at(session: Session, visit: NewVisit, now: datetime) -> datetime:
    """When the council was told of what a visit found; late, it was told when it was written."""
    counted = counted_time(
        visit.arrived_at,
        received_at=now,
        not_before=visit.arrived_at,
        most_gap=time_gaps.most_gap(session),
    )
    return counted.at


def _report(
    stop: PatrolStop | None, visit: NewVisit, position: Point | None, user_id: int
) -> NewReport:
    """What was seen, as a report; at the stop where the device did not say where."""
    band = ChargerBand.UNKNOWN if visit.chargers is None else band_of(visit.chargers)
    return NewReport(
        position=stop.geometry if stop and position is None else position,
        accuracy_m=STOP_ACCURACY_M if position is None else visit.accuracy_m,
        source=Source.OFFICER.value,
        channel="patrol",
        reported_at=visit.arrived_at,
        charger_band=band.value,
        cylinders=visit.cylinders,
        landmark=stop.name if stop else None,
        idempotency_key=visit.idempotency_key,
        user_id=user_id,
    )


def _refuse_impossible(visit: NewVisit, now: datetime) -> None:
    if visit.left_at is not None and visit.left_at < visit.arrived_at:
        raise RefusedError("you left before you arrived: check the two times")
    if visit.arrived_at > now + CLOCK_SKEW:
        raise RefusedError("the time of arrival lies in the future: check it")
