"""Periods of which a table says one day alone: what they are, the other periods of a series say."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise

from geodata.importers.when.periods import Period, month_begun, month_ended
from geodata.rules.days import corresponding_day

Reading = Period | str
QUARTER = 3
_WRITE = "write 2025-03, 2025-01 to 2025-03 or year ending March 2025"
_END = (
    "is one day: the end of a month, of a quarter or of a year? The other periods of the series do "
    f"not tell, so {_WRITE}"
)
_START = (
    "is one day, three months from the next: a month, or the quarter that begins then? "
    "Write 2025-04 or 2025-04 to 2025-06"
)


def settle_days(texts: Iterable[str], read: Mapping[str, Reading]) -> dict[str, Reading]:
    """What each text of one series means, those that are one day by the others.

    Parameters
    ----------
    texts
        The periods of an indicator.
    read
        What each says by itself.
    """
    ends = {text: month for text in texts if (month := month_ended(text)) is not None}
    starts = {text: month for text in texts if (month := month_begun(text)) is not None}
    lengths = {
        reading.months
        for text in texts
        if isinstance(reading := read[text], Period) and text not in starts
    }
    settled = {text: read[text] for text in texts}
    if ends:
        length = _length(ends.values(), lengths)
        settled |= {text: _ending(month, length) for text, month in ends.items()}
    if _are_quarters(starts.values()) and lengths != {1}:
        is_told = lengths == {QUARTER}
        settled |= {
            text: Period(month, QUARTER) if is_told else _START for text, month in starts.items()
        }
    return settled


def _length(ends: Iterable[date], lengths: set[int]) -> int | None:
    """How many months end on such days; None where it cannot be told."""
    gaps = set(_gaps(ends))
    if 1 in gaps:
        return 1 if lengths <= {1} else None
    if len(lengths) == 1:
        length = next(iter(lengths))
        return length if all(gap % length == 0 for gap in gaps) else None
    return QUARTER if not lengths and _are_quarters(ends) else None


def _are_quarters(months: Iterable[date]) -> bool:
    """Whether three or more follow each other, each three months after the one before."""
    gaps = _gaps(months)
    return len(gaps) > 1 and set(gaps) == {QUARTER}


def _gaps(months: Iterable[date]) -> list[int]:
    numbers = [12 * month.year + month.month for month in sorted(set(months))]
    return [after - before for before, after in pairwise(numbers)]


def _ending(month: date, length: int | None) -> Reading:
    return _END if length is None else Period(corresponding_day(month, 1 - length), length)
