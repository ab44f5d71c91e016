"""Texts of notices and letters: the blanks that they may have, and those that the law asks for."""

import re
from collections.abc import Mapping
from datetime import date

from geodata.core.errors import NotFoundError
from geodata.rules.days import date_in_words
from geodata.rules.tables import Row, RuleBook

_BLANK = re.compile(r"\{([^{}]*)\}")
BLANKS = frozenset(
    {
        "admission",
        "amount",
        "amount_due",
        "appeal",
        "authority",
        "conduct",
        "consequences",
        "council",
        "date",
        "decision",
        "early",
        "effect",
        "increase",
        "issuer",
        "late",
        "methods",
        "offence",
        "order",
        "particulars",
        "pay_by",
        "pay_to",
        "period",
        "reasons",
        "recipient",
        "recovery",
        "reference",
        "representations",
        "representations_to",
        "requirements",
        "signature",
        "today",
        "vehicle",
        "warning",
    }
)


def template_on(rules: RuleBook, letter: str, day: date) -> Row:
    """The text of a notice or letter that holds on a day.

    Raises
    ------
    NotFoundError
        The council has none.
    """
    row = rules["letters"].on(day, letter)
    if row is None:
        raise NotFoundError(
            f"there is no text for {letter.replace('_', ' ')} on {date_in_words(day)}"
        )
    return row


def template_fault(rules: RuleBook, letter: str, text: str, day: date) -> str:
    """Why a text cannot be printed, empty where it can.

    Examples
    --------
    >>> from geodata.rules.tables import packaged
    >>> template_fault(packaged(), "cpw", "Stop {conduct}.", date(2026, 6, 1))[:34]
    'the text lacks {warning}: that a n'
    """
    blanks = set(_BLANK.findall(text))
    unknown = sorted(blanks - BLANKS)
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in sorted(BLANKS))
        return f"{{{unknown[0]}}} is no blank that the program fills: choose from {known}"
    if "{" in _BLANK.sub("", text) or "}" in _BLANK.sub("", text):
        return "a curly bracket stands alone: write blanks such as {amount}"
    for row in rules["letter_contents"].rows:
        if row.holds_on(day) and row["letter"] == letter and row["element"] not in blanks:
            return f"the text lacks {{{row['element']}}}: {row['words']} ({row.source})"
    return ""


def filled(text: str, values: Mapping[str, str]) -> list[str]:
    """The paragraphs of a text with its blanks filled; one that has no value is left out.

    >>> filled("Pay {amount}. {early}\\n\\nTo: {payee}", {"amount": "£100.00", "payee": "A"})
    ['Pay £100.00.', 'To: A']
    """
    filled_text = _BLANK.sub(lambda blank: values.get(blank[1], ""), text.replace("\r", "").strip())
    paragraphs = (" ".join(part.split()) for part in filled_text.split("\n\n"))
    return [part for part in paragraphs if part]
