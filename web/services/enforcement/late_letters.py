"""What has passed by the day on which a letter is printed: the days it names, and its own time."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from geodata.rules.days import LONDON, date_in_words
from geodata.rules.enforcement.notice_life import NoticeFacts, is_out_of_time
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
    for day in sorted(_last_days(text, values)):
        if day < today:
            yield (
                f"It names {date_in_words(day)} as a last day, and that has passed: print it as a "
                "copy only, and give it to nobody who is to keep that day."
            )


def _last_days(text: str, values: Mapping[str, str]) -> set[date]:
    named = " ".join(values.get(name, "") for name in _NAMES_DAYS if f"{{{name}}}" in text)
    return {
        datetime.strptime(day, "%d %B %Y").replace(tzinfo=LONDON).date()
        for day in _LAST_DAY.findall(named)
    }
