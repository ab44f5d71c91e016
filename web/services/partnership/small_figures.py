"""Figures of people that are too small for the public, and what they could be reckoned from."""

from dataclasses import replace

from web.services.partnership.judging import Comparison
from web.services.partnership.series import Figure
from web.services.publishing.disclosure import LEAST_FOR_A_SHARE, SMALLEST_SHOWN

OF_PEOPLE = frozenset(
    {
        "own-incidents",
        "own-reports",
        "own-incidents-cylinders",
        "own-cleared-in-target",
        "own-repeats-28",
        "own-notices",
        "own-cautions",
        "own-payment-rate",
        "own-warning-effect",
    }
)
"""Own indicators that count what somebody reported or was given. The others count our own work."""


def guarded(key: str, comparison: Comparison) -> Comparison:
    """One of our own indicators without its small figures.

    With a figure go its change, its test and its pattern, from each of which it could be reckoned.
    """
    if key not in OF_PEOPLE:
        return comparison
    before, after = _guarded(comparison.before), _guarded(comparison.after)
    if (before, after) == (comparison.before, comparison.after):
        return comparison
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


def guarded_months(key: str, months: list[Figure]) -> list[Figure]:
    """Months one by one, or none of them: a single one that is left out is what the year lacks."""
    if key not in OF_PEOPLE or all(_guarded(each) == each for each in months):
        return months
    return [Figure(None, reason="too few to show month by month") for _ in months]


def _guarded(figure: Figure) -> Figure:
    if figure.value is None:
        return figure
    if figure.of is None:
        is_small = figure.value < SMALLEST_SHOWN
        return Figure(None, below=SMALLEST_SHOWN) if is_small else figure
    is_small = figure.of < LEAST_FOR_A_SHARE
    return Figure(None, reason="too few for a share") if is_small else figure
