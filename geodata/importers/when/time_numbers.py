"""Columns in which a program left its own numbers for instants."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

_FROM, _TO = pd.Timestamp("2000-01-01"), pd.Timestamp("2100-01-01")
_1970 = pd.Timestamp("1970-01-01")
_DAY_0 = pd.Timestamp("1899-12-30")
"""Of Excel, whose 1900 has a 29 February: its numbers are right from March of that year on."""


@dataclass(frozen=True)
class NumberForm:
    """One way to count instants.

    Attributes
    ----------
    pattern
        Of every cell of the column.
    words
        What the numbers are, for people.
    instant
        Days and times, without a zone, of numbers.
    zone
        What to write behind them: none where they are of the clock on the wall.
    """

    pattern: str
    words: str
    instant: Callable[[pd.Series], pd.Series]
    zone: str


def _since_1970(per_second: int) -> Callable[[pd.Series], pd.Series]:
    def instant(numbers: pd.Series) -> pd.Series:
        microseconds = (numbers * (1_000_000 / per_second)).round()
        return _1970 + pd.to_timedelta(microseconds, unit="us")

    return instant


def _excels(numbers: pd.Series) -> pd.Series:
    # Five digits behind the point, as Excel shows them, tell the second nearest.
    return _DAY_0 + pd.to_timedelta((numbers * 86_400).round(), unit="s")


FORMS = (
    NumberForm(r"\d{10}(?:\.\d{1,6})?", "seconds since 1970 (Unix time)", _since_1970(1), "Z"),
    NumberForm(r"\d{13}(?:\.0+)?", "milliseconds since 1970", _since_1970(1_000), "Z"),
    NumberForm(r"\d{5}(?:\.\d+)?", "Excel's numbers of days since 1900", _excels, ""),
)


def number_form(texts: pd.Series) -> NumberForm | None:
    """How a column counts instants, where every cell that is filled does so within 2000 to 2099.

    One cell that does not, and all are left as they are: numbers may be many other things.
    """
    filled = texts[texts != ""]
    if filled.empty:
        return None
    for form in FORMS:
        if filled.str.fullmatch(form.pattern).all():
            at = form.instant(pd.to_numeric(filled))
            return form if at.between(_FROM, _TO, inclusive="left").all() else None
    return None


def written_out(texts: pd.Series) -> pd.Series:
    """A column of numbers that count instants as ISO texts; any other column as it is.

    >>> written_out(pd.Series(["1774029900", ""])).tolist()
    ['2026-03-20T18:05:00Z', '']
    >>> written_out(pd.Series(["46101.75347", "46101"])).tolist()
    ['2026-03-20T18:05:00', '2026-03-20']
    """
    form = number_form(texts)
    if form is None:
        return texts
    filled = texts != ""
    instants = form.instant(pd.to_numeric(texts[filled]))
    is_day = (instants == instants.dt.normalize()) & (form.zone == "")
    has_fraction = (instants.dt.microsecond != 0).any()
    full = instants.dt.strftime("%Y-%m-%dT%H:%M:%S" + (".%f" if has_fraction else ""))
    words = full.add(form.zone).mask(is_day, instants.dt.strftime("%Y-%m-%d"))
    return pd.Series(np.where(filled, words.reindex(texts.index), ""), texts.index, dtype=object)
