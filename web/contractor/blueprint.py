"""The blueprint that the contractor's pages hang on, and who may see them."""

from flask import Blueprint
from flask_login import current_user
from sqlalchemy.orm import Session

from geodata.clearances.contracts import EVERYTHING, CrewScope, crew_scope
from geodata.core.vocabulary import Role
from geodata.incidents import jobs, open_incidents
from web.auth import requires_role
from web.clock import today

contractor = Blueprint("contractor", __name__, url_prefix="/contractor")
crews_only = requires_role("contractor", "officer", "manager")


def own_scope(session: Session) -> CrewScope:
    """Whose jobs the signed-in person may see: a crew those of the contract it holds today."""
    account = current_user.account
    if account.role != Role.CONTRACTOR:
        return EVERYTHING
    return crew_scope(session, account.employer, today())


def own_incident_id(session: Session, key: str) -> int:
    """Key of the incident of a reference, of the signed-in person's own jobs.

    Raises
    ------
    NotFoundError
        There is none, or it is another contract's.
    """
    incident = open_incidents.by_key(session, key)
    jobs.refuse_outside(session, incident.id, own_scope(session))
    return incident.id
