"""How released figures are written on the page, in the feed and on the map."""

from collections.abc import Sequence
from datetime import date, timedelta

from web.services.common import speaking
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _
from web.services.publishing.public_figures import WITHHELD, MonthFigures

NO_RECORD = N_("No record")


def ward_count(count: int | None) -> str:
    """How many were reported in a ward, or that this is not told."""
    return _(WITHHELD) if count is None else str(count)


def percent(share: int | None) -> str:
    """A share of what fell due, or that too few did."""
    return _(WITHHELD) if share is None else f"{share}%"


def in_time(month: MonthFigures) -> str:
    """Of how many jobs that fell due how many were cleared in time."""
    if month.due is None or month.in_time is None:
        return _(WITHHELD)
    share = month.in_time_percent
    of = _("%(part)s of %(all)s", part=month.in_time, all=month.due)
    return of + ("" if share is None else f" ({share}%)")


def month_name(day: date) -> str:
    """October 2026."""
    return speaking.month_and_year(day) or f"{day:%B %Y}"


def month_rows(months: Sequence[MonthFigures]) -> list[tuple[str, ...]]:
    """Month, reported, fell due, cleared, in time; a month between that has no record says so."""
    if not months:
        return []
    by_first_day = {month.first_day: month for month in months}
    days = [months[0].first_day]
    while days[-1] < months[-1].first_day:
        days.append((days[-1] + timedelta(days=31)).replace(day=1))
    return [_row(day, by_first_day.get(day)) for day in days]


def _row(day: date, month: MonthFigures | None) -> tuple[str, ...]:
    if month is None:
        return (month_name(day), *[_(NO_RECORD)] * 4)
    counts = (ward_count(n) for n in (month.reported, month.due, month.cleared))
    return (month_name(day), *counts, in_time(month))
