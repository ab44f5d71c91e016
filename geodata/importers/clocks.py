"""A day and a time of day that a file keeps in two columns."""

import pandas as pd

LONGEST = 60
"""Letters of a day with its time, zone and all; a longer cell is a text."""
_CLOCK = r"[T ,]+\d{1,2}[:.]\d{2}.*$"
_MIDNIGHT = r"[T ,]+0?0[:.]00(?:[:.]00(?:\.0+)?)?Z?$"
_TIME = (
    r"(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d(?:\.\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*"
    r"(?:Z|UTC|GMT|BST|[+-]\d{2}:?\d{2})?"
)


def is_time(texts: pd.Series) -> pd.Series:
    """Whether a text is a time of day, such as 18:05, 6.05 pm or 18:05:00.

    >>> is_time(pd.Series(["18:05", "6.05 pm", "evening"])).tolist()
    [True, True, False]
    """
    return ((texts.str.len() <= LONGEST) & texts.str[:LONGEST].str.fullmatch(_TIME)).astype(bool)


def has_own_time(days: pd.Series) -> pd.Series:
    """Whether a text of a day tells a time too; midnight is how a workbook writes a day alone."""
    days = days.str[:LONGEST]
    return (days.str.contains(_CLOCK) & ~days.str.contains(_MIDNIGHT)).astype(bool)


def at_time(days: pd.Series, times: pd.Series) -> pd.Series:
    """Each day at the time beside it; where there is no day or no time, the day as it was."""
    both = (days != "") & (times != "") & (days.str.len() <= LONGEST)
    return days.mask(both, days.str[:LONGEST].str.replace(_CLOCK, "", regex=True) + " " + times)
