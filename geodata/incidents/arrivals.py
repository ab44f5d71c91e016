"""What came in, or was done about incidents, since the record was read."""

from dataclasses import dataclass

import geopandas as gpd
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from geodata.core.column_reading import read_frame
from geodata.models import Clearance, IncidentEvent, Report


@dataclass(frozen=True)
class Seen:
    """The last keys when the record was read: whoever adds to these holds one lock."""

    reports: int
    events: int
    clearances: int


def seen(session: Session) -> Seen:
    """How far the record goes now."""
    models = (Report, IncidentEvent, Clearance)
    return Seen(*(session.scalar(select(func.max(model.id))) or 0 for model in models))


def reports_since(session: Session, then: Seen, *, besides: int) -> gpd.GeoDataFrame:
    """Reports that came since, are of incidents that anything happened to, or were answered.

    Columns ``id``, ``at`` (UTC) and ``geometry`` (Point, EPSG:27700).

    Parameters
    ----------
    besides
        Key of a batch whose reports and incidents are left out.
    """
    happened = select(IncidentEvent.incident_id).where(IncidentEvent.id > then.events)
    answered = select(Clearance.report_id).where(
        Clearance.id > then.clearances, _is_not_of(Clearance, besides)
    )
    columns = (Report.id, Report.reported_at.label("at"), Report.geometry)
    is_new = Report.id > then.reports
    query = select(*columns).where(
        or_(is_new, Report.incident_id.in_(happened), Report.id.in_(answered)),
        _is_not_of(Report, besides),
    )
    return read_frame(session, columns, query)


def places_cleared_since(session: Session, then: Seen, *, besides: int) -> gpd.GeoDataFrame:
    """Clearances since that answer no report: columns as of `reports_since`."""
    columns = (Clearance.id, Clearance.occurred_at.label("at"), Clearance.geometry)
    query = select(*columns).where(
        Clearance.id > then.clearances,
        Clearance.report_id.is_(None),
        Clearance.geometry.is_not(None),
        _is_not_of(Clearance, besides),
    )
    return read_frame(session, columns, query)


def _is_not_of(model: type[Report | Clearance], batch: int) -> ColumnElement[bool]:
    return or_(model.batch_id.is_(None), model.batch_id != batch)
