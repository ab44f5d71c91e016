"""Open jobs of a contract that has ended: no crew sees them until they are handed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.clearances.contracts import contractor_on, firms_of
from geodata.core.errors import RefusedError
from geodata.incidents import jobs
from geodata.incidents.open_incidents import contract_periods
from geodata.people.audit import Actor
from geodata.rules.days import local_day
from web.services.incidents.casework import reassign

if TYPE_CHECKING:
    from datetime import date

    from geodata.models import Incident

REASON = "The contract changed"


def left_over(session: Session, day: date) -> Sequence[Incident]:
    """Open jobs that belong to no contract of a local day; none where no contracts are kept."""
    firms = firms_of(session, day)
    return jobs.of_nobody(session, firms) if firms else []


def hand_over(session: Session, actor: Actor) -> int:
    """Give the open jobs of ended contracts to the contractor of today; how many there were.

    Raises
    ------
    RefusedError
        No contract holds today.
    """
    day = local_day(actor.now)
    contractor = contractor_on(contract_periods(session), day)
    if contractor is None:
        raise RefusedError(f"no contract holds on {day:%d %B %Y}: enter one first")
    waiting = left_over(session, day)
    for incident in waiting:
        reassign(
            session,
            incident.id,
            contractor,
            reason=REASON,
            user_id=actor.user_id,
            now=actor.now,
        )
    return len(waiting)
