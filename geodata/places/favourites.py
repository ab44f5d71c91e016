"""The named places that somebody reports from most."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.core.vocabulary import PlaceKind
from geodata.models import Place, Report
from geodata.places import named_places

TOO_MANY = (PlaceKind.LAMP_COLUMN.value, PlaceKind.STREET.value)
"""Kinds of which a borough has thousands: found by words, not by looking down a list."""


def listed(session: Session, user_id: int | None, *, since: datetime, day: date) -> list[Place]:
    """Named places of a day, those first from which a user reported most since a moment."""
    query = (
        select(Report.place_id, func.count())
        .where(Report.user_id == user_id, Report.reported_at >= since)
        .group_by(Report.place_id)
    )
    times = {place_id: count for place_id, count in session.execute(query)}  # noqa: C416
    named = named_places.current(day).where(
        Place.kind.not_in((*named_places.AREA_KINDS, *TOO_MANY))
    )
    return sorted(
        session.scalars(named), key=lambda place: (-times.get(place.id, 0), place.name, place.id)
    )
