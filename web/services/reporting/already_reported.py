"""Open incidents near a spot, for somebody who may be about to report one of them again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.incidents import nearby
from web.services.common.placing import Spot
from web.services.incidents.incident_assignment import PARAMS

WIDEST_M = 200.0
SHOWN = 6


@dataclass(frozen=True)
class NearbyIncident:
    """What may be told of an open incident: no reference, no text, no count."""

    id: int
    away_m: float
    reported_at: datetime
    due_at: datetime | None


def already_reported(session: Session, spot: Spot) -> list[NearbyIncident]:
    """Open incidents that the spot may mean, nearest first.

    Farther than the linking rule looks, where the spot is only a street or a postcode.
    """
    within_m = min(max(PARAMS.max_radius_m, PARAMS.link_radius_m + spot.accuracy_m), WIDEST_M)
    return [
        NearbyIncident(
            incident.id,
            incident.geometry.distance(spot.point),
            incident.first_reported_at,
            incident.due_at,
        )
        for incident in nearby.open_around(session, spot.point, within_m=within_m)[:SHOWN]
    ]
