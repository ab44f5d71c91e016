"""Incidents near an act, of which the officer may tie one to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.incidents import nearby
from web.services.enforcement.act_drafts import ActDraft, Choice

TIE_WITHIN_M, TIE_WITHIN = 60.0, timedelta(days=7)
"""How near in place and time an incident is offered as what the act was about."""


@dataclass(frozen=True)
class NearIncident:
    """An incident near an act, which the officer may tie to it."""

    id: int
    key: str
    first_reported_at: datetime
    away_m: float
    state: str


def incidents_near(session: Session, draft: ActDraft, *, now: datetime) -> list[NearIncident]:
    """Incidents within 60 m of the act that lie there still or were spoken of lately."""
    around = nearby.recent_around(
        session,
        draft.where.point,
        within_m=TIE_WITHIN_M,
        since=draft.offence_at - TIE_WITHIN,
        until=now,
    )
    return [
        NearIncident(
            incident.id,
            incident.key,
            incident.first_reported_at,
            incident.geometry.distance(draft.where.point),
            incident.state,
        )
        for incident in around
    ]


def tied_incident_id(
    session: Session, draft: ActDraft, choice: Choice, *, now: datetime
) -> int | None:
    """The key of the incident that the officer tied; None where none is."""
    if not choice.incident_key:
        return None
    for incident in incidents_near(session, draft, now=now):
        if incident.key == choice.incident_key:
            return incident.id
    raise RefusedError(
        f"the incident {choice.incident_key} is not within {TIE_WITHIN_M:.0f} m of this act, or "
        "was cleared long before: choose one of the list, or none"
    )
