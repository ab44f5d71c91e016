"""Clearance against the promise: the public reads what was released, officers the whole record."""

import math
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from hotspots.core.words import counted
from hotspots.effects.clearance_times import ClearanceFigures
from web.services.committee.document import Block, Heading, Note, Paragraph, Table
from web.services.committee.report_facts import Facts
from web.services.committee.sections.small_counts import TOO_FEW, share_words
from web.services.partnership.windows import Window, month_words
from web.services.publishing.public_figures import MonthFigures, published

NO_RECORD, NOT_RELEASED = "No record", "Not released"
HALF = "Half were cleared or gone within"
CAPTION = "Cleared by the promised time, by the month in which it fell due"


def clearance_promise(session: Session, facts: Facts, chart: Sequence[Block] = ()) -> list[Block]:
    """What fell due in the period, how much of it was cleared in time, by month; and its chart."""
    blocks: list[Block] = [Heading("Clearance against the promise")]
    if why := facts.record.missing(facts.period.first, facts.period.last):
        blocks.append(Note(f"The period is not covered whole: {why}."))
    blocks += _public(session, facts) if facts.is_public else _whole_record(facts)
    firms = facts.clearance.contractors
    if len(firms) > 1:
        blocks.append(
            Note(
                f"The contractor changed in the period ({', '.join(firms)}): how fast dumps "
                "were cleared before and after cannot simply be compared. Their number can."
            )
        )
    return [*blocks, *chart]


def _whole_record(facts: Facts) -> list[Block]:
    figures = facts.clearance
    target = figures.total.in_target
    known = {part.name: _cells(part.figures) for part in figures.parts}
    quiet = {f"{m.first:%Y-%m}": _none_due(facts, m) for m in facts.period.months}
    rows = [(_month(name), *cells) for name, cells in sorted((quiet | known).items())]
    return [
        Paragraph(_sentence(target.met, target.of) + _range(figures.total)),
        Table(
            CAPTION,
            ("Month", "Fell due", "Cleared in time", "Of", "Share", HALF),
            (*rows, ("The period", *_cells(figures.total))),
            (0.24, 0.13, 0.17, 0.12, 0.13, 0.21),
            (1, 2, 3, 4, 5),
        ),
        Paragraph(
            f"{counted(figures.total.missed_open, 'job')} of the period "
            f"{'is' if figures.total.missed_open == 1 else 'are'} open and overdue. Land that is "
            "not the council's and duplicates count in what fell due, and neither way in the "
            "share. Hours run from the first public report until it was cleared or found gone; "
            "what is open counts for as long as it has lain there."
        ),
    ]


def _none_due(facts: Facts, month: Window) -> tuple[str, ...]:
    """A month in which nothing fell due; before the record it is not known whether anything did."""
    if facts.record.missing(month.first, month.last):
        return (NO_RECORD,) * 5
    return ("0", "0", "0", share_words(0, 0), "None was cleared")


def _cells(figures: ClearanceFigures) -> tuple[str, ...]:
    target, hours = figures.in_target, figures.median_h
    return (
        f"{figures.fell_due:,}",
        f"{target.met:,}",
        f"{target.of:,}",
        share_words(target.met, target.of),
        f"{hours:.1f} hours" if math.isfinite(hours) else "Not known yet",
    )


def _month(name: str) -> str:
    year, month = name.split("-")
    return month_words(date(int(year), int(month), 1))


def _sentence(met: int, of: int) -> str:
    if not of:
        return "Nothing that fell due is in the record."
    return (
        f"Of {of:,} incidents that fell due and were the council's to clear, {met:,} were cleared "
        f"in time: {share_words(met, of)}."
    )


def _range(figures: ClearanceFigures) -> str:
    share = figures.in_target
    if not share.of:
        return ""
    return f" With so many, chance leaves the share between {share.low:.0%} and {share.high:.0%}."


def _public(session: Session, facts: Facts) -> list[Block]:
    """Months as they were released; the sum where it tells no month that is withheld."""
    known = {month.first_day: month for month in published(session).months}
    months = [(each.first, known.get(each.first)) for each in facts.period.months]
    rows = [(month_words(first), *_released(month)) for first, month in months]
    shown = [month for _, month in months if month is not None and month.due is not None]
    met, of = (
        sum(n or 0 for n in (getattr(m, name) for m in shown)) for name in ("in_time", "due")
    )
    is_complete = len(shown) == len(months) and bool(months)
    first = (
        _sentence(met, of)
        if is_complete
        else (
            f"Of the {counted(len(months), 'whole month')} of the period, {len(shown)} have "
            f"figures that are published. {_sentence(met, of) if shown else ''}".strip()
        )
    )
    total = (f"{of:,}", f"{met:,}", share_words(met, of)) if shown else (NOT_RELEASED,) * 3
    return [
        Paragraph(first),
        Table(
            CAPTION,
            ("Month", "Fell due", "Cleared in time", "Share"),
            (*rows, ("Months shown, together", *total)),
            (0.34, 0.22, 0.22, 0.22),
            (1, 2, 3),
        ),
        Paragraph(
            "Land that is not the council's and duplicates are in none of these columns. These are "
            "the figures that were published when each month had ended. What was told later is in "
            "the next release, and not here."
        ),
    ]


def _released(month: MonthFigures | None) -> tuple[str, str, str]:
    if month is None:
        return (NOT_RELEASED,) * 3
    if month.due is None or month.in_time is None:
        return (TOO_FEW, TOO_FEW, TOO_FEW)
    return (f"{month.due:,}", f"{month.in_time:,}", share_words(month.in_time, month.due))
