"""A series: the figures of one indicator in one area, and what twelve months of it add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from geodata.core.vocabulary import Unit
from geodata.indicators.areas import Area
from web.services.partnership.windows import YEAR, Window, month_words

ADDED_UP = frozenset({Unit.COUNT, Unit.HOURS, Unit.POUNDS})
"""Months of other units cannot be added up to a year."""
NAMED = 3
"""So many months without a figure are named; of more, their number is said."""


@dataclass(frozen=True)
class Terms:
    """What the figures of an indicator mean.

    Attributes
    ----------
    unit, polarity, disclosure
        Words of `Unit`, `Polarity` and `Disclosure`.
    paragraph
        Of Part 1 of Schedule 12A, for an exempt one.
    is_share
        Figures are so many of so many, shown as a percentage.
    is_stock
        Figures are of a period's last day, and are not added up.
    is_tested
        Whether its counts are of things that happen apart from each other, as a test supposes.
    """

    key: str
    name: str
    unit: str
    polarity: str
    disclosure: str
    paragraph: int | None
    source: str
    definition: str
    is_own: bool = False
    is_share: bool = False
    is_stock: bool = False
    is_tested: bool = True


@dataclass(frozen=True)
class Figure:
    """A number, or why there is none.

    Attributes
    ----------
    value
        None: nobody knows. Never zero for that.
    of
        What a share's ``value`` is of.
    reason
        Why there is no number.
    note
        What else to know.
    """

    value: float | None
    of: float | None = None
    reason: str = ""
    is_provisional: bool = False
    below: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Break:
    """A day from which on figures are not comparable with those before."""

    day: date
    what: str

    @property
    def sentence(self) -> str:
        return f"not comparable: {self.what} in {month_words(self.day)}"


@dataclass(frozen=True)
class Series:
    """Figures by the first day and the number of months of their period."""

    terms: Terms
    area: Area
    figures: Mapping[tuple[date, int], Figure]
    breaks: tuple[Break, ...] = field(default=())

    def total(self, window: Window) -> Figure:
        """The figure of a window: as it was published, else what its months add up to."""
        published = self.figures.get((window.first, window.months))
        if published is not None and published.value is not None:
            return published
        if self.terms.is_stock:
            last = window.last.replace(day=1)
            return self.figures.get((last, 1), Figure(None, reason=_none_of([last])))
        return self._added_up(window, published)

    def _added_up(self, window: Window, published: Figure | None) -> Figure:
        if not self.figures:
            return Figure(None, reason="no figures")
        if self.terms.unit not in ADDED_UP and not self.terms.is_share:
            months = "month" if window.months == YEAR else "period"
            return published or Figure(
                None, reason=f"no figure of the whole year: those of a {months} do not add up"
            )
        parts, missing = self._parts(window)
        if missing:
            return published or Figure(None, reason=_why(missing))
        return Figure(
            sum(part.value or 0 for part in parts),
            sum(part.of or 0 for part in parts) if self.terms.is_share else None,
            is_provisional=any(part.is_provisional for part in parts),
            note="; ".join(dict.fromkeys(part.note for part in parts if part.note)),
        )

    def _parts(self, window: Window) -> tuple[list[Figure], dict[date, Figure]]:
        """Months, else quarters, that tile a window; and the months that nothing tells of."""
        parts: list[Figure] = []
        missing: dict[date, Figure] = {}
        starts = list(window.starts())
        while starts:
            first = starts[0]
            lengths = [n for n in (1, 3) if n <= len(starts) and self._is_known(first, n)]
            if lengths:
                parts.append(self.figures[first, lengths[0]])
            else:
                missing[first] = self._gap(first)
            del starts[: lengths[0] if lengths else 1]
        return parts, missing

    def _is_known(self, first: date, months: int) -> bool:
        figure = self.figures.get((first, months))
        return figure is not None and figure.value is not None

    def _gap(self, first: date) -> Figure:
        figures = (self.figures.get((first, months)) for months in (1, 3))
        return next((figure for figure in figures if figure), Figure(None))

    def break_between(self, first: date, last: date) -> Break | None:
        """The last break after ``first`` up to ``last``."""
        within = [each for each in self.breaks if first < each.day <= last]
        return max(within, key=lambda each: each.day, default=None)


def _why(missing: Mapping[date, Figure]) -> str:
    """Why months have no figure, each reason once, in the order of time."""
    below = {first: figure.below for first, figure in missing.items() if figure.below}
    if below:
        first, number = next(iter(below.items()))
        more = f" and {len(below) - 1} more months" if len(below) > 1 else ""
        return f"fewer than {number} in {month_words(first)}{more}: the sum is not known"
    reasons = dict.fromkeys(figure.reason for figure in missing.values() if figure.reason)
    return "; ".join(reasons) if reasons else _none_of(list(missing))


def _none_of(months: list[date]) -> str:
    if len(months) > NAMED:
        span = f"{month_words(months[0])} to {month_words(months[-1])}"
        return f"no figure for {len(months)} months, {span}"
    return f"no figure for {', '.join(month_words(month) for month in months)}"
