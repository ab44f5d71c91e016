"""Open incidents near a spot, for somebody who may be about to report one of them again."""

from dataclasses import dataclass
from datetime import datetime

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.incidents import nearby
from geodata.media import area_photos
from web.services.common.placing import Spot
from web.services.incidents.incident_assignment import PARAMS

WIDEST_M = 200.0
SHOWN = 6


@dataclass(frozen=True)
class NearbyIncident:
    """What may be told of an open incident: no reference, no text, no count.

    Attributes
    ----------
    point
        EPSG:27700.
    photo_id
        Of a photo that an officer has approved; None where there is none.
    """

    id: int
    point: Point
    away_m: float
    reported_at: datetime
    due_at: datetime | None
    photo_id: int | None


def already_reported(session: Session, spot: Spot) -> list[NearbyIncident]:
    """Open incidents that the spot may mean, nearest first.

    Farther than the linking rule looks, where the spot is only a street or a postcode.
    """
    within_m = min(max(PARAMS.max_radius_m, PARAMS.link_radius_m + spot.accuracy_m), WIDEST_M)
    incidents = nearby.open_around(session, spot.point, within_m=within_m)[:SHOWN]
    photos = area_photos.approved_of_incidents(session, [incident.id for incident in incidents])
    return [
        NearbyIncident(
            incident.id,
            incident.geometry,
            incident.geometry.distance(spot.point),
            incident.first_reported_at,
            incident.due_at,
            photos.get(incident.id),
        )
        for incident in incidents
    ]
