"""The jobs of a contract, for its contractor's own system: pulled by key, outcomes sent back."""

from datetime import datetime

from sqlalchemy.orm import Session

from geodata.accounts.api_keys import Holder
from geodata.clearances.contracts import CrewScope, crew_scope
from geodata.core.errors import RefusedError
from geodata.incidents import jobs, open_incidents
from geodata.rules.days import local_day
from web.services import clearing
from web.services.clearing import NewClearance, Recorded, worklist
from web.services.clearing.worklist import Filter, Job


def scope_of(session: Session, holder: Holder, now: datetime) -> CrewScope:
    """Whose jobs a key opens: those of the contract that its firm holds today."""
    return crew_scope(session, holder.contractor, local_day(now))


def open_jobs(session: Session, holder: Holder, *, now: datetime) -> list[Job]:
    """What is to be cleared, due soonest first."""
    return worklist.worklist(session, Filter(scope=scope_of(session, holder, now)), now=now)


def incident_id(session: Session, holder: Holder, reference: str, *, now: datetime) -> int:
    """The incident of a job.

    Raises
    ------
    NotFoundError
        There is none, or it is another contract's.
    """
    incident = open_incidents.by_key(session, reference)
    jobs.refuse_outside(session, incident.id, scope_of(session, holder, now))
    return incident.id


def job(session: Session, holder: Holder, reference: str, *, now: datetime) -> Job:
    """One job, whatever its state.

    Raises
    ------
    NotFoundError
        There is none, or it is another contract's.
    """
    key = incident_id(session, holder, reference, now=now)
    return worklist.job(session, key, now=now)


def record(session: Session, holder: Holder, new: NewClearance, *, now: datetime) -> Recorded:
    """Record what the contractor's system tells of a job.

    Raises
    ------
    RefusedError
        Something is missing or wrong; the message names each fault.
    NotFoundError
        It is the same as an incident that is not there, or another contract's.
    """
    if new.duplicate_of:
        same = incident_id(session, holder, new.duplicate_of, now=now)
        if same == new.incident_id:
            raise RefusedError("duplicate_of names the job itself: name the other one")
    return clearing.record(session, new, now=now)
