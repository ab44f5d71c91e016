"""The language that is spoken now: texts, dates and numbers in it.

The English text is the key of its translation, and what is shown where there is none. Whoever
answers a request, or writes a mail, says once in which language; all below it asks here and need
not know. Nothing said: English, as on the officers' pages.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.numbers import format_decimal
from babel.support import NullTranslations


@dataclass(frozen=True)
class Language:
    """A language that pages may be in.

    Attributes
    ----------
    code
        As in ``lang`` of HTML, and as CLDR knows it.
    name, own_name
        In English, and as its speakers call it.
    is_rtl
        Whether it is written from right to left.
    """

    code: str
    name: str
    own_name: str
    is_rtl: bool = False

    @property
    def locale(self) -> Locale:
        """What CLDR says of its dates and numbers."""
        return Locale.parse(self.code)


ENGLISH = Language("en", "English", "English")


@dataclass(frozen=True)
class Speech:
    """A language with its texts as they stand.

    Attributes
    ----------
    version
        Changes with any text: pages that browsers keep are named by it.
    is_draft
        Whether a text of it waits for a speaker to approve it.
    """

    language: Language = ENGLISH
    texts: NullTranslations = field(default_factory=NullTranslations, compare=False, repr=False)
    version: str = ""
    is_draft: bool = False

    @property
    def is_english(self) -> bool:
        return self.language.code == ENGLISH.code


PLAIN = Speech()
_now: ContextVar[Speech] = ContextVar("speech", default=PLAIN)


def current() -> Speech:
    """What is spoken now."""
    return _now.get()


def speak(speech: Speech) -> None:
    """Speak so from here on, in this thread."""
    _now.set(speech)


@contextmanager
def speaking(speech: Speech) -> Iterator[None]:
    """Speak so within the block."""
    token = _now.set(speech)
    try:
        yield
    finally:
        _now.reset(token)


def N_(text: str) -> str:  # noqa: N802 - so it is called wherever gettext is
    """Mark a text to be translated where it is shown, not here."""
    return text


def gettext(text: str, **values: object) -> str:
    """A text in the language that is spoken; ``%(name)s`` in it are filled in.

    >>> gettext("Photo %(number)s", number=2)
    'Photo 2'
    """
    words = str(current().texts.gettext(text)) if text else text
    return words % values if values else words


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    """The form of a text that a number asks for, which it may name as ``%(num)s``.

    >>> ngettext("%(num)s job", "%(num)s jobs", 2)
    '2 jobs'
    """
    return str(current().texts.ngettext(one, many, n)) % ({"num": n} | values)


def day_and_month(day: date) -> str | None:
    """Wednesday 25 November, as the language writes it; None in English, which has its own."""
    if (locale := _locale()) is None:
        return None
    short: str = str(locale.datetime_skeletons["MMMMEd"].pattern)
    return str(format_date(day, re.sub("E+", "EEEE", short), locale=locale))


def short_day(day: date) -> str | None:
    """25 Nov 2026, as the language writes it; None in English."""
    locale = _locale()
    return None if locale is None else str(format_date(day, "medium", locale=locale))


def long_day(day: date) -> str | None:
    """Wednesday 25 November 2026, as the language writes it; None in English."""
    locale = _locale()
    return None if locale is None else str(format_date(day, "full", locale=locale))


def month_and_year(day: date) -> str | None:
    """November 2026, as the language writes it; None in English."""
    if (locale := _locale()) is None:
        return None
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return str(format_skeleton("yMMMM", moment, locale=locale))


def ago(age: timedelta) -> str | None:
    """3 hours ago, as the language says it; None in English."""
    if (locale := _locale()) is None:
        return None
    return str(
        format_timedelta(-age, granularity="minute", threshold=1, add_direction=True, locale=locale)
    )


def lasting(length: timedelta) -> str | None:
    """3 hours, as the language says it; None in English."""
    if (locale := _locale()) is None:
        return None
    return str(format_timedelta(length, granularity="minute", threshold=1, locale=locale))


def decimal(value: float, digits: int) -> str:
    """A number as the language writes it."""
    locale = _locale() or Locale.parse(ENGLISH.code)
    return str(format_decimal(round(value, digits), locale=locale))


def _locale() -> Locale | None:
    """What CLDR says of the language; None of English, whose dates are written by our own rules."""
    speech = current()
    return None if speech.is_english else speech.language.locale
