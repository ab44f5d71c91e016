"""Counts that the database adds up by ward and by year: a page never loads the record for them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from geodata.models import Incident
from geodata.rules.days import day_starts


@dataclass(frozen=True)
class YearItems:
    """Of a calendar year, incidents in which somebody counted what lay there.

    Attributes
    ----------
    with_cylinders, with_chargers
        Incidents with at least one large cylinder, or one small charger.
    cylinders, chargers
        How many were counted in all.
    """

    year: int
    with_cylinders: int
    with_chargers: int
    cylinders: int
    chargers: int


def incidents_by_ward(session: Session, since: date, until: date) -> dict[int, int]:
    """Incidents first reported in each ward (by its key) from a local day up to before another."""
    query = (
        select(Incident.ward_id, func.count())
        .where(
            Incident.merged_into_id.is_(None),
            Incident.ward_id.is_not(None),
            Incident.first_reported_at >= day_starts(since),
            Incident.first_reported_at < day_starts(until),
        )
        .group_by(Incident.ward_id)
    )
    return {ward: count for ward, count in session.execute(query) if ward is not None}


def items_by_year(session: Session, first: int, last: int) -> list[YearItems]:
    """Of each year from the first to the last, both included, in order; one without any is zero."""
    years = range(first, last + 1)
    at = Incident.first_reported_at
    year_of = case(
        *((at < day_starts(date(year + 1, 1, 1)), year) for year in years), else_=last + 1
    )
    query = (
        select(
            year_of,
            func.sum(case((Incident.cylinders > 0, 1), else_=0)),
            func.sum(case((Incident.chargers > 0, 1), else_=0)),
            func.sum(func.coalesce(Incident.cylinders, 0)),
            func.sum(func.coalesce(Incident.chargers, 0)),
        )
        .where(Incident.merged_into_id.is_(None), at >= day_starts(date(first, 1, 1)))
        .group_by(year_of)
    )
    items = {row[0]: [int(n) for n in row[1:]] for row in session.execute(query)}
    return [YearItems(year, *items.get(year, (0, 0, 0, 0))) for year in years]
