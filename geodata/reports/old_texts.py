"""What reporters wrote, once it has served: blanked, while the report stays for the statistics."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from geodata.core.types import UTCDateTime
from geodata.models import Incident, Photo, Report

ENDED = func.coalesce(Incident.closed_at, Incident.last_reported_at, Report.reported_at)


def with_old_texts(session: Session, *, before: datetime) -> list[int]:
    """Reports with words or photos whose incident ended, or was last spoken of, before a moment."""
    query = _with_words(select(Report.id)).where(before > ENDED)
    return list(session.scalars(query.order_by(Report.id)))


def oldest_end(session: Session) -> datetime | None:
    """When the incident of the oldest words or photos ended; None where none are kept."""
    end: datetime | None = session.scalar(_with_words(select(func.min(ENDED, type_=UTCDateTime()))))
    return end


def _with_words(query: Any) -> Any:
    has_photo = exists().where(Photo.report_id == Report.id)
    return (
        query.select_from(Report)
        .outerjoin(Incident, Incident.id == Report.incident_id)
        .where(or_(Report.description.is_not(None), has_photo))
    )


def blank(session: Session, report_ids: Collection[int]) -> int:
    """Take the words of reports away; how many had some."""
    result: Any = session.execute(
        update(Report)
        .where(Report.id.in_(report_ids), Report.description.is_not(None))
        .values(description=None)
    )
    return int(result.rowcount)
