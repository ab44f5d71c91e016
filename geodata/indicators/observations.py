"""Partners' figures as they hold now, and how many people live where."""

from collections.abc import Collection
from typing import NamedTuple

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.indicators.areas import Area
from geodata.models import Indicator, Observation, Population

COLUMNS = (
    "key",
    "area_kind",
    "area",
    "first_day",
    "months",
    "value",
    "below",
    "is_provisional",
    "is_break",
    "break_reason",
)


def observations(session: Session, *, kinds: Collection[str]) -> pd.DataFrame:
    """The figure that holds of each indicator, area and period, in the order of these.

    ``COLUMNS``: ``first_day`` (date), ``months`` (int), ``value`` and ``below`` (object, None where
    there is none), the others text or bool. Of two figures of a period the later one holds.

    Parameters
    ----------
    kinds
        Of the areas, such as borough and county.
    """
    query = (
        select(
            Indicator.key,
            Observation.area_kind,
            Observation.area,
            Observation.first_day,
            Observation.months,
            Observation.value,
            Observation.below,
            Observation.is_provisional,
            Observation.is_break,
            Observation.break_reason,
        )
        .join(Indicator, Indicator.id == Observation.indicator_id)
        .where(Observation.area_kind.in_(list(kinds)))
        .order_by(Observation.id)
    )
    rows = [tuple(row) for row in session.execute(query)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    slot = ["key", "area_kind", "area", "first_day", "months"]
    return frame.drop_duplicates(slot, keep="last").sort_values(slot, ignore_index=True)


class People(NamedTuple):
    """How many people live in an area, by the estimate of 30 June of a year."""

    people: int
    year: int
    source: str


def populations(session: Session) -> dict[Area, dict[int, People]]:
    """Of each area, by the year of the estimate; the row imported last where there are several."""
    estimates: dict[Area, dict[int, People]] = {}
    for row in session.scalars(select(Population).order_by(Population.id)):
        estimate = People(row.people, row.year, row.source or "source not given")
        estimates.setdefault(Area(row.area_kind, row.area), {})[row.year] = estimate
    return estimates
