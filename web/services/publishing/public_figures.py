"""The public's figures, of all outlets: read from what was released, never from the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from geodata.store import releases
from geodata.store.releases import MONTH, YEAR
from web.services.publishing.disclosure import share_percent

if TYPE_CHECKING:
    from geodata.models import FigureRelease

MONTHS = 12
WITHHELD = "Too few to show"


@dataclass(frozen=True)
class MonthFigures:
    """A month of the whole borough, None where so few must not be told.

    ``revised_at`` is when a year's release gave it anew, None where none did yet.
    """

    name: str
    first_day: date
    released_at: datetime
    revised_at: datetime | None
    reported: int | None
    due: int | None
    cleared: int | None
    in_time: int | None

    @property
    def in_time_percent(self) -> int | None:
        """Of what fell due; None where that is withheld."""
        if self.due is None or self.in_time is None:
            return None
        return share_percent(self.in_time, self.due)


@dataclass(frozen=True)
class WardFigures:
    """A ward in a year; None: withheld, or too few fell due for a share."""

    name: str
    reported: int | None
    in_time_percent: int | None


@dataclass(frozen=True)
class YearFigures:
    """The wards of a year."""

    name: str
    last_day: date
    released_at: datetime
    wards: list[WardFigures]


@dataclass(frozen=True)
class PublicFigures:
    """Everything that was released: months the earliest first, and years likewise."""

    months: list[MonthFigures]
    years: list[YearFigures]

    @property
    def recent_months(self) -> list[MonthFigures]:
        return self.months[-MONTHS:]

    @property
    def updated_at(self) -> datetime | None:
        """When anything was last released."""
        moments = [month.released_at for month in self.months]
        return max([*moments, *(year.released_at for year in self.years)], default=None)


def published(session: Session) -> PublicFigures:
    """All that was released until now; nothing else is public."""
    years = releases.releases(session, YEAR)
    revised = {
        name: (year, cells) for year in years for name, cells in year.cells["months"].items()
    }
    months = releases.releases(session, MONTH)
    return PublicFigures(
        [_month(month, revised.get(month.period)) for month in months],
        [_year(year) for year in years],
    )


def _month(
    first: FigureRelease, revision: tuple[FigureRelease, Mapping[str, Any]] | None
) -> MonthFigures:
    cells = first.cells if revision is None else revision[1]
    return MonthFigures(
        name=first.period,
        first_day=first.first_day,
        released_at=first.released_at,
        revised_at=None if revision is None else revision[0].released_at,
        reported=cells["reported"],
        due=cells["due"],
        cleared=cells["cleared"],
        in_time=cells["in_time"],
    )


def _year(release: FigureRelease) -> YearFigures:
    wards = [WardFigures(**ward) for ward in release.cells["wards"]]
    return YearFigures(release.period, release.last_day, release.released_at, wards)
