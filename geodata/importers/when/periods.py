"""Periods as publishers write them: whole months, quarters and years, never guessed."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from geodata.importers.when.period_words import plain_words
from geodata.rules.days import corresponding_day

LENGTHS = (1, 3, 12)
_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_MONTH = (
    r"(?:(?P<y{0}>(?:19|20)\d\d)-(?P<m{0}>\d{{1,2}})"
    r"|(?P<n{0}>[a-z]{{3,9}})[ -](?P<z{0}>(?:19|20)\d\d|\d\d))"
)
_ONE = re.compile(_MONTH.format(1))
_RANGE = re.compile(_MONTH.format(1) + r"\s*(?:to|-|–)\s*" + _MONTH.format(2))
_YEAR_TO = r"(?:rolling )?(?:year|12 months|twelve months) (?:ending|ended|to)|f?ye"
_ENDING = re.compile(rf"(?:{_YEAR_TO}|(?P<quarter>quarter ending)) " + _MONTH.format(1))
_YEAR_ENDING = re.compile(
    rf"(?:{_YEAR_TO}|(quarter ending)) "
    r"(\d{1,2} [a-z]{3,9} (?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)"
)
_FINANCIAL = re.compile(r"(?:fy ?)?(?P<first>(?:19|20)\d\d)[/-](?:\d\d)?(?P<second>\d\d)")
_QUARTER = re.compile(r"(?:q([1-4]) (?P<a>.+)|(?P<b>.+) q([1-4]))")
_WITHIN_YEAR = re.compile(r"([a-z]{3,9})\s*(?:to|-|–)\s*([a-z]{3,9})[ -]((?:19|20)\d\d)")
_FIRST_IN_WORDS = re.compile(r"0?1[ -]([a-z]{3,9})[ -]((?:19|20)\d\d|\d\d)")
_FIRST_OF_MONTH = re.compile(r"(?:0?1/)?(\d{1,2})/((?:19|20)\d\d)")
"""By day, month and year; one of January by month, day and year is no first of a month."""
_DAY = re.compile(r"((?:19|20)\d\d)-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?")
_ONE_DAY = r"((?:19|20)\d\d-\d\d-\d\d|\d{1,2} [a-z]{3,9} (?:19|20)\d\d)"
_DAYS = re.compile(_ONE_DAY + r"\s*(?:to|–|-)\s*" + _ONE_DAY)
_LAST_DAY = re.compile(
    r"(?:(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.]|(?P<w>\d{1,2})[ -](?P<n>[a-z]{3,9})[ -])"
    r"(?P<y>(?:19|20)\d\d|\d\d)"
)
_QUARTER_OF_MONTHS = re.compile(r"(q[1-4]) ?\(([a-z]{3,9}) ?(?:to|-) ?([a-z]{3,9})\) ?(.+)")
_WAYS = "write 2025-04, April 2025, 2025-04 to 2025-06, year ending March 2025 or 2024/25"
_UNKNOWN = f"is no period that is known: {_WAYS}"


@dataclass(frozen=True)
class Period:
    """Whole months: the first day of the first, and how many."""

    first_day: date
    months: int

    @property
    def last_day(self) -> date:
        """The last day of the last month."""
        return corresponding_day(self.first_day, self.months) - timedelta(days=1)


def read_period(text: str) -> Period | str:
    """The period that a text says, or what is wrong with it.

    >>> read_period("Year ending March 2025")
    Period(first_day=datetime.date(2024, 4, 1), months=12)
    >>> read_period("2025-04-01 to 2025-05-15")
    'covers only part of a month: give whole months, or leave the row out'
    """
    words = plain_words(text)
    if not words:
        return f"is empty: {_WAYS}"
    for form, meaning in _FORMS:
        if (match := form.fullmatch(words)) is not None:
            return meaning(match)
    return _of_year(words)


def month_ended(text: str) -> date | None:
    """The first day of the month that one day ends, where a text is no more than that day.

    Whether the month, its quarter or its year is meant, the day alone does not say.

    >>> month_ended("31/03/2025"), month_ended("30-Jun-24"), month_ended("1 April 2025")
    (datetime.date(2025, 3, 1), datetime.date(2024, 6, 1), None)
    """
    day = _one_day(plain_words(text))
    if day is None or (day + timedelta(days=1)).day != 1:
        return None
    return day.replace(day=1)


def month_begun(text: str) -> date | None:
    """The same of the first day of a month, which a spreadsheet makes of "Apr 2025" too."""
    day = _one_day(plain_words(text))
    return day if day is not None and day.day == 1 else None


def _one_day(words: str) -> date | None:
    if (match := _DAY.fullmatch(words)) is not None:
        return _day("-".join(match.groups()))
    match = _LAST_DAY.fullmatch(words)
    if match is None:
        return None
    number = match["m"] or _MONTHS.get(match["n"][:3], 0)
    year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
    return _day(f"{year}-{int(number):02}-{int(match['d'] or match['w']):02}")


def _of_year(words: str) -> Period | str:
    match = _FINANCIAL.fullmatch(words)
    if match is not None and (int(match["first"]) + 1) % 100 == int(match["second"]):
        return Period(date(int(match["first"]), 4, 1), 12)
    if re.fullmatch(r"(19|20)\d\d", words):
        return Period(date(int(words), 1, 1), 12)
    if re.search(r"\bq[1-4]\b", words):
        quarter = _of_quarter(words)
        if quarter is not None:
            return quarter
        return (
            "does not say whether its quarters are of the calendar's or the financial year: "
            "write 2025-04 to 2025-06"
        )
    return _UNKNOWN


def _of_quarter(words: str) -> Period | None:
    """A quarter of a year that is written as a financial one.

    >>> _of_quarter("q1 2025/26")
    Period(first_day=datetime.date(2025, 4, 1), months=3)
    """
    match = _QUARTER.fullmatch(words)
    year = _FINANCIAL.fullmatch(match["a"] or match["b"]) if match else None
    if match is None or year is None or not isinstance(within := _of_year(year[0]), Period):
        return None
    return Period(corresponding_day(within.first_day, 3 * int(match[1] or match[4]) - 3), 3)


def _month(match: re.Match[str], nth: int) -> date | None:
    year, number = match[f"y{nth}"], match[f"m{nth}"]
    if year is None:
        name, year = match[f"n{nth}"], match[f"z{nth}"]
        is_name = any(m.lower().startswith(name) for m in calendar.month_name if m)
        number = _MONTHS.get(name[:3]) if is_name or name == "sept" else None
    if number is None or not 1 <= int(number) <= 12:
        return None
    return date(int(year) + (2000 if len(year) == 2 else 0), int(number), 1)


def _of_month(match: re.Match[str]) -> Period | str:
    first = _month(match, 1)
    return _of_year(match[0]) if first is None else Period(first, 1)


def _of_range(match: re.Match[str]) -> Period | str:
    return _between(_month(match, 1), _month(match, 2))


def _between(first: date | None, last: date | None) -> Period | str:
    if first is None or last is None:
        return _UNKNOWN
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months < 1:
        return "ends before it begins: give the year of each end"
    if months not in LENGTHS:
        return f"is {months} months long: a period is 1, 3 or 12 months"
    return Period(first, months)


def _ending(match: re.Match[str]) -> Period | str:
    last, months = _month(match, 1), 3 if match["quarter"] else 12
    if last is None:
        return _UNKNOWN
    return Period(corresponding_day(last, 1 - months), months)


def _of_year_ending(match: re.Match[str]) -> Period | str:
    last = _day(match[2])
    if last is None or (last + timedelta(days=1)).day != 1:
        return _UNKNOWN if last is None else "covers only part of a month: give whole months"
    months = 3 if match[1] else 12
    return Period(corresponding_day(last.replace(day=1), 1 - months), months)


def _of_months_within(match: re.Match[str]) -> Period | str:
    return read_period(f"{match[1]} {match[3]} to {match[2]} {match[3]}")


def _of_first(match: re.Match[str]) -> Period | str:
    number = int(match[1])
    return Period(date(int(match[2]), number, 1), 1) if 1 <= number <= 12 else _UNKNOWN


def _of_quarter_of_months(match: re.Match[str]) -> Period | str:
    """Q1 (Apr to Jun) 2024/25: the months are said, and the year must not contradict them."""
    name, first, last, year = match.groups()
    financial = _FINANCIAL.fullmatch(year)
    if financial is None:
        return read_period(f"{first} to {last} {year}")
    period = _of_quarter(f"{name} {year}")
    if period is None or read_period(f"{first} to {last} {period.first_day.year}") != period:
        return f"does not agree with itself: {name.upper()} of {year} is of other months"
    return period


def _of_one_day(match: re.Match[str]) -> Period | str:
    """A spreadsheet turns "Apr 2025" into the first day of that month."""
    year, month, day = map(int, match.groups())
    if day != 1 or not 1 <= month <= 12:
        return f"is one day, and no period: {_WAYS}"
    return Period(date(year, month, 1), 1)


def _of_days(match: re.Match[str]) -> Period | str:
    ends = _day(match[1]), _day(match[2])
    if ends[0] is None or ends[1] is None:
        return _UNKNOWN
    if ends[0].day != 1 or (ends[1] + timedelta(days=1)).day != 1:
        return "covers only part of a month: give whole months, or leave the row out"
    return _between(ends[0], ends[1].replace(day=1))


def _day(words: str) -> date | None:
    match = re.fullmatch(r"(\d{1,2}) ([a-z]{3,9}) (\d{4})", words)
    try:
        if match is None:
            return date.fromisoformat(words)
        return date(int(match[3]), _MONTHS[match[2][:3]], int(match[1]))
    except (KeyError, ValueError):
        return None


_FORMS = (
    (_DAY, _of_one_day),
    (_QUARTER_OF_MONTHS, _of_quarter_of_months),
    (_DAYS, _of_days),
    (_RANGE, _of_range),
    (_WITHIN_YEAR, _of_months_within),
    (_FIRST_OF_MONTH, _of_first),
    (_FIRST_IN_WORDS, lambda match: read_period(f"{match[1]} {match[2]}")),
    (_ENDING, _ending),
    (_YEAR_ENDING, _of_year_ending),
    (_ONE, _of_month),
)
