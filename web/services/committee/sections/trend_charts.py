"""Two charts of the report: clearance against its limits, and incidents of three years."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from geodata.clearances.series_breaks import SeriesBreak, breaks_between
from geodata.frames.recorded_work import dump_days
from geodata.rules.council import rulebook
from hotspots.core.words import listed
from web.services.clearing.performance import performance
from web.services.committee.document import Block, Figure, Paragraph, Table
from web.services.committee.drawn.paper_charts import (
    MarkedDay,
    SharePoint,
    count_chart,
    share_chart,
)
from web.services.committee.report_facts import Facts
from web.services.committee.sections.small_counts import TOO_FEW
from web.services.common.wording import date_in_words
from web.services.partnership.windows import YEAR, Window, ending, month_words
from web.services.publishing.disclosure import suppressed
from web.services.publishing.public_figures import published

CLEARANCE_MONTHS, INCIDENT_MONTHS = 2 * YEAR, 3 * YEAR
SIGMAS = 3
"""As Shewhart drew them: chance alone passes such limits in about 3 of 1,000 months."""
NOT_KNOWN = "Not known"
OF_CLEARING = "Another contractor breaks figures of clearance, not those of incidents."
CLEARANCE_NUMBERS = "Numbers of the chart of clearance"
INCIDENT_NUMBERS = "Numbers of the chart of incidents"


@dataclass(frozen=True)
class Charted:
    """A chart for the text, and its numbers for an appendix."""

    shown: list[Block]
    numbers: Table


@dataclass(frozen=True)
class _Month:
    """So many of so many; None where that is not known or not told."""

    first: date
    met: int | None
    of: int | None


def clearance_chart(session: Session, facts: Facts) -> Charted:
    """Shares cleared in time by month, against limits that start anew with a contractor, and with
    whatever else breaks the series."""
    window = ending(facts.period.last_month, CLEARANCE_MONTHS)
    months = (
        _released(session, window) if facts.is_public else _whole_months(session, facts, window)
    )
    breaks = breaks_between(session, window.first, window.last)
    points = control_points(months, [month for one in breaks for month in one.new_months])
    outside = [month_words(point.month) for point in points if point.is_outside]
    beyond = (
        f"Outside the limits: {listed(outside)}." if outside else "No month is outside the limits."
    )
    caption = f"Share cleared by the promised time ({_promise(session, facts)}), {window}"
    alt = (
        f"Control chart of the share cleared in time by month, {window}. {beyond} "
        f"The numbers are in the table of Appendix B."
    )
    marks = _marks(breaks, window)
    picture = share_chart(points, marks, "Cleared in time")
    return Charted(
        [
            Paragraph(
                "Between the dashed lines chance explains a month's distance from the middle. A "
                f"month beyond them asks for a cause. {beyond}"
            ),
            Figure(_with_key(caption, marks), alt, picture, "clearance"),
        ],
        Table(
            CLEARANCE_NUMBERS,
            ("Month", "Cleared in time", "Of", "Share", "Lower limit", "Upper limit"),
            tuple(_share_row(month, point) for month, point in zip(months, points, strict=True)),
            (0.25, 0.17, 0.13, 0.15, 0.15, 0.15),
            (1, 2, 3, 4, 5),
        ),
    )


def control_points(months: Sequence[_Month], new_from: Iterable[date]) -> list[SharePoint]:
    """Each month with the limits of its stretch; ``new_from`` are first days of months.

    References
    ----------
    Montgomery (2019), Introduction to Statistical Quality Control, section 7.2: the p chart.
    """
    starts = sorted(new_from)
    points = []
    for month in months:
        stretch = _stretch(month.first, starts)
        alike = [
            m for m in months if m.of and m.met is not None and _stretch(m.first, starts) == stretch
        ]
        of = sum(m.of or 0 for m in alike)
        middle = sum(m.met or 0 for m in alike) / of if of else None
        points.append(_point(month, middle))
    return points


def _stretch(first: date, starts: Sequence[date]) -> int:
    return sum(start <= first for start in starts)


def _point(month: _Month, middle: float | None) -> SharePoint:
    if middle is None or not month.of or month.met is None:
        return SharePoint(month.first, None, middle, None, None)
    reach = SIGMAS * math.sqrt(middle * (1 - middle) / month.of)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return SharePoint(month.first, month.met / month.of, middle, low, high)


def _share_row(month: _Month, point: SharePoint) -> tuple[str, ...]:
    if point.share is None or point.low is None or point.high is None:
        return (month_words(month.first), *(NOT_KNOWN for _ in range(5)))
    return (
        month_words(month.first),
        f"{month.met:,}",
        f"{month.of:,}",
        *(f"{share:.0%}" for share in (point.share, point.low, point.high)),
    )


def _whole_months(session: Session, facts: Facts, window: Window) -> list[_Month]:
    figures = performance(session, first=window.first, last=window.last, by="month", now=facts.now)
    shares = {part.name: part.figures.in_target for part in figures.parts}
    return [
        _Month(first, share.met if share else None, share.of if share else None)
        for first in window.starts()
        for share in [shares.get(f"{first:%Y-%m}")]
    ]


def _released(session: Session, window: Window) -> list[_Month]:
    known = {month.first_day: month for month in published(session).months}
    return [
        _Month(first, month.in_time if month else None, month.due if month else None)
        for first in window.starts()
        for month in [known.get(first)]
    ]


def incidents_chart(session: Session, facts: Facts) -> Charted:
    """Incidents of 36 months, with what breaks the series; months without a record are gaps."""
    window = ending(facts.period.last_month, INCIDENT_MONTHS)
    days = dump_days(session, window.first, window.last)
    sums = days.groupby(days["day"].map(lambda day: day.replace(day=1)))["incidents"].sum()
    months = list(window.starts())
    missing = {first: facts.record.missing(first, Window(first, 1).last) for first in months}
    if facts.is_public:
        counts = _public_counts(_reported(session, months))
    else:
        counts = [None if missing[first] else int(sums.get(first, 0)) for first in months]
    breaks = breaks_between(session, window.first, window.last)
    marks = _marks(breaks, window)
    caption = f"Incidents by month, {window}"
    aside = f" {OF_CLEARING}" if any(one.is_of_clearing for one in breaks) else ""
    cells = [_count_words(*each) for each in zip(counts, missing.values(), strict=True)]
    known = [count for count in counts if count is not None]
    between = f"between {min(known)} and {max(known)} a month" if known else "no month is known"
    alt = f"Line of incidents by month, {window}: {between}. The numbers are in Appendix B."
    return Charted(
        [
            Figure(
                _with_key(caption, marks) + aside,
                alt,
                count_chart(months, counts, marks, "Incidents"),
                "incidents",
            )
        ],
        Table(
            INCIDENT_NUMBERS,
            ("Month", *(str(Window(first)) for first in months[::YEAR])),
            tuple(
                (f"{months[n]:%B}", *(cells[n + start] for start in range(0, len(cells), YEAR)))
                for n in range(YEAR)
            ),
            (0.19, 0.27, 0.27, 0.27),
            (1, 2, 3),
        ),
    )


def _reported(session: Session, months: Sequence[date]) -> list[int | None]:
    """As each month was released: what is told late is in no second version of it."""
    known = {month.first_day: month.reported for month in published(session).months}
    return [known.get(first) for first in months]


def _public_counts(counts: Sequence[int | None]) -> list[int | None]:
    """For the public, year by year: the sums of twelve months are told, and nothing may follow."""
    shown_counts: list[int | None] = []
    for start in range(0, len(counts), YEAR):
        year = counts[start : start + YEAR]
        shown = iter(suppressed([count for count in year if count is not None]))
        shown_counts += [None if count is None else next(shown) for count in year]
    return shown_counts


def _count_words(count: int | None, why: str) -> str:
    if why:
        return NOT_KNOWN
    return TOO_FEW if count is None else f"{count:,}"


def _marks(breaks: Sequence[SeriesBreak], window: Window) -> list[MarkedDay]:
    return [
        MarkedDay(
            max(one.first or window.first, window.first),
            None if one.kind == "contractor" or one.last is None else min(one.last, window.last),
            one.what.rstrip("."),
        )
        for one in breaks
    ]


def _with_key(caption: str, marks: Sequence[MarkedDay]) -> str:
    """The caption says what the numbers above the dotted lines mean."""
    key = "; ".join(
        f"{number} {one.words}, {date_in_words(one.first)}" for number, one in enumerate(marks, 1)
    )
    return f"{caption}. Breaks: {key}." if key else f"{caption}. No break is known."


def _promise(session: Session, facts: Facts) -> str:
    row = rulebook(session)["service_level"].on(facts.period.last, None)
    if row is None:
        return "no promise is entered"
    days = row["days"]
    return f"the aim: {days} {row['calendar']} day{'' if days == 1 else 's'}"
