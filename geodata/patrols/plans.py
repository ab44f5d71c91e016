"""Patrol plans, their stops and what happened at them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError
from geodata.models import PatrolPlan, PatrolStop, PatrolVisit


def save_plan(
    session: Session, columns: dict[str, Any], stops: Sequence[dict[str, Any]]
) -> PatrolPlan:
    """A new plan with its stops; both given by column."""
    plan = PatrolPlan(**columns)
    session.add(plan)
    session.flush()
    session.add_all([PatrolStop(plan_id=plan.id, **stop) for stop in stops])
    session.flush()
    return plan


def find_plan(session: Session, key: int) -> PatrolPlan:
    """A plan by its key.

    Raises
    ------
    NotFoundError
        There is none.
    """
    plan = session.get(PatrolPlan, key)
    if plan is None:
        raise NotFoundError(f"there is no patrol plan {key}")
    return plan


def with_seed(session: Session, seed: int, starts_at: datetime) -> Sequence[PatrolPlan]:
    """Plans of one seed for a shift that starts at a moment, oldest first."""
    query = select(PatrolPlan).where(PatrolPlan.seed == seed, PatrolPlan.starts_at == starts_at)
    return session.scalars(query.order_by(PatrolPlan.id)).all()


def find_stop(session: Session, key: int) -> PatrolStop:
    """A stop by its key.

    Raises
    ------
    NotFoundError
        There is none.
    """
    stop = session.get(PatrolStop, key)
    if stop is None:
        raise NotFoundError(f"there is no patrol stop {key}")
    return stop


def newest_plans(session: Session, *, limit: int = 50) -> Sequence[PatrolPlan]:
    """Plans, the latest shift first."""
    query = select(PatrolPlan).order_by(PatrolPlan.starts_at.desc(), PatrolPlan.id.desc())
    return session.scalars(query.limit(limit)).all()


def newest_between(session: Session, first: datetime, last: datetime) -> PatrolPlan | None:
    """The plan made last whose shift starts in a span of time, its end left out."""
    query = select(PatrolPlan).where(PatrolPlan.starts_at >= first, PatrolPlan.starts_at < last)
    return session.scalars(query.order_by(PatrolPlan.id.desc()).limit(1)).first()


def plans_before(session: Session, moment: datetime, *, limit: int = 14) -> Sequence[PatrolPlan]:
    """The last plans whose shift ended by a moment, oldest first; one that was made anew counts
    once, as it was made last."""
    query = (
        select(PatrolPlan)
        .where(PatrolPlan.ends_at <= moment)
        .order_by(PatrolPlan.starts_at.desc(), PatrolPlan.id.desc())
    )
    shifts: dict[datetime, PatrolPlan] = {}
    for plan in session.scalars(query.limit(limit * 4)):
        shifts.setdefault(plan.starts_at, plan)
    return list(shifts.values())[:limit][::-1]


def stops_of(session: Session, plan_ids: Sequence[int]) -> Sequence[PatrolStop]:
    """Stops of plans, by plan, team and position."""
    query = (
        select(PatrolStop)
        .where(PatrolStop.plan_id.in_(plan_ids))
        .order_by(PatrolStop.plan_id, PatrolStop.team, PatrolStop.position, PatrolStop.id)
    )
    return session.scalars(query).all()


def add_visit(session: Session, **columns: Any) -> PatrolVisit:
    """What happened at a stop, or at a place that was not planned."""
    visit = PatrolVisit(**columns)
    session.add(visit)
    session.flush()
    return visit


def visits_of(session: Session, plan_id: int) -> Sequence[PatrolVisit]:
    """Visits logged for a plan, in time."""
    query = select(PatrolVisit).where(PatrolVisit.plan_id == plan_id)
    return session.scalars(query.order_by(PatrolVisit.arrived_at, PatrolVisit.id)).all()
