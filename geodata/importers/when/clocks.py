"""A day and a time of day that a file keeps in two columns."""

import pandas as pd

LONGEST = 60
"""Letters of a day with its time, zone and all; a longer cell is a text."""
NOON = r"(?:12\s*)?(?:[Nn]oon|NOON|[Mm]idday|MIDDAY)"
"""Midnight is none such: it may begin its day or end it."""
_CLOCK = (
    r"(?:(?:[T ,]|\b(?:at|@|-) )+\d{1,2}(?:[:.]\d{2}|\s*[AaPp]\.?[Mm]).*"
    rf"|[T ,]+{NOON}"
    r"|(?<=\d{8})[T ]?\d{4,6}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)$"
)
_MIDNIGHT = r"[T ,]+0?0[:.]00(?:[:.]00(?:\.0+)?)?Z?$"
_TIME = (
    rf"(?:{NOON}|24[:.]00(?:[:.]00(?:\.0+)?)?|2400"
    r"|(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d(?:\.\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"|(?:0?[1-9]|1[0-2])\s*[AaPp]\.?[Mm]\.?|(?:[01]\d|2[0-3])[0-5]\d)(?:\s*(?:hrs?|hours|h))?\s*"
    r"(?:Z|UTC|GMT|BST|[+-]\d{2}:?\d{2})?"
)
_BARE = r"^(\d{2})(\d{2})(?=$|\D)"


def is_time(texts: pd.Series) -> pd.Series:
    """Whether a text is a time of day, such as 18:05, 6.05 pm, 6pm, 1805, 24:00 or noon.

    >>> is_time(pd.Series(["18:05", "6.05 pm", "1805 hrs", "evening"])).tolist()
    [True, True, True, False]
    """
    return ((texts.str.len() <= LONGEST) & texts.str[:LONGEST].str.fullmatch(_TIME)).astype(bool)


def has_own_time(days: pd.Series) -> pd.Series:
    """Whether a text of a day tells a time too; midnight is how a workbook writes a day alone."""
    days = days.str[:LONGEST]
    return (days.str.contains(_CLOCK) & ~days.str.contains(_MIDNIGHT)).astype(bool)


def at_time(days: pd.Series, times: pd.Series) -> pd.Series:
    """Each day at the time beside it; where there is no day or no time, the day as it was."""
    both = (days != "") & (times != "") & (days.str.len() <= LONGEST)
    times = times.str[:LONGEST].str.replace(_BARE, r"\1:\2", regex=True)
    return days.mask(both, days.str[:LONGEST].str.replace(_CLOCK, "", regex=True) + " " + times)
