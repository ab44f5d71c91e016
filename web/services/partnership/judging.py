"""Twelve months against the twelve before, in one area: what changed, and is that chance?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geodata.core.vocabulary import Unit
from geodata.indicators.areas import Area
from geodata.indicators.observations import People
from geodata.rules.days import corresponding_day
from hotspots.stats.count_change import LEVEL, Change, Verdict, judge_change, judge_share_change
from hotspots.stats.trend_rule import SLOPE_MONTHS, Pattern, find_pattern
from web.services.partnership.series import Figure, Series
from web.services.partnership.windows import YEAR, Window, month_words

PER = 1000
PERCENT_FROM = 20
"""A change of fewer than so many is told in numbers alone: 2 to 3 is no "50% more"."""
NEITHER = "neither spike nor trend"


@dataclass(frozen=True)
class Comparison:
    """An indicator in an area.

    Attributes
    ----------
    before, after
        Of the earlier and the later twelve months.
    before_people, after_people
        Whom rates are per; None where nobody is known.
    change
        The later less the earlier, in the indicator's unit (of a share, points of per cent); null
        where one of both is not known or they are not comparable.
    verdict, p_value
        By the exact test; None where it says nothing.
    unjudged
        Why there is no verdict.
    trend
        ``up``, ``down`` or None.
    pattern
        Spike, trend or neither, in words; why it cannot be said.
    """

    before: Figure
    after: Figure
    before_people: People | None
    after_people: People | None
    change: float | None
    verdict: Verdict | None
    p_value: float | None
    unjudged: str
    pattern: str

    @property
    def percent(self) -> float | None:
        """The change as a share of the earlier figure; None where that is too small to say so."""
        earlier = self.before.value
        is_small = earlier is None or self.before.of is not None or earlier < PERCENT_FROM
        return None if is_small or self.change is None else 100 * self.change / (earlier or 1)

    @property
    def stands_out(self) -> bool:
        """Whether its months show more than neither, or the rule cannot tell."""
        return self.pattern not in ("", NEITHER)

    @property
    def rates(self) -> tuple[float | None, float | None]:
        """Earlier and later, per 1,000 people; None where the figure or the people are unknown."""
        return _rate(self.before, self.before_people), _rate(self.after, self.after_people)


def _rate(figure: Figure, people: People | None) -> float | None:
    if figure.value is None or people is None or figure.of is not None:
        return None
    return PER * figure.value / people.people


def compare(
    series: Series, window: Window, estimates: Mapping[Area, Mapping[int, People]]
) -> Comparison:
    """Compare a window with the one before it; ``estimates`` by area and year."""
    before, after = series.total(window.earlier), series.total(window)
    is_count = series.terms.unit == Unit.COUNT and not series.terms.is_stock
    known = estimates.get(series.area, {}) if is_count else {}
    people = people_of(known, window.earlier), people_of(known, window)
    unjudged = _unjudged(series, window, before, after)
    change = None
    if not unjudged:
        change = _change(series, before, after, people)
    difference = None if _is_apart(series, window, before, after) else _difference(before, after)
    return Comparison(
        before,
        after,
        *people,
        change=difference,
        verdict=None if change is None else change.verdict,
        p_value=None if change is None else change.p_value,
        unjudged=unjudged,
        pattern=pattern_words(series, window),
    )


def people_of(estimates: Mapping[int, People], window: Window) -> People | None:
    """The newest estimate made by a window's end, else the oldest there is."""
    if not estimates:
        return None
    by_then = [year for year in estimates if year <= window.last.year]
    return estimates[max(by_then) if by_then else min(estimates)]


def _unjudged(series: Series, window: Window, before: Figure, after: Figure) -> str:
    if before.value is None and after.value is None:
        return "no comparison: neither is known"
    if before.value is None or after.value is None:
        return "no comparison: one of the two is not known"
    if (broken := series.break_between(window.earlier.first, window.last)) is not None:
        return broken.sentence
    if not series.terms.is_tested or series.terms.is_stock:
        return "not tested"
    if series.terms.unit != Unit.COUNT and before.of is None:
        return f"not tested: published in {series.terms.unit.replace('_', ' ')}, without counts"
    return ""


def _is_apart(series: Series, window: Window, before: Figure, after: Figure) -> bool:
    broken = series.break_between(window.earlier.first, window.last)
    return broken is not None or before.value is None or after.value is None


def _difference(before: Figure, after: Figure) -> float:
    earlier, later = (
        (figure.value or 0) if figure.of is None else 100 * (figure.value or 0) / figure.of
        for figure in (before, after)
    )
    return later - earlier


def _change(
    series: Series, before: Figure, after: Figure, people: tuple[People | None, People | None]
) -> Change:
    polarity = series.terms.polarity
    pair = [(int(figure.value or 0), int(figure.of or 0)) for figure in (before, after)]
    if series.terms.is_share:
        return judge_share_change(*pair, polarity=polarity, level=LEVEL)  # type: ignore[arg-type]
    exposures = [1.0 if None in people else float(each.people) for each in people]  # type: ignore[union-attr]
    return judge_change(
        pair[0][0],
        pair[1][0],
        polarity=polarity,  # type: ignore[arg-type]
        level=LEVEL,
        before_exposure=exposures[0],
        after_exposure=exposures[1],
    )


def pattern_words(series: Series, window: Window) -> str:
    """Spike, trend or neither, up to the window's end; why the rule cannot tell."""
    terms = series.terms
    if terms.unit != Unit.COUNT or terms.is_stock or not terms.is_tested or terms.is_share:
        return ""
    counts = monthly_counts(series, window)
    if np.isnan(counts[-1]):
        return "pattern not known: no monthly figures up to the end"
    pattern = find_pattern(counts, level=LEVEL)
    if pattern.months < SLOPE_MONTHS:
        return f"pattern not known: {pattern.months} months without a gap, and the rule needs 24"
    spikes = [month_words(corresponding_day(window.first, YEAR - ago)) for ago in pattern.spikes]
    words = [f"trend {pattern.trend} ({_evidence(pattern)})"] if pattern.trend else []
    if spikes:
        limit = f"above {pattern.control_limit:,.0f}"
        words.append(f"spike in {' and '.join(spikes)} ({limit})")
    return ", ".join(words) or NEITHER


def _evidence(pattern: Pattern) -> str:
    if pattern.by_slope is None:
        return "three years one way"
    p_value = pattern.slope_p_value
    return "slope p under 0.001" if p_value < 0.001 else f"slope p {p_value:.3f}"


def monthly_counts(series: Series, window: Window, years: int = 4) -> np.ndarray:
    """(12 * years,) counts by month up to a window's end, NaN where none is known, and before the
    last break."""
    first = corresponding_day(window.first, -YEAR * (years - 1))
    starts = list(Window(first, YEAR * years).starts())
    broken = series.break_between(first, window.last)
    return np.array(
        [
            np.nan
            if broken and start < broken.day.replace(day=1)
            else _count(series.figures.get((start, 1)))
            for start in starts
        ]
    )


def _count(figure: Figure | None) -> float:
    return np.nan if figure is None or figure.value is None else float(figure.value)
