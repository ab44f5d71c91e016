"""How the promise of clearance is kept: for a period as a whole, and part by part."""

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
from sqlalchemy.orm import Session

from geodata.exporters import harmless
from geodata.frames.clearance_frame import clocked_incidents
from geodata.frames.coverage import coverage
from geodata.rules.days import LONDON
from hotspots.effects.clearance_times import (
    ClearanceCurve,
    ClearanceFigures,
    clearance_curves_by,
    clearance_figures,
    clearance_figures_by,
    open_ages,
)
from hotspots.stats.shares import Share
from web.services.clearing.told_late import GapBand, gap_bands

PARTS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "month": lambda jobs: _local(jobs["due_at"]).dt.strftime("%Y-%m"),
    "week": lambda jobs: _mondays(jobs["due_at"]),
    "ward": lambda jobs: jobs["ward"].replace("", "Outside every ward"),
    "hotspot": lambda jobs: jobs["hotspot"].replace("", "Outside every hotspot"),
    "contractor": lambda jobs: jobs["contractor"].replace("", "Not known"),
}
"""What a period can be told apart by. A series breaks where the contractor changes."""
AGE_WORDS = {
    "to_24_h": "Up to 24 hours",
    "to_48_h": "24 to 48 hours",
    "to_168_h": "2 to 7 days",
    "over_168_h": "Over 7 days",
}


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
    whole, parts
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
    whole: ClearanceFigures
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
    parts = clearance_figures_by(jobs, PARTS[by](inside), start=start, end=end, as_of=now)
    firms = PARTS["contractor"](inside)
    curves = clearance_curves_by(jobs, firms, start=start, end=end, as_of=now)
    ages = open_ages(jobs, as_of=now)
    oldest = float(ages["oldest_h"])
    return Performance(
        first=first,
        last=last,
        by=by,
        whole=clearance_figures(jobs, start=start, end=end, as_of=now),
        parts=[Part(name, figures) for name, figures in parts.items()],
        curves=curves,
        ages={words: int(ages[name]) for name, words in AGE_WORDS.items()},
        oldest_h=None if math.isnan(oldest) else oldest,
        contractors=sorted(set(inside["contractor"]) - {""}),
        gaps=gap_bands(session, start=start, end=end),
        no_record=coverage(session, today=now.astimezone(LONDON).date()).missing(first, last),
    )


def _local(moments: pd.Series) -> pd.Series:
    return moments.dt.tz_convert(LONDON)


def _mondays(moments: pd.Series) -> pd.Series:
    local = _local(moments).dt.tz_localize(None).dt.normalize()
    monday = local - pd.to_timedelta(local.dt.day_of_week, unit="D")
    return monday.dt.strftime("%Y-%m-%d")


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
    for name, figures in [*((p.name, p.figures) for p in report.parts), ("all", report.whole)]:
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
