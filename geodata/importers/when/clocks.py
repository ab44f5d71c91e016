"""A day and a time of day that a file keeps in two columns."""

import re
from collections.abc import Mapping

import pandas as pd

from geodata.files.columns import heading

CLOCKS = {
    "reported_at": "time",
    "first_seen_at": "time_seen",
    "offence_at": "time",
    "occurred_at": "time",
}
"""Fields of instants that have a field for their time of day; of others it is FIELD_time."""
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
_DAY_0 = r"^(?:1899-12-3[01]|1900-01-0[01])[ T]"
_HHMM = 4
_MOSTLY = 0.5
_IN_BRACKETS = re.compile(r"\([^()]{0,40}\)\s*$")
_SMALL = frozenset({"date", "day", "of", "the", "at", "on", "24hr", "24h", "and"})
_BARE = r"^(\d{2})(\d{2})(?=$|\D)"


def is_time(texts: pd.Series) -> pd.Series:
    """Whether a text is a time of day, such as 18:05, 6.05 pm, 6pm, 1805, 24:00 or noon.

    >>> is_time(pd.Series(["18:05", "6.05 pm", "1805 hrs", "evening"])).tolist()
    [True, True, True, False]
    """
    return ((texts.str.len() <= LONGEST) & texts.str[:LONGEST].str.fullmatch(_TIME)).astype(bool)


def written_clock(texts: pd.Series) -> pd.Series:
    """A column of times of day as a spreadsheet kept them, as people write them.

    It drops the noughts of 0030, and its own time is a part of a day, or of a day in 1899.

    >>> written_clock(pd.Series(["2210", "845", "30"])).tolist()
    ['2210', '0845', '0030']
    >>> written_clock(pd.Series(["0.75", "", "1899-12-30 22:10:00"])).tolist()
    ['18:00:00', '', '22:10:00']
    """
    texts = texts.str[:LONGEST].str.replace(_DAY_0, "", regex=True)
    filled = texts[texts != ""]
    if filled.str.fullmatch(r"\d{1,4}").all() and (filled.str.len() == _HHMM).any():
        return texts.where(texts == "", texts.str.zfill(_HHMM))
    is_part = texts.str.fullmatch(r"0?\.\d+").astype(bool)
    if not is_part.any():
        return texts
    is_part |= texts == "0"
    seconds = (pd.to_numeric(texts[is_part]) * 86_400).round()
    clock = (pd.Timestamp(0) + pd.to_timedelta(seconds, unit="s")).dt.strftime("%H:%M:%S")
    return texts.where(~is_part, clock.reindex(texts.index))


def clock_beside(header: str, texts: Mapping[str, pd.Series]) -> str | None:
    """The column that holds the times of a column of days, by its name and by what it holds.

    Parameters
    ----------
    header
        Of the days: Date cleared, Enquiry Logged Date, cleared.
    texts
        Of other columns, by header: Time cleared is the one.
    """
    wanted = sorted({*_words(header), "time"})
    for other, cells in texts.items():
        is_named = "time" in _words(other) and sorted({*_words(other)}) == wanted
        if other != header and is_named and "date" not in heading(other).split():
            filled = written_clock(cells)[cells != ""]
            if len(filled) and is_time(filled).mean() >= _MOSTLY:
                return other
    return None


def _words(header: str) -> list[str]:
    """Those that tell one event from another."""
    return [word for word in heading(_IN_BRACKETS.sub("", header)).split() if word not in _SMALL]


def has_own_time(days: pd.Series) -> pd.Series:
    """Whether a text of a day tells a time too; midnight is how a workbook writes a day alone."""
    days = days.str[:LONGEST]
    return (days.str.contains(_CLOCK) & ~days.str.contains(_MIDNIGHT)).astype(bool)


def at_time(days: pd.Series, times: pd.Series) -> pd.Series:
    """Each day at the time beside it; where there is no day or no time, the day as it was."""
    both = (days != "") & (times != "") & (days.str.len() <= LONGEST)
    times = times.str[:LONGEST].str.replace(_BARE, r"\1:\2", regex=True)
    return days.mask(both, days.str[:LONGEST].str.replace(_CLOCK, "", regex=True) + " " + times)
