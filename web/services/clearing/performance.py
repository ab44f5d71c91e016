"""How the promise of clearance is kept: for a period as a whole, and part by part."""

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import geopandas as gpd
import pandas as pd
from sqlalchemy.orm import Session

from geodata.exporters import harmless
from geodata.frames.clearance_frame import clocked_incidents, hotspots_of
from geodata.frames.coverage import coverage
from geodata.incidents.open_ages import ages_of_open
from geodata.rules.days import LONDON
from hotspots.effects.clearance_times import (
    ClearanceCurve,
    ClearanceFigures,
    curves_by,
    figures_by,
    whole_figures,
)
from hotspots.effects.due_jobs import due_jobs
from hotspots.stats.shares import Share
from web.services.clearing.told_late import GapBand, gap_bands

PARTS: dict[str, Callable[[Session, gpd.GeoDataFrame], pd.Series]] = {
    "month": lambda _, jobs: _months(jobs["due_at"]),
    "week": lambda _, jobs: _mondays(jobs["due_at"]),
    "ward": lambda _, jobs: jobs["ward"].replace("", "Outside every ward"),
    "hotspot": lambda session, jobs: hotspots_of(session, jobs).replace(
        "", "Outside every hotspot"
    ),
    "contractor": lambda _, jobs: jobs["contractor"].replace("", "Not known"),
}
"""What a period can be told apart by. A series breaks where the contractor changes."""
AGE_BANDS = {
    "Up to 24 hours": timedelta(hours=24),
    "24 to 48 hours": timedelta(hours=48),
    "2 to 7 days": timedelta(days=7),
    "Over 7 days": timedelta.max,
}
"""The greatest age of each, included."""


@dataclass(frozen=True)
class Part:
    """One row of the breakdown."""

    name: str
    figures: ClearanceFigures


@dataclass(frozen=True)
class Performance:
    """A period's figures.

    Attributes
    ----------
    first, last
        Local days, both in the period.
    total, parts
        Figures of all and of each part, parts in order of their names.
    curves
        By contractor, how the share that is done grows with the hours.
    ages, oldest_h
        Open jobs now by age, in words; and how old the oldest is (None: none is open).
    contractors
        Who cleared in the period: more than one means that a series breaks here.
    gaps
        How long after the time that was told outcomes of the period reached us.
    no_record
        Why days of the period hold nothing; empty where the record is whole.
    """

    first: date
    last: date
    by: str
    total: ClearanceFigures
    parts: list[Part]
    curves: dict[str, ClearanceCurve]
    ages: dict[str, int]
    oldest_h: float | None
    contractors: list[str]
    gaps: list[GapBand]
    no_record: str


def performance(
    session: Session, *, first: date, last: date, by: str, now: datetime
) -> Performance:
    """Figures of everything that fell due from the first local day to the last.

    ``by`` is one of ``PARTS``.
    """
    start = datetime.combine(first, time.min, LONDON).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time.min, LONDON).astimezone(UTC)
    jobs = clocked_incidents(session, now=now, due_from=start, due_before=end)
    inside = jobs[(jobs["due_at"] >= start) & (jobs["due_at"] < end) & (jobs["due_at"] <= now)]
    due = due_jobs(jobs, start=start, end=end, as_of=now)
    parts = figures_by(due, PARTS[by](session, inside))
    ages = ages_of_open(session, list(AGE_BANDS.values())[:-1], now=now)
    return Performance(
        first=first,
        last=last,
        by=by,
        total=whole_figures(due),
        parts=[Part(name, figures) for name, figures in parts.items()],
        curves=curves_by(due, PARTS["contractor"](session, inside)),
        ages=dict(zip(AGE_BANDS, ages.counts, strict=True)),
        oldest_h=None if ages.oldest is None else ages.oldest / timedelta(hours=1),
        contractors=sorted(set(inside["contractor"]) - {""}),
        gaps=gap_bands(session, start=start, end=end),
        no_record=coverage(session, today=now.astimezone(LONDON).date()).missing(first, last),
    )


def _days(moments: pd.Series) -> pd.Series:
    """London's days, each at midnight."""
    return moments.dt.tz_convert(LONDON).dt.tz_localize(None).dt.normalize()


def _months(moments: pd.Series) -> pd.Series:
    return _each(_days(moments), lambda days: days.dt.strftime("%Y-%m"))


def _mondays(moments: pd.Series) -> pd.Series:
    days = _days(moments)
    return _each(
        days - pd.to_timedelta(days.dt.day_of_week, unit="D"),
        lambda mondays: mondays.dt.strftime("%Y-%m-%d"),
    )


def _each(days: pd.Series, words: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """In words: written once a day, since to write dates takes longer than to count jobs."""
    codes, known = pd.factorize(days)
    return pd.Series(words(pd.Series(known)).to_numpy(dtype=object)[codes], days.index)


CSV_COLUMNS = (
    "part",
    "fell_due",
    "cleared_in_target",
    "of",
    "percent",
    "low_95",
    "high_95",
    "percent_net_of_pauses",
    "percent_within_48_h",
    "median_h",
    "p90_h",
    "median_net_h",
    "p90_net_h",
    "open_and_overdue",
    "not_found_percent",
    "repeat_7_d_percent",
    "repeat_28_d_percent",
    "reports_per_incident",
)


def as_csv(report: Performance) -> str:
    """The breakdown and the whole, as the page has them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    for name, figures in [*((p.name, p.figures) for p in report.parts), ("all", report.total)]:
        writer.writerow([harmless(name), *_cells(figures)])
    return text.getvalue()


def _cells(figures: ClearanceFigures) -> Sequence[object]:
    target = figures.in_target
    return (
        figures.fell_due,
        target.met,
        target.of,
        *(_percent(value) for value in (target.share, target.low, target.high)),
        _percent(figures.in_target_net.share),
        _percent(figures.in_48_h.share),
        *(
            _number(hours)
            for hours in (
                figures.median_h,
                figures.p90_h,
                figures.median_net_h,
                figures.p90_net_h,
            )
        ),
        figures.missed_open,
        *(_share(s) for s in (figures.not_found, figures.repeats_7, figures.repeats_28)),
        _number(figures.reports_each),
    )


def _share(share: Share) -> object:
    return _percent(share.share)


def _percent(value: float) -> object:
    return "" if math.isnan(value) else round(100 * value, 1)


def _number(value: float) -> object:
    """Empty where nothing is there or the curve never falls so far."""
    return round(value, 2) if math.isfinite(value) else ""
