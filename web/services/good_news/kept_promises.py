"""Months and wards in which the promise of clearance was kept, as they were released."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata.frames.coverage import coverage
from geodata.rules.days import corresponding_day, local_day
from web.services.good_news.proposal import Proposal, proposal
from web.services.publishing.public_figures import (
    MonthFigures,
    WardFigures,
    YearFigures,
    published,
)

KEPT_PERCENT = 95
"""Nineteen of twenty: one job that went wrong does not spoil a month."""
RECENT_MONTHS = 12
ONE_DAY = timedelta(days=1)
REPORT = "See canisters? Report them and we will clear them."


def kept_promises(session: Session, *, now: datetime) -> Iterator[Proposal]:
    """The last month of a year that kept it, and the wards of the year released last.

    What the record does not hold whole is no month and no year: the rest may have been late.
    """
    figures, record = published(session), coverage(session, today=local_day(now))
    recent = [
        month
        for month in figures.months[-RECENT_MONTHS:]
        if not record.missing(month.first_day, corresponding_day(month.first_day, 1) - ONE_DAY)
    ]
    kept = [month for month in recent if (month.in_time_percent or 0) >= KEPT_PERCENT]
    for month in kept[-1:]:
        yield _month(month)
    for year in figures.years[-1:]:
        if record.missing(corresponding_day(year.last_day + ONE_DAY, -12), year.last_day):
            continue
        for ward in year.wards:
            if (ward.in_time_percent or 0) >= KEPT_PERCENT:
                yield _ward(year, ward)


def _month(month: MonthFigures) -> Proposal:
    name, percent = f"{month.first_day:%B %Y}", f"{month.in_time_percent}%"
    sentences = (
        (
            f"In {name} {month.due} dumps of gas canisters were due to be cleared in the borough. "
            f"{month.in_time} were cleared in time: {percent}."
        ),
        REPORT,
    )
    figures = ((str(month.due), "were due to be cleared"), (percent, "were cleared in time"))
    title = f"{percent} cleared in time in {name}"
    return proposal(f"in-time:{month.name}", "in_time", "", title, sentences, figures)


def _ward(year: YearFigures, ward: WardFigures) -> Proposal:
    percent = f"{ward.in_time_percent}%"
    sentences = (
        (
            f"Of the dumps of gas canisters in {ward.name} ward that were due to be cleared in "
            f"{year.name}, {percent} were cleared in time."
        ),
        REPORT,
    )
    title = f"{ward.name}: {percent} cleared in time in {year.name}"
    figures = ((percent, "were cleared in time"),)
    key = f"in-time:{year.name}:{ward.name}"[:120]
    return proposal(key, "in_time", ward.name, title, sentences, figures)
