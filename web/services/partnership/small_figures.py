"""Figures of people that are too small for the public, and what they could be reckoned from.

Somebody who keeps all that is published sets it against each other: a year less its other months,
the twelve months of two reports, a calendar year's release.
`tests/web/committee/test_subtraction.py` does so.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from web.services.partnership.judging import Comparison
from web.services.partnership.series import Figure
from web.services.partnership.windows import YEAR, Window, ending
from web.services.publishing.disclosure import LEAST_FOR_A_SHARE, SMALLEST_SHOWN

OF_ACTIONS = frozenset({"own-notices", "own-cautions", "own-payment-rate", "own-warning-effect"})
"""Of each calendar year a release tells as well, counted otherwise."""
BY_MONTH = frozenset({"own-incidents", "own-cleared-in-target"})
"""Each month is released for itself."""
OF_PEOPLE = (
    OF_ACTIONS
    | BY_MONTH
    | {
        "own-reports",
        "own-incidents-cylinders",
        "own-repeats-28",
    }
)
"""Own indicators that count what somebody reported or was given. The others count our own work."""
PATTERN_YEARS = 4
NO_MONTHS = Figure(None, reason="too few to show month by month")
OF_A_YEAR = Figure(
    None, reason="withheld: less what was released of this year it would tell of one"
)
OF_A_MONTH = Figure(None, reason="withheld: less its other months it would tell of a small one")


def guarded(
    key: str, comparison: Comparison, window: Window, small_months: Collection[date]
) -> Comparison:
    """One of our own indicators without its small figures.

    With a figure go its change, its test and its pattern, from each of which it could be reckoned.

    Parameters
    ----------
    small_months
        First days of months of which nothing is released, because they are too small.
    """
    if key not in OF_PEOPLE:
        return comparison
    before = _guarded(key, comparison.before, window.earlier, small_months)
    after = _guarded(key, comparison.after, window, small_months)
    if _is_withheld(comparison.before, before) or _is_withheld(comparison.after, after):
        return replace(
            comparison,
            before=before,
            after=after,
            change=None,
            verdict=None,
            p_value=None,
            unjudged="not compared: too few to show",
            pattern="",
        )
    span = ending(window.last, PATTERN_YEARS * YEAR)
    is_told = key not in BY_MONTH or not _any_of(span, small_months)
    pattern = comparison.pattern if is_told else ""
    return replace(comparison, before=before, after=after, pattern=pattern)


def guarded_months(key: str, months: list[Figure]) -> list[Figure]:
    """Months one by one, or none of them: a single one that is left out is what the year lacks.

    Those that nothing else tells are never shown: the year that begins a month later, less eleven
    of them, would be its last.
    """
    if key not in OF_PEOPLE:
        return months
    is_small = any(_small(key, each) is not None for each in months)
    return [NO_MONTHS for _ in months] if is_small or key not in BY_MONTH else months


def _guarded(key: str, figure: Figure, window: Window, small_months: Collection[date]) -> Figure:
    figure = replace(figure, note="") if key in OF_ACTIONS else figure
    if figure.value is None:
        return figure
    if key in OF_ACTIONS and window.first.month == 1:
        return OF_A_YEAR
    if (small := _small(key, figure)) is not None:
        return small
    return OF_A_MONTH if key in BY_MONTH and _any_of(window, small_months) else figure


def _any_of(window: Window, months: Collection[date]) -> bool:
    return any(first in months for first in window.starts())


def _is_withheld(figure: Figure, shown: Figure) -> bool:
    return figure.value is not None and shown.value is None


def _small(key: str, figure: Figure) -> Figure | None:
    """What is said in place of a small figure; of a share of actions its rest is one, too."""
    if figure.value is None:
        return None
    if figure.of is None:
        is_small = figure.value < SMALLEST_SHOWN
        return Figure(None, below=SMALLEST_SHOWN) if is_small else None
    least = min(figure.value, figure.of - figure.value)
    is_small = figure.of < LEAST_FOR_A_SHARE or (key in OF_ACTIONS and least < SMALLEST_SHOWN)
    return Figure(None, reason="too few for a share") if is_small else None
