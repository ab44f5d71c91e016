"""How figures and verdicts are said, on the page and in its spreadsheet alike."""

from geodata.core.vocabulary import Unit
from hotspots.stats.count_change import Verdict
from web.services.partnership.judging import Comparison
from web.services.partnership.series import Figure, Terms

VERDICTS = {
    Verdict.IMPROVEMENT: "Improvement",
    Verdict.DETERIORATION: "Deterioration",
    Verdict.HIGHER: "More",
    Verdict.LOWER: "Fewer",
    Verdict.NO_CHANGE: "No change",
}
COLOURS = {
    Verdict.IMPROVEMENT: "green",
    Verdict.DETERIORATION: "red",
    Verdict.HIGHER: "grey",
    Verdict.LOWER: "grey",
    Verdict.NO_CHANGE: "blue",
}
UP, DOWN, SAME = "↑", "↓", "↔"
_UNITS = {
    Unit.COUNT: "{:,.0f}",
    Unit.PERCENT: "{:.1f}%",
    Unit.RATE: "{:.2f} per 1,000 people",
    Unit.POUNDS: "£{:,.0f}",
    Unit.HOURS: "{:,.1f} hours",
    Unit.DAYS: "{:,.1f} days",
}
POLARITIES = {
    "less": "Lower is better.",
    "more": "Higher is better.",
    "neutral": "Neither way is better.",
}


def figure_words(terms: Terms, figure: Figure) -> str:
    """A figure in its unit: "1,204", "67% (8 of 12)"; "not known" where nobody knows."""
    if figure.value is None:
        return f"fewer than {figure.below}" if figure.below else "not known"
    if figure.of is not None:
        return f"{100 * figure.value / figure.of:.0f}% ({figure.value:.0f} of {figure.of:.0f})"
    return _UNITS[Unit(terms.unit)].format(figure.value)


def change_words(terms: Terms, comparison: Comparison) -> str:
    """By how much: "+12", "-139 (-10%)", "+4 percentage points"; empty where it is not known."""
    if not comparison.change:
        return "" if comparison.change is None else "the same"
    if comparison.before.of is not None or terms.unit == Unit.PERCENT:
        points = (
            f"{comparison.change:+.0f}"
            if comparison.before.of is not None
            else f"{comparison.change:+.1f}"
        )
        return f"{points} percentage points"
    if terms.unit == Unit.POUNDS:
        return f"{'+' if comparison.change > 0 else '-'}£{abs(comparison.change):,.0f}"
    number = (
        f"{comparison.change:+,.0f}" if terms.unit == Unit.COUNT else f"{comparison.change:+,.1f}"
    )
    if comparison.percent is None:
        return number
    percent = round(comparison.percent)
    return f"{number} ({f'{percent:+d}%' if percent else 'under 1%'})"


def arrow(comparison: Comparison) -> str:
    """Which way it went, where that is more than chance."""
    if comparison.verdict is None or comparison.verdict is Verdict.NO_CHANGE:
        return SAME if comparison.verdict else ""
    earlier, later = comparison.rates
    if earlier is None or later is None:
        return UP if (comparison.change or 0) > 0 else DOWN
    return UP if later > earlier else DOWN


def verdict_words(comparison: Comparison) -> str:
    """The arrow and the word; why there is none."""
    if comparison.verdict is None:
        return comparison.unjudged
    return f"{arrow(comparison)} {VERDICTS[comparison.verdict]}"


def verdict_colour(comparison: Comparison) -> str:
    """Of the tag; nothing is said by it alone."""
    return COLOURS[comparison.verdict] if comparison.verdict else "grey"


def probability_words(comparison: Comparison) -> str:
    """The p-value of the test."""
    if comparison.p_value is None:
        return ""
    return "p under 0.001" if comparison.p_value < 0.001 else f"p {comparison.p_value:.3f}"


def rate_words(comparison: Comparison) -> str:
    """Both rates, later first; empty where nobody is known to live there."""
    earlier, later = comparison.rates
    if earlier is None or later is None:
        return ""
    return f"{later:.2f} per 1,000 people, before {earlier:.2f}"


def notes(comparison: Comparison) -> list[str]:
    """What else to know of the two figures: why one is not known, that one is provisional."""
    asides = [aside(figure) for figure in (comparison.after, comparison.before)]
    if asides[0] == asides[1]:
        return [f"Both: {asides[0]}"] if asides[0] else []
    whens = ("Later 12 months", "Earlier 12 months")
    return [f"{when}: {words}" for when, words in zip(whens, asides, strict=True) if words]


def aside(figure: Figure) -> str:
    """Why there is no number, or what else to know of it."""
    words = [figure.reason, figure.note, "provisional" if figure.is_provisional else ""]
    return "; ".join(word for word in words if word)
