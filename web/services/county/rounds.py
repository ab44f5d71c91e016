"""A contractor's jobs in one council, where it holds the contract of the day."""

from datetime import datetime

from sqlalchemy.orm import Session

from geodata.clearances.contracts import crew_scope, firms_of
from geodata.rules.days import local_day
from web.services.clearing.worklist import Filter, Job, worklist


def jobs_of_firm(session: Session, firm: str | None, *, now: datetime) -> list[Job] | None:
    """Its open jobs, the most urgent first; None where it holds no contract of today.

    A council that keeps no contracts shows its jobs to its own crews alone.
    """
    day = local_day(now)
    if not firm or firm not in firms_of(session, day):
        return None
    return worklist(session, Filter(scope=crew_scope(session, firm, day)), now=now)
