"""Figures as they were published: added once for each period, and never changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.models import FigureRelease

MONTH, YEAR, ENFORCEMENT = "month", "year", "enforcement"


def releases(session: Session, *kinds: str) -> list[FigureRelease]:
    """All releases, or those of some kinds, the earliest period first."""
    query = select(FigureRelease)
    if kinds:
        query = query.where(FigureRelease.kind.in_(kinds))
    return list(session.scalars(query.order_by(FigureRelease.first_day, FigureRelease.id)))


def latest(session: Session) -> int:
    """Number of the release made last, 0 where none is: what is published changes with it alone."""
    return session.scalar(select(func.max(FigureRelease.id))) or 0


def released_periods(session: Session, kind: str) -> set[str]:
    """The periods of a kind that are published already."""
    return set(session.scalars(select(FigureRelease.period).where(FigureRelease.kind == kind)))


def add(
    session: Session,
    kind: str,
    period: str,
    *,
    first_day: date,
    last_day: date,
    cells: Mapping[str, Any],
    now: datetime,
) -> FigureRelease:
    """Publish a period's cells; the store refuses a second release of it."""
    release = FigureRelease(
        kind=kind,
        period=period,
        first_day=first_day,
        last_day=last_day,
        released_at=now,
        cells=dict(cells),
    )
    session.add(release)
    session.flush()
    return release
