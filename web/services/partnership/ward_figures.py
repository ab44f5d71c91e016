"""The same comparison ward by ward: our own incidents, and partners' figures that are by ward.

The public's version reads what was released, where small counts, and others that would give them
away, are withheld already; the exempt one counts the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from geodata import frames
from geodata.clearances.series_breaks import incident_breaks
from geodata.core.vocabulary import AreaKind
from geodata.frames.coverage import coverage
from geodata.frames.grouped_counts import incidents_by_ward
from geodata.indicators.areas import Area
from geodata.rules.days import corresponding_day
from web.services.partnership.comparison_table import Audience
from web.services.partnership.disclosure import open_to_the_public
from web.services.partnership.judging import Comparison, compare
from web.services.partnership.own_definitions import OWN
from web.services.partnership.partner_series import partner_series, partner_terms
from web.services.partnership.series import Break, Figure, Series, Terms
from web.services.partnership.windows import YEAR, Window
from web.services.publishing.public_figures import WITHHELD, YearFigures, published

INCIDENTS = OWN["own-incidents"]


@dataclass(frozen=True)
class WardFigures:
    """An indicator by ward.

    Attributes
    ----------
    window
        The later twelve months; of the public's own incidents the calendar year released last.
    cells
        By the ward's name, in the alphabet's order.
    """

    terms: Terms
    window: Window
    cells: dict[str, Comparison]


def ward_figures(session: Session, window: Window, audience: Audience) -> list[WardFigures]:
    """Own incidents first, then the partners' by name; those without any ward are left out."""
    own = _released(session) if audience is Audience.PUBLIC else _counted(session, window)
    return [*([own] if own else []), *_partners(session, window, audience)]


def _released(session: Session) -> WardFigures | None:
    """The year released last against the one before it."""
    years = {year.last_day.year: year for year in published(session).years}
    if not years:
        return None
    last = max(years)
    figures: dict[str, dict[tuple[date, int], Figure]] = {}
    for number in (last, last - 1):
        for name, figure in _of_year(years.get(number)):
            figures.setdefault(name, {})[date(number, 1, 1), YEAR] = figure
    return _own(session, Window(date(last, 1, 1)), figures)


def _of_year(year: YearFigures | None) -> Iterator[tuple[str, Figure]]:
    for ward in year.wards if year else ():
        reason = "" if ward.reported is not None else WITHHELD.lower()
        yield ward.name, Figure(ward.reported, reason=reason)


def _counted(session: Session, window: Window) -> WardFigures | None:
    """The record's own counts, where it holds all of a ward's days."""
    wards = frames.wards(session, window.last)
    figures: dict[str, dict[tuple[date, int], Figure]] = {name: {} for name in wards["name"]}
    for span in (window, window.earlier):
        counts = incidents_by_ward(session, span.first, corresponding_day(span.first, span.months))
        for key, name, ground in zip(wards["id"], wards["name"], wards.geometry, strict=True):
            record = coverage(session, today=window.last, within=ground)
            missing = record.missing(span.first, span.last)
            value = None if missing else float(counts.get(key, 0))
            figures[name][span.first, span.months] = Figure(value, reason=missing)
    return _own(session, window, figures)


def _own(
    session: Session, window: Window, figures: Mapping[str, dict[tuple[date, int], Figure]]
) -> WardFigures | None:
    known = incident_breaks(session, window.earlier.first, window.last)
    breaks = tuple(Break(month, each.what) for each in known for month in each.new_months)
    series = {
        name: Series(INCIDENTS, Area(AreaKind.WARD.value, name), figures[name], breaks)
        for name in sorted(figures)
    }
    # Two years' sums are no series of months: nothing can be said of its pattern, twenty times.
    cells = {name: replace(compare(each, window, {}), pattern="") for name, each in series.items()}
    return WardFigures(INCIDENTS, window, cells) if cells else None


def _partners(session: Session, window: Window, audience: Audience) -> Iterator[WardFigures]:
    terms = partner_terms(session)
    series = partner_series(session, terms, (AreaKind.WARD,))
    if audience is Audience.PUBLIC:
        terms, _ = open_to_the_public(terms, series)
    for key, each in terms.items():
        wards = {
            area.name: each_series for (name, area), each_series in series.items() if name == key
        }
        if wards:
            cells = {name: compare(wards[name], window, {}) for name in sorted(wards)}
            yield WardFigures(each, window, cells)
