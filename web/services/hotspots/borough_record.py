"""The whole borough's record as its charts have it: short reads of what the store adds up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import frames
from geodata.clearances.series_breaks import SeriesBreak, breaks_between
from geodata.frames import day_counts, grouped_counts
from geodata.frames.coverage import Coverage, coverage
from geodata.frames.grouped_counts import YearItems
from geodata.rules.days import corresponding_day
from hotspots.core.words import counted
from hotspots.stats.control_limits import ControlLimits, individuals_limits

SHOWN_MONTHS = 36
SHOWN_YEARS = 6


@dataclass(frozen=True)
class MonthCount:
    """A calendar month; ``incidents`` None: the record is not whole."""

    first: date
    incidents: int | None


@dataclass(frozen=True)
class Stretch:
    """Months from ``start`` up to before ``end`` (places in the row) that compare with each other.

    ``limits`` are None where they are too few.
    """

    start: int
    end: int
    limits: ControlLimits | None


@dataclass(frozen=True)
class ControlMonths:
    """Whole months, oldest first.

    Attributes
    ----------
    stretches
        Cut where incidents before and after do not compare, and where the record has gaps.
    breaks
        What stands between two months: the later one's place, and words; a change of contractor
        too, which breaks figures of clearance alone and so cuts nothing here.
    """

    months: tuple[MonthCount, ...]
    stretches: tuple[Stretch, ...]
    breaks: tuple[tuple[int, str], ...]

    def limits_of(self, place: int) -> ControlLimits | None:
        inside = (s.limits for s in self.stretches if s.start <= place < s.end)
        return next(inside, None)

    @property
    def unusual(self) -> list[int]:
        """Places of the months outside their limits."""
        return [
            i
            for i, month in enumerate(self.months)
            if month.incidents is not None
            and (limits := self.limits_of(i)) is not None
            and not limits.holds(month.incidents)
        ]

    @property
    def sentence(self) -> str:
        """What the chart says."""
        last, limits = self.months[-1], self.limits_of(len(self.months) - 1)
        name = f"{last.first:%B %Y}"
        if last.incidents is None:
            return f"The record of {name} is not whole"
        had = f"{name} had {counted(last.incidents, 'incident')}"
        if limits is None:
            return f"{had}; too few months are comparable to say what is ordinary"
        ordinary = f"{limits.lower:.0f} to {limits.upper:.0f}"
        if limits.holds(last.incidents):
            return f"{had}, an ordinary month: {ordinary} are"
        side = "more" if last.incidents > limits.upper else "fewer"
        return f"{had}, {side} than the {ordinary} of ordinary months"


@dataclass(frozen=True)
class YearPair:
    """Twelve months of this year and of the last; None: not over yet, or not on record.

    ``to_date`` and ``to_date_before`` are from 1 January up to the day before today and the same
    day of the last year; None where the record is not whole.
    """

    year: int
    this_year: tuple[int | None, ...]
    last_year: tuple[int | None, ...]
    until: date
    to_date: int | None
    to_date_before: int | None

    @property
    def sentence(self) -> str:
        """What the chart says."""
        up_to = f"Up to {self.until.day} {self.until:%B}"
        if self.to_date is None:
            return f"The record of {self.year} is not whole"
        this = f"{up_to} there were {counted(self.to_date, 'incident')} in {self.year}"
        if self.to_date_before is None:
            return f"{this}; the record of {self.year - 1} is not whole"
        return f"{this}, against {self.to_date_before:,} by that day in {self.year - 1}"


@dataclass(frozen=True)
class WardCount:
    """A ward of today with its incidents of the last twelve months; EPSG:27700."""

    name: str
    incidents: int
    geometry: BaseGeometry

    @property
    def area_km2(self) -> float:
        return float(self.geometry.area) / 1e6

    @property
    def per_km2(self) -> float:
        return self.incidents / self.area_km2


def control_months(session: Session, today: date) -> ControlMonths:
    """The last 36 whole months with their limits, cut where the series breaks."""
    firsts = _months_before(today, SHOWN_MONTHS)
    record = coverage(session, today=today)
    counts = _counts(session, record, firsts)
    breaks = breaks_between(session, firsts[0], today)
    cuts = sorted({0, len(counts), *_cuts(firsts, breaks), *_edges_of_gaps(counts)})
    stretches = tuple(Stretch(a, b, _limits(counts[a:b])) for a, b in pairwise(cuts))
    months = tuple(map(MonthCount, firsts, counts))
    return ControlMonths(months, stretches, tuple(_named(firsts, breaks)))


def _months_before(today: date, how_many: int) -> list[date]:
    """First days of the whole months before today's, oldest first."""
    return [corresponding_day(today.replace(day=1), -back) for back in range(how_many, 0, -1)]


def _last_day(first: date) -> date:
    return corresponding_day(first, 1) - timedelta(days=1)


def _counts(session: Session, record: Coverage, firsts: Sequence[date]) -> list[int | None]:
    totals: dict[tuple[int, int], int] = {}
    for day, amounts in day_counts.by_day(session, firsts[0], _last_day(firsts[-1])).items():
        key = (day.year, day.month)
        totals[key] = totals.get(key, 0) + amounts.incidents
    return [
        None
        if record.missing(first, _last_day(first))
        else totals.get((first.year, first.month), 0)
        for first in firsts
    ]


def _cuts(firsts: Sequence[date], breaks: Sequence[SeriesBreak]) -> list[int]:
    """Places of the months in which incidents stop to compare; another contractor stops nothing."""
    new = [day for one in breaks if not one.is_of_clearing for day in one.new_months]
    return [firsts.index(day) for day in new if day in firsts]


def _edges_of_gaps(counts: Sequence[int | None]) -> list[int]:
    return [i + 1 for i, (a, b) in enumerate(pairwise(counts)) if (a is None) != (b is None)]


def _limits(counts: Sequence[int | None]) -> ControlLimits | None:
    known = [count for count in counts if count is not None]
    return individuals_limits(np.array(known, float)) if len(known) == len(counts) else None


def _named(firsts: Sequence[date], breaks: Sequence[SeriesBreak]) -> list[tuple[int, str]]:
    return [
        (firsts.index(one.first.replace(day=1)), one.what)
        for one in breaks
        if one.first is not None and one.first.replace(day=1) in firsts
    ]


def year_pair(session: Session, today: date) -> YearPair:
    """This calendar year against the last, by whole months and up to yesterday."""
    record = coverage(session, today=today)
    until = today - timedelta(days=1)
    complete_months = set(_months_before(today, 24))
    year = until.year
    this, last = (
        tuple(
            count if first in complete_months else None
            for first, count in zip(firsts, _counts(session, record, firsts), strict=True)
        )
        for firsts in ([date(y, m, 1) for m in range(1, 13)] for y in (year, year - 1))
    )
    return YearPair(
        year,
        this,
        last,
        until,
        _sum(session, record, date(year, 1, 1), until),
        _sum(session, record, date(year - 1, 1, 1), corresponding_day(until, -12)),
    )


def _sum(session: Session, record: Coverage, first: date, last: date) -> int | None:
    if record.missing(first, last):
        return None
    return sum(each.incidents for each in day_counts.by_day(session, first, last).values())


def ward_counts(session: Session, today: date) -> list[WardCount]:
    """Wards with their incidents in the twelve months up to today, the most first."""
    tomorrow = today + timedelta(days=1)
    counts = grouped_counts.incidents_by_ward(session, corresponding_day(tomorrow, -12), tomorrow)
    wards = frames.wards(session, today)
    rows = [
        WardCount(name, counts.get(key, 0), geometry)
        for key, name, geometry in zip(wards["id"], wards["name"], wards.geometry, strict=True)
        if geometry.area
    ]
    return sorted(rows, key=lambda ward: (-ward.incidents, ward.name))


def ward_gap(session: Session, today: date) -> str:
    """Why the twelve months of the wards are not whole; empty where they are."""
    first = corresponding_day(today + timedelta(days=1), -12)
    return coverage(session, today=today).missing(first, today)


def ward_sentence(wards: Sequence[WardCount], gap: str = "") -> str:
    """What the map of wards says; where ``gap`` says why, that it does not show twelve months."""
    words = _ward_words(wards)
    return f"{words}. The twelve months are not whole: {gap}" if gap else words


def _ward_words(wards: Sequence[WardCount]) -> str:
    total, densest = sum(w.incidents for w in wards), max(wards, key=lambda w: w.per_km2)
    if not total:
        return "No incident was reported in any ward in twelve months"
    most = wards[0]
    words = (
        f"{most.name} ward has the most: {most.incidents} of {total:,} incidents in twelve months"
    )
    if densest.name == most.name:
        return words
    return f"{words}; {densest.name} has the most a square kilometre"


def item_years(session: Session, today: date) -> list[YearItems]:
    """Years up to this one, from the first on record: ``SHOWN_YEARS`` at most."""
    begins = coverage(session, today=today).first
    if begins is None:
        return []
    first = max(begins.year, today.year - SHOWN_YEARS + 1)
    return grouped_counts.items_by_year(session, first, today.year)


def items_sentence(years: Sequence[YearItems]) -> str:
    """What the chart of cylinders and chargers says, of the last year."""
    last = years[-1]
    if not last.with_cylinders and not last.with_chargers:
        return f"In {last.year} nobody has counted what lay there yet"
    return (
        f"In {last.year} so far, {last.with_cylinders:,} incidents had large cylinders and "
        f"{last.with_chargers:,} small chargers"
    )
