"""How old open work is, counted by the database: a backlog is never loaded for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from geodata.incidents.open_incidents import OPEN
from geodata.models import Incident
from geodata.store.job_months import IS_JOB


@dataclass(frozen=True)
class OpenAges:
    """Open jobs by the time since the public first told of them.

    Attributes
    ----------
    counts
        One a band, and one of those beyond the last.
    oldest
        The age of the oldest; None where none is open.
    """

    counts: list[int]
    oldest: timedelta | None


def ages_of_open(session: Session, bands: Sequence[timedelta], *, now: datetime) -> OpenAges:
    """Ages of what is open at a moment; what was closed later was open then.

    Parameters
    ----------
    bands
        The greatest age of each but the last, rising.
    """
    told_at = Incident.first_public_at
    band = case(*((told_at >= now - most, n) for n, most in enumerate(bands)), else_=len(bands))
    is_open = Incident.closed_at.is_(None) & Incident.state.in_(OPEN)
    rows = session.execute(
        select(band, func.count(), func.min(told_at))
        .where(IS_JOB, told_at <= now, is_open | (Incident.closed_at > now))
        .group_by(band)
    ).all()
    counts = {number: count for number, count, _ in rows}
    return OpenAges(
        [counts.get(number, 0) for number in range(len(bands) + 1)],
        max((now - first for _, _, first in rows), default=None),
    )
