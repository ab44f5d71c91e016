"""Incidents of a run's hotspots by stretches of time: the database counts, nothing is loaded."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from geodata.models import Hotspot, HotspotIncident, Incident


def member_months(
    session: Session, run_id: int, edges: Sequence[datetime]
) -> dict[int, tuple[int, ...]]:
    """By identity, incidents first reported from one edge up to the next, merged ones left out.

    ``edges`` are aware and in order: one more than there are counts.
    """
    at = Incident.first_reported_at
    counts = [
        func.sum(case(((at >= start) & (at < end), 1), else_=0)) for start, end in pairwise(edges)
    ]
    query = (
        select(Hotspot.identity_id, *counts)
        .join(HotspotIncident, HotspotIncident.hotspot_id == Hotspot.id)
        .join(Incident, Incident.id == HotspotIncident.incident_id)
        .where(Hotspot.run_id == run_id, Incident.merged_into_id.is_(None))
        .group_by(Hotspot.identity_id)
    )
    return {key: tuple(int(n) for n in row) for key, *row in session.execute(query)}
