"""What the contractor did about incidents: rows are added and never deleted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from geodata.core.sent_once import refuse_other, under_key
from geodata.core.vocabulary import CLOSING, Outcome
from geodata.models import Clearance


def stands() -> Select[Clearance]:
    """Clearances that are neither voided nor replaced by a correction."""
    replaced = select(Clearance.replaces_id).where(Clearance.replaces_id.is_not(None))
    return select(Clearance).where(Clearance.voided_at.is_(None), Clearance.id.not_in(replaced))


def left_to_join() -> Select[int | None]:
    """Keys of incidents of which a crew last said that they are the same as an unnamed job."""
    later = stands().subquery()
    is_last = ~(
        select(later.c.id)
        .where(
            later.c.incident_id == Clearance.incident_id,
            tuple_(later.c.occurred_at, later.c.id) > tuple_(Clearance.occurred_at, Clearance.id),
        )
        .exists()
    )
    last = stands().where(Clearance.outcome == Outcome.TO_JOIN.value, is_last)
    return last.with_only_columns(Clearance.incident_id)


def standing(session: Session, incident_id: int) -> Sequence[Clearance]:
    """An incident's clearances that stand, oldest first."""
    query = stands().where(Clearance.incident_id == incident_id)
    return session.scalars(query.order_by(Clearance.occurred_at, Clearance.id)).all()


def all_of(session: Session, incident_id: int) -> Sequence[Clearance]:
    """An incident's clearances, corrected and voided ones too, as they were recorded."""
    query = select(Clearance).where(Clearance.incident_id == incident_id)
    return session.scalars(query.order_by(Clearance.id)).all()


def by_idempotency_key(session: Session, key: str) -> Clearance | None:
    """The clearance that a key was used for already.

    Raises
    ------
    KeyReusedError
        It was used with something else.
    """
    clearance = session.scalar(select(Clearance).where(under_key(Clearance.idempotency_key, key)))
    refuse_other(clearance.idempotency_key if clearance else None, key)
    return clearance


def get(session: Session, clearance_id: int) -> Clearance | None:
    return session.get(Clearance, clearance_id)


def told_at(clearance: Clearance) -> datetime:
    """The time that its crew told, whether it counts or not."""
    return clearance.device_at or clearance.occurred_at


def add(session: Session, **columns: object) -> Clearance:
    """A new clearance."""
    clearance = Clearance(**columns)
    session.add(clearance)
    session.flush()
    return clearance


def void_closing(session: Session, incident_id: int, *, now: datetime) -> list[int]:
    """Take back what closed an incident: it was still there. Keys of what no longer stands."""
    closing = [c for c in standing(session, incident_id) if c.outcome in CLOSING]
    for clearance in closing:
        clearance.voided_at = now
    session.flush()
    return [clearance.id for clearance in closing]
