"""The borough week by week: incidents against the bound of an ordinary week.

A detection run reckons it and keeps it; the control chart and the mails read what it kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.rules.days import local_day
from hotspots.detection import farrington_bounds
from hotspots.detection.surveillance import FarringtonParams, first_bounded_week
from hotspots.timing.periods import weekly_counts

KEPT_AS = "weeks"
SHOWN_WEEKS = 52
FARRINGTON = FarringtonParams()
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """A whole week, by the night of the incidents.

    ``expected`` and ``upper`` are None where the years before are not on record, or where too
    few incidents fell of late.
    """

    first: date
    incidents: int
    expected: float | None
    upper: float | None

    @property
    def is_unusual(self) -> bool:
        """Whether it is above the bound of an ordinary week."""
        return self.upper is not None and self.incidents > self.upper


@dataclass(frozen=True)
class WeeklyWatch:
    """The last weeks, oldest first.

    Attributes
    ----------
    begins_on
        Day on which the record begins; None: there is none.
    weeks
        Whole weeks on record, ``SHOWN_WEEKS`` at most: none from before the record begins.
    """

    begins_on: date | None
    weeks: tuple[Week, ...]

    @property
    def bounded_from(self) -> date | None:
        """The first week that can have a bound; None without a record."""
        if self.begins_on is None:
            return None
        first = pd.Timestamp(_first_monday(self.begins_on))
        bounded: date = first_bounded_week(first, FARRINGTON).date()
        return bounded

    @property
    def known_on(self) -> date | None:
        """The day on which the first week that can have a bound is over."""
        return None if self.bounded_from is None else self.bounded_from + WEEK

    @property
    def is_long_enough(self) -> bool:
        """Whether the record is so long that the last week can have a bound."""
        first = self.bounded_from
        return first is not None and bool(self.weeks) and self.weeks[-1].first >= first

    @property
    def too_few(self) -> int:
        """Weeks that could have a bound by the record, but in which too little happened."""
        first = self.bounded_from or date.max
        return sum(week.upper is None and week.first >= first for week in self.weeks)

    @property
    def last(self) -> Week | None:
        """The newest whole week."""
        return self.weeks[-1] if self.weeks else None


def reckon(
    incidents: gpd.GeoDataFrame, *, begins: datetime | None, as_of: datetime
) -> dict[str, Any]:
    """The weeks as a run's summary holds them.

    Parameters
    ----------
    incidents
        Of the borough, as ``frames.incidents`` has them.
    begins
        When the record begins; None: there is none.
    """
    begins_on = None if begins is None or begins > as_of else local_day(begins)
    counts = _on_record(weekly_counts(incidents, as_of=as_of), begins_on)
    bounds = farrington_bounds(counts, FARRINGTON, last_weeks=SHOWN_WEEKS).iloc[-SHOWN_WEEKS:]
    return {
        "begins_on": begins_on and begins_on.isoformat(),
        "first": bounds.index[0].date().isoformat() if len(bounds) else None,
        "incidents": bounds["count"].astype(int).tolist(),
        "expected": [_plain(value) for value in bounds["expected"]],
        "upper": [_plain(value) for value in bounds["upper"]],
    }


def _on_record(counts: pd.Series, begins_on: date | None) -> pd.Series:
    """From the first week that is whole on record: what lies before it is not zero but unknown."""
    if begins_on is None or counts.empty:
        return counts.iloc[:0].rename_axis("week")
    weeks = pd.date_range(_first_monday(begins_on), counts.index[-1], freq="7D", name="week")
    return counts.reindex(weeks, fill_value=0)


def _first_monday(day: date) -> date:
    """The Monday on or after a day."""
    return day + timedelta(days=-day.weekday() % 7)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 2)


def read(summary: Mapping[str, Any]) -> WeeklyWatch | None:
    """What a run's summary holds; None where an older run did not reckon it."""
    document = summary.get(KEPT_AS)
    if document is None:
        return None
    begins_on, first = (
        document[name] and date.fromisoformat(document[name]) for name in ("begins_on", "first")
    )
    columns = zip(document["incidents"], document["expected"], document["upper"], strict=True)
    weeks = tuple(Week(first + n * WEEK, *values) for n, values in enumerate(columns))
    return WeeklyWatch(begins_on, weeks)
