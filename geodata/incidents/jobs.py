"""Rows of the contractor's worklist: open incidents with where and what, and nobody's name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from geodata.clearances import outcomes
from geodata.clearances.contracts import EVERYTHING, CrewScope
from geodata.core.errors import NotFoundError
from geodata.core.vocabulary import Moderation, Outcome
from geodata.incidents.open_incidents import OPEN
from geodata.models import Clearance, Incident, Photo, Place, Report
from geodata.rules.days import day_starts

Ward = aliased(Place, name="ward")
Spot = aliased(Place, name="spot")


@dataclass(frozen=True, slots=True)
class PlacedIncident:
    """An incident with its ward and the named place it lies in, where it has them."""

    incident: Incident
    ward: Place | None
    spot: Place | None


def _query() -> Select[Incident, Place, Place]:
    return (
        select(Incident, Ward, Spot)
        .outerjoin(Ward, Ward.id == Incident.ward_id)
        .outerjoin(Spot, Spot.id == Incident.place_id)
        .where(Incident.merged_into_id.is_(None))
    )


def _is_in(scope: CrewScope) -> ColumnElement[bool]:
    if scope.is_everything:
        return true()
    if scope.contractor is None:
        return false()
    is_theirs = Incident.contractor == scope.contractor
    if scope.first_day is None:
        return is_theirs
    since = day_starts(scope.first_day)
    return is_theirs & (Incident.closed_at.is_(None) | (Incident.closed_at >= since))


def open_of(scope: CrewScope) -> ColumnElement[bool]:
    """Condition of incidents: open or paused, and in the scope."""
    return Incident.merged_into_id.is_(None) & Incident.state.in_(OPEN) & _is_in(scope)


def refuse_outside(session: Session, incident_id: int, scope: CrewScope) -> None:
    """Let an incident of the scope pass.

    Raises
    ------
    NotFoundError
        It is another contract's: whoever asks learns no more than that it is not theirs.
    """
    if not within(session, [incident_id], scope):
        raise NotFoundError("there is no such job in this contract: check the reference")


def within(session: Session, incident_ids: Sequence[int], scope: CrewScope) -> set[int]:
    """Those of the incidents that are in the scope."""
    query = select(Incident.id).where(Incident.id.in_(incident_ids), _is_in(scope))
    return set(session.scalars(query))


def has_photo(session: Session, photo_id: int, scope: CrewScope) -> bool:
    """Whether a photo is of a report or an outcome of a job in the scope."""
    query = (
        select(Photo.id)
        .outerjoin(Report, Report.id == Photo.report_id)
        .outerjoin(Clearance, Clearance.id == Photo.clearance_id)
        .join(
            Incident, or_(Incident.id == Report.incident_id, Incident.id == Clearance.incident_id)
        )
        .where(Photo.id == photo_id, _is_in(scope))
    )
    return session.scalar(query.limit(1)) is not None


def open_jobs(session: Session, scope: CrewScope = EVERYTHING) -> list[PlacedIncident]:
    """What is open or paused, due soonest first.

    What no public report set a clock on comes last, oldest first.
    """
    query = _query().where(Incident.state.in_(OPEN), _is_in(scope))
    by_due = query.order_by(
        Incident.due_at.is_(None), Incident.due_at, Incident.first_reported_at, Incident.id
    )
    return [PlacedIncident(*row) for row in session.execute(by_due)]


def of_nobody(session: Session, firms: Collection[str]) -> Sequence[Incident]:
    """Open incidents of none of the firms, the oldest first: no crew of theirs sees them."""
    query = select(Incident).where(
        Incident.merged_into_id.is_(None),
        Incident.state.in_(OPEN),
        or_(Incident.contractor.is_(None), Incident.contractor.not_in(firms)),
    )
    return session.scalars(query.order_by(Incident.first_reported_at, Incident.id)).all()


def of_incident(session: Session, incident_id: int) -> PlacedIncident:
    """One incident, whatever its state.

    Raises
    ------
    NotFoundError
        There is none, or it was merged into another.
    """
    row = session.execute(_query().where(Incident.id == incident_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no incident {incident_id}")
    return PlacedIncident(*row)


def incident_key(session: Session, reference: str) -> int | None:
    """Key of the incident whose reference, or one of whose reports' references, this is."""
    wanted = reference.strip().upper()
    by_report = select(Report.incident_id).where(Report.reference == wanted)
    query = select(Incident.id).where(
        or_(Incident.key == wanted, Incident.id.in_(by_report.scalar_subquery()))
    )
    return session.scalar(query.order_by(Incident.id).limit(1))


def photo_ids(session: Session, incident_ids: Sequence[int]) -> dict[int, list[int]]:
    """Approved photos of the incidents' reports, by incident."""
    query = (
        select(Report.incident_id, Photo.id)
        .join(Report, Report.id == Photo.report_id)
        .where(Report.incident_id.in_(incident_ids), Photo.state == Moderation.APPROVED.value)
        .order_by(Photo.id)
    )
    by_incident: dict[int, list[int]] = {}
    for incident_id, photo_id in session.execute(query):
        by_incident.setdefault(incident_id or 0, []).append(photo_id)
    return by_incident


def recent(
    session: Session, *, state: str, ward_id: int | None, limit: int
) -> list[PlacedIncident]:
    """The same for officers: of one state ("" is any), newest report first.

    Of the state "to_join" are those still open that a crew left to an officer to join.
    """
    query = _query()
    if state == Outcome.TO_JOIN:
        left = outcomes.left_to_join()
        query = query.where(Incident.id.in_(left), Incident.closed_at.is_(None))
    elif state:
        query = query.where(Incident.state == state)
    if ward_id is not None:
        query = query.where(Incident.ward_id == ward_id)
    newest = query.order_by(Incident.last_reported_at.desc(), Incident.id.desc())
    return [PlacedIncident(*row) for row in session.execute(newest.limit(limit))]
