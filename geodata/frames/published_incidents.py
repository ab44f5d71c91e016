"""Incidents as the public's figures need them."""

from datetime import datetime

import geopandas as gpd
import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from geodata.core.types import SRID
from geodata.models import Incident

COLUMNS = ("geometry", "first_reported_at", "state", "closed_at", "due_at")


def published_incidents(session: Session, since: datetime, until: datetime) -> gpd.GeoDataFrame:
    """Incidents first reported, or due, from a moment up to another.

    Columns: ``geometry`` (Point, EPSG:27700), ``first_reported_at``, ``closed_at`` and ``due_at``
    (NaT where there is none), ``state``; ordered by key.
    """
    reported = Incident.first_reported_at.between(since, until)
    query = (
        select(*(getattr(Incident, name) for name in COLUMNS))
        .where(Incident.merged_into_id.is_(None), or_(reported, Incident.due_at >= since))
        .order_by(Incident.id)
    )
    rows = session.execute(query).all()
    frame = gpd.GeoDataFrame(rows, columns=list(COLUMNS), geometry="geometry", crs=SRID)
    for name in ("first_reported_at", "closed_at", "due_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame
