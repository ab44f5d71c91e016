"""One indicator month by month, so that a sum can be followed to what it adds up."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError
from geodata.indicators.areas import Area
from web.services.partnership.comparison_table import (
    Audience,
    checked_month,
    council_area,
    in_order,
    partner_figures,
)
from web.services.partnership.own_definitions import OWN
from web.services.partnership.own_series import own_series
from web.services.partnership.series import Break, Figure, Series, Terms
from web.services.partnership.small_figures import guarded_months
from web.services.partnership.windows import YEAR, Window, ending

SHOWN = 2 * YEAR


@dataclass(frozen=True)
class MonthRow:
    """A month's figure in each area, in the order of the areas."""

    first: date
    figures: list[Figure]


@dataclass(frozen=True)
class IndicatorMonths:
    """What the page shows: 24 months, the latest first, and what breaks the series."""

    audience: Audience
    terms: Terms
    window: Window
    areas: list[Area]
    months: list[MonthRow]
    breaks: list[Break]


def indicator_months(
    session: Session, key: str, *, month: date | None, audience: Audience, now: datetime
) -> IndicatorMonths:
    """The figures behind a comparison.

    Raises
    ------
    NotFoundError
        There is no such indicator, or none that this audience may know of.
    RefusedError
        The month is not over yet, or lies before 1990.
    """
    window = ending(checked_month(month, now))
    span = Window(window.earlier.first, SHOWN)
    own = council_area(session)
    if key in OWN:
        months = [Window(first, 1) for first in span.starts()]
        every = own_series(session, own, span, months, now=now)
        found_months = _of(audience, OWN[key], window, span, [every[key]])
        return found_months if audience is Audience.EXEMPT else _for_public(key, found_months)
    terms, known, _ = partner_figures(session, audience)
    if key not in terms:
        raise NotFoundError(f"there is no indicator {key[:80]!r} for this version")
    series_by_area = {area: each for (name, area), each in known.items() if name == key}
    series = [
        series_by_area[area] for area in in_order(own, series_by_area) if area in series_by_area
    ]
    return _of(audience, terms[key], window, span, series)


def _for_public(key: str, shown: IndicatorMonths) -> IndicatorMonths:
    figures = guarded_months(key, [row.figures[0] for row in shown.months])
    months = [MonthRow(row.first, [each]) for row, each in zip(shown.months, figures, strict=True)]
    return replace(shown, months=months)


def _of(
    audience: Audience, terms: Terms, window: Window, span: Window, series: list[Series]
) -> IndicatorMonths:
    rows = [
        MonthRow(first, [each.total(Window(first, 1)) for each in series])
        for first in span.starts()
    ]
    breaks = dict.fromkeys(
        each for one in series for each in one.breaks if span.first < each.day <= span.last
    )
    areas = [each.area for each in series]
    return IndicatorMonths(audience, terms, window, areas, rows[::-1], list(breaks))
