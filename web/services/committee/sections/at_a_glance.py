"""What matters most, in one table for the first page."""

from web.services.committee.document import Table
from web.services.committee.report_facts import Facts
from web.services.partnership import comparison_words as words
from web.services.partnership.comparison_table import Row

KEYS = (
    "own-incidents",
    "own-incidents-cylinders",
    "own-cleared-in-target",
    "own-repeats-28",
    "own-cost",
)
CAPTION = "At a glance"


def at_a_glance(facts: Facts) -> Table:
    """Twelve months, the twelve before, and what the difference is worth."""
    window = facts.comparison.window
    return Table(
        CAPTION,
        ("Figure", str(window), str(window.earlier), "Difference"),
        tuple(_cells(facts.own(key)) for key in KEYS),
        (0.24, 0.2, 0.2, 0.36),
    )


def _cells(row: Row) -> tuple[str, ...]:
    comparison = row.cells[0]
    name = f"{row.terms.name}. {words.POLARITIES[row.terms.polarity]}"
    if comparison is None:
        return name, "No figures", "No figures", ""
    later, earlier = (
        words.figure_words(row.terms, each) for each in (comparison.after, comparison.before)
    )
    parts = [
        words.change_words(row.terms, comparison),
        words.verdict_words(comparison),
        words.probability_words(comparison),
    ]
    return name, _capital(later), _capital(earlier), _capital("; ".join(filter(None, parts)))


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
