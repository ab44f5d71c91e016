"""What reporters wrote, once it has served: blanked, while the report stays for the statistics."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from geodata.models import Incident, Photo, Report


def with_old_texts(session: Session, *, before: datetime) -> list[int]:
    """Reports with words or photos whose incident ended, or was last spoken of, before a moment."""
    ended = func.coalesce(Incident.closed_at, Incident.last_reported_at, Report.reported_at)
    has_photo = exists().where(Photo.report_id == Report.id)
    query = (
        select(Report.id)
        .outerjoin(Incident, Incident.id == Report.incident_id)
        .where(ended < before, or_(Report.description.is_not(None), has_photo))
    )
    return list(session.scalars(query.order_by(Report.id)))


def blank(session: Session, report_ids: Collection[int]) -> int:
    """Take the words of reports away; how many had some."""
    result: Any = session.execute(
        update(Report)
        .where(Report.id.in_(report_ids), Report.description.is_not(None))
        .values(description=None)
    )
    return int(result.rowcount)
