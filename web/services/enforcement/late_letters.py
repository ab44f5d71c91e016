"""What has passed by the day on which a letter is printed: the days it names, and its own time."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from geodata.rules.days import LONDON, date_in_words
from geodata.rules.enforcement.deadlines import period_end, period_mark, time_limit
from geodata.rules.enforcement.notice_life import OFFERS, NoticeFacts, is_out_of_time
from geodata.rules.tables import RuleBook
from web.services.enforcement.notice_deadlines import out_of_time_words

_LAST_DAY = re.compile(r"\b(?:by|end of) (\d{1,2} [A-Z][a-z]+ \d{4})")
_NAMES_DAYS = ("appeal", "early", "effect", "pay_by", "period", "representations")
"""Blanks that say until when somebody may do something."""


def late_words(
    rules: RuleBook, notice: NoticeFacts, text: str, values: Mapping[str, str], today: date
) -> Iterator[str]:
    """Sentences about what has passed; none of a letter that is in time.

    Parameters
    ----------
    text, values
        The letter's text, and what its blanks are filled with.
    """
    if is_out_of_time(rules, notice, today):
        yield f"{out_of_time_words(rules, notice)}."
    elif notice.kind in OFFERS and notice.issued_on is not None:
        yield from _no_day_for_a_court(rules, notice, notice.issued_on)
    passed = [date_in_words(day) for day in sorted(_last_days(text, values)) if day < today]
    if passed:
        days, has = ("a last day", "it has") if len(passed) == 1 else ("last days", "they have")
        yield (
            f"It names {' and '.join(passed)} as {days}, and {has} passed: print it as a copy "
            "only, and give it to nobody who is to keep them."
        )


def _no_day_for_a_court(rules: RuleBook, notice: NoticeFacts, issued_on: date) -> Iterator[str]:
    """That the days to pay end when proceedings can no longer begin."""
    limit = time_limit(rules, notice.kind, notice.offence_on, notice.offence)
    last_to_pay = period_end(rules, "payment", issued_on)
    if limit is not None and last_to_pay >= limit:
        yield (
            f"Its days to pay end on {date_in_words(last_to_pay)}, and proceedings must begin by "
            f"{date_in_words(limit)}{period_mark(rules, 'prosecution', notice.offence_on)}: if it "
            "is not paid, nothing can follow."
        )


def _last_days(text: str, values: Mapping[str, str]) -> set[date]:
    named = " ".join(values.get(name, "") for name in _NAMES_DAYS if f"{{{name}}}" in text)
    return {
        datetime.strptime(words, "%d %B %Y").replace(tzinfo=LONDON).date()
        for words in _LAST_DAY.findall(named)
    }
