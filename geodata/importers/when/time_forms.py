"""Forms of a date and its time, and those that are another form in another order."""

import calendar
import re

import pandas as pd

from geodata.importers.when.clocks import NOON

_CLOCK = (
    r"(?:[T ,]+(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})"
    r"(?:[.,](?P<fraction>\d{1,9}))?)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?(?:\s*(?:hrs?|hours|h))?)?"
    r"\s*(?P<zone>Z|UTC|GMT|BST|[+-](?:0\d|1[0-4]):?[0-5]\d)?$"
)
ISO = rf"^(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_CLOCK}"
NUMERIC = (
    rf"^(?P<first>\d{{1,2}})[/.-](?P<second_part>\d{{1,2}})[/.-](?P<year>\d{{4}}|\d{{2}}){_CLOCK}"
)
NAMED = (
    r"^(?:[A-Za-z]{3,9},? )?(?P<day>\d{1,2})(?:st|nd|rd|th)?[ /.-]?(?P<name>[A-Za-z]{3,10})"
    rf"\.?,?[ /.-]?(?P<year>\d{{4}}|'?\d{{2}}){_CLOCK}"
)
_WELSH = (
    *("", "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst"),
    *("Medi", "Hydref", "Tachwedd", "Rhagfyr"),
)
MONTHS = {
    name[:letters].lower(): str(number)
    for names in (calendar.month_name, _WELSH)
    for number, name in enumerate(names)
    for letters in range(3, len(name) + 1)
}
"""Any beginning of a month's name in English or Welsh, of three letters or more; its number."""

_DAY = r"^((?:19|20)\d\d)(\d\d)(\d\d)"
_WEEKDAY = r"^(?:[A-Za-z]{3,9},? +)?"
_CLOCK_FIRST = (
    r"^(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AaPp]\.?[Mm]\.?)?)(?:,| on)? "
    r"(?=\d{1,4}[/. -]|[A-Z])(.+)$"
)
_REWRITTEN = (
    (r"[\u00a0\u2007\u202f]", " "),  # spaces that do not break a line
    (r"[\u2010-\u2015\u2212]", "-"),
    (r"^'(?=\d)", ""),  # how a spreadsheet marks a text
    (_CLOCK_FIRST, r"\2 \1"),
    (r"(\d) ([01]\d|2[0-3]|24(?=00))([0-5]\d) ?(?:hrs?|hours|h)\.?$", r"\1 \2:\3"),
    (rf"(?:,| at)? {NOON}$", " 12:00"),
    (r"(?:GMT|UTC|BST)? ?(?:GMT|UTC)([+-])(\d)$", r" \g<1>0\2:00"),
    (r" \([A-Za-z ]+\)$", ""),  # JavaScript's name of the zone
    (r"(?: ?(?:GMT|UTC))([+-]\d\d:?\d\d)$", r"\1"),
    (rf"{_DAY}[T ]?(\d\d)(\d\d)(\d\d)(?=$|[.,Z+-])", r"\1-\2-\3T\4:\5:\6"),
    (rf"{_DAY}[T ]?(\d\d)(\d\d)(?=$|[Z+-])", r"\1-\2-\3T\4:\5"),
    (rf"{_DAY}(?=$|[T ,])", r"\1-\2-\3"),
    (r"(:\d\d(?:[.,]\d+)?)\s*([+-]\d\d)$", r"\1\2:00"),
    (r"(\d(?:st|nd|rd|th)?) of (?=[A-Za-z])", r"\1 "),
    (r",? (?:at|@|-) (?=\d)", " "),
    (
        rf"{_WEEKDAY}([A-Za-z]{{3,9}}) +(\d{{1,2}}) (\d\d:\d\d:\d\d)(?: (UTC|GMT|BST))? (\d{{4}})$",
        r"\2 \1 \5 \3\4",
    ),
    (
        rf"{_WEEKDAY}([A-Za-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? ?(\d{{4}})(?=$|[ ,T])",
        r"\2 \1 \3",
    ),
    (r"^(\d{4})[ /.-]([A-Za-z]{3,9})[ /.-](\d{1,2})(?=$|[ ,T])", r"\3 \2 \1"),
)

_MONTH_ALONE = (
    "is a month without a day: write 2026-11-23. Street crime of data.police.uk, which has months "
    "alone, goes in as the kind police"
)
_FAULTS = (
    (r"", "is empty: fill in when it was"),
    (
        r"\d{5}(\.\d+)?",
        "is a spreadsheet's own number for a day: format the column as dates and save it again",
    ),
    (
        r"\d{10}|\d{13}",
        "may count seconds since 1970, but not every row does: write 2026-11-23 18:05 in all",
    ),
    (r"\d{4}-?W\d{2}(-?\d)?", "is the number of a week: write the day, 2026-11-23"),
    (r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])|[A-Za-z]{3,9}[ -](?:19|20)?\d\d", _MONTH_ALONE),
    (
        r"\D*\d.* (?:12 )?midnight",
        "may begin its day or end it: write 00:00 for its beginning, or 24:00 for its end",
    ),
    (r"\d{1,2}[:.]\d{2}.*", "is a time without a day: write 2026-11-23 18:05"),
    (r"[0-3]\d[01]\d(?:19|20)\d\d", "has no marks between day, month and year: write 23/11/2026"),
)
_NO_DATE = "is not a date: write 2026-11-23 18:05 or 23/11/2026 18:05"


def in_a_known_form(texts: pd.Series) -> pd.Series:
    """Texts whose parts stand in another order, or together, as a form that is read.

    >>> in_a_known_form(pd.Series(["March 20, 2026 10:10 PM", "20260320T1805Z"])).tolist()
    ['20 March 2026 10:10 PM', '2026-03-20T18:05Z']
    """
    for form, known in _REWRITTEN:
        texts = texts.str.replace(form, known, regex=True)
    return texts


def fault_of(text: str) -> str:
    """What is wrong with a text that tells no instant, and what to do.

    >>> fault_of("46143")[:31]
    "is a spreadsheet's own number f"
    """
    fits = (words for form, words in _FAULTS if re.fullmatch(form, text, re.IGNORECASE))
    return next(fits, _NO_DATE)
