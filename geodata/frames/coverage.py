"""From when to when the record is whole: no record is not zero.

What is compared asks this first. The first and last day come from the incidents themselves, gaps
from the council's table "Gaps in the record" and from silences that chance cannot explain.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import places
from geodata.frames import day_counts
from geodata.rules.council import rulebook
from geodata.rules.days import date_in_words

TABLE = "record_gaps"
UNLIKELY_EXPECTED = 15.0
"""A silence in which so many incidents were expected is none of chance: exp(-15) is 3 in 10
million, which leaves room for the quiet months of a year."""
LEEWAY = timedelta(days=7)
"""The first incident falls a little after the first day on which one would have been recorded."""
FEWEST_INCIDENTS = 20
"""With fewer there is no pace to hold a silence against."""


@dataclass(frozen=True)
class Gap:
    """Local days, both included, None open, on which the record is not whole.

    Attributes
    ----------
    channel, ward
        What alone was lost; None where all of it was.
    """

    first: date | None
    last: date | None
    what: str
    channel: str | None = None
    ward: str | None = None

    def overlaps(self, first: date, last: date) -> bool:
        return (self.first is None or self.first <= last) and (
            self.last is None or first <= self.last
        )

    @property
    def sentence(self) -> str:
        ward = f" in {self.ward}" if self.ward else ""
        channel = f" by {self.channel}" if self.channel else ""
        first = f" from {date_in_words(self.first)}" if self.first else ""
        last = f" to {date_in_words(self.last)}" if self.last else ""
        return f"the record has a gap{ward}{channel}{first}{last} ({self.what})"


@dataclass(frozen=True)
class Coverage:
    """The days of the record; ``first`` is None in an empty store, ``last`` while it goes on."""

    first: date | None
    last: date | None
    gaps: tuple[Gap, ...]

    def missing(self, first: date, last: date) -> str:
        """Why these days, both included, cannot be counted; empty where the record is whole.

        >>> record = Coverage(date(2020, 12, 2), None, ())
        >>> record.missing(date(2020, 6, 1), date(2021, 5, 31))
        'the record begins on 2 December 2020'
        >>> record.missing(date(2020, 12, 2), date(2021, 5, 31))
        ''
        """
        if self.first is None:
            return "the record is empty"
        if first < self.first - LEEWAY:
            return f"the record begins on {date_in_words(self.first)}"
        if self.last is not None and last > self.last:
            return f"the record ends on {date_in_words(self.last)}"
        return "; ".join(gap.sentence for gap in self.gaps if gap.overlaps(first, last))


def coverage(session: Session, *, today: date, within: BaseGeometry | None = None) -> Coverage:
    """Of the borough's record, and of an area (EPSG:27700) where one is given."""
    dumps = _dumps(session)
    days = dumps.days
    gaps = [*_entered_gaps(session, within), *_silences(dumps, today)]
    last = None
    if days and dumps.is_silence(days[-1], today):
        last, gaps = days[-1], [gap for gap in gaps if gap.first != days[-1] + timedelta(days=1)]
    return Coverage(days[0] if days else None, last, tuple(gaps))


@dataclass(frozen=True)
class _Dumps:
    """The local days that have incidents, in order, and how many incidents in all."""

    days: list[date]
    incidents: int

    def is_silence(self, before: date, after: date) -> bool:
        """Whether the pace outside this stretch leads one to expect many within it."""
        silent = (after - before).days - 1
        spoken = (self.days[-1] - self.days[0]).days + 1
        spoken -= silent if after <= self.days[-1] else 0
        pace = self.incidents / max(spoken, 1)
        return self.incidents >= FEWEST_INCIDENTS and pace * silent >= UNLIKELY_EXPECTED


def _dumps(session: Session) -> _Dumps:
    return _Dumps(*day_counts.incident_days(session))


def _silences(dumps: _Dumps, today: date) -> list[Gap]:
    """Stretches without an incident in the whole borough, too long for its pace."""
    return [
        Gap(
            before + timedelta(days=1),
            after - timedelta(days=1),
            "nothing at all was reported in the borough, too long for chance",
        )
        for before, after in pairwise([*dumps.days, today])
        if dumps.is_silence(before, after)
    ]


def _entered_gaps(session: Session, within: BaseGeometry | None) -> list[Gap]:
    rows = rulebook(session)[TABLE].rows
    gaps = [
        Gap(row.valid_from, row.valid_to, row["what"], row["channel"], row["ward"]) for row in rows
    ]
    touching = [gap for gap in gaps if within is None or _touches(session, gap, within)]
    return sorted(touching, key=lambda gap: (gap.first or date.min, gap.what))


def _touches(session: Session, gap: Gap, area: BaseGeometry) -> bool:
    """A ward that nobody knows might be anywhere: its gap holds everywhere."""
    wards = places.wards_called(session, gap.ward) if gap.ward else []
    return not wards or bool(np.any([ward.geometry.intersects(area) for ward in wards]))
