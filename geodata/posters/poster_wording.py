"""What a poster says, by the law of the days on which it hangs: rows of two dated tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from geodata.rules import tables
from geodata.rules.tables import Row, RuleBook, RuleTable

ENGLISH = "en"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wording:
    """One version; days are local and both included, None is open.

    Attributes
    ----------
    law
        The offences of these days and the penalties attached.
    extra
        The harm, and where to find help.
    call
        What to do with the code.
    """

    valid_from: date | None
    valid_to: date | None
    language: str
    heading: str
    law: str
    extra: str
    call: str
    source: str

    def touches(self, first: date, last: date | None) -> bool:
        """Whether it holds on any day of a span; None has no end."""
        begins = self.valid_from is None or last is None or self.valid_from <= last
        return begins and (self.valid_to is None or first <= self.valid_to)


def packaged() -> tuple[Wording, ...]:
    """The versions that come with the program, each language's oldest first."""
    return every(tables.packaged())


def every(rules: RuleBook) -> tuple[Wording, ...]:
    """The versions of all languages, each language's oldest first; the council's own win."""
    table = rules["poster_wordings"]
    spoken = dict.fromkeys(row["language"] for row in table.rows)
    return tuple(wording for language in spoken for wording in _in_time(table, language))


def languages(rules: RuleBook | None = None, *, day: date | None = None) -> dict[str, str]:
    """Code and English name of each language that a poster may be in, English first.

    Parameters
    ----------
    rules
        None: as they come with the program.
    day
        Only those that are offered on it; all that ever were where None.
    """
    rows = (rules or tables.packaged())["poster_languages"].rows
    return {row["code"]: row["name"] for row in rows if day is None or row.holds_on(day)}


def wordings_between(
    first: date, last: date | None, *, language: str = ENGLISH, rules: RuleBook | None = None
) -> tuple[Wording, ...]:
    """The versions of a span of days, oldest first; none in a language that has no rows.

    Parameters
    ----------
    rules
        None: as they come with the program.

    Examples
    --------
    >>> [w.valid_to for w in wordings_between(date(2023, 11, 1), date(2023, 11, 30))]
    [datetime.date(2023, 11, 7), None]
    """
    table = (rules or tables.packaged())["poster_wordings"]
    return tuple(w for w in _in_time(table, language) if w.touches(first, last))


def _in_time(table: RuleTable, language: str) -> Iterator[Wording]:
    """The rows of a language as they hold one after the other, those alike together."""
    spans = [
        (table.on(first or last or date.min, language), first, last)
        for first, last in _spans(table, language)
    ]
    for row, group in groupby(spans, key=lambda span: span[0]):
        if row is not None:
            days = list(group)
            yield _wording(row, days[0][1], days[-1][2])


def _spans(table: RuleTable, language: str) -> Iterator[tuple[date | None, date | None]]:
    """The days between which one row may take another's place."""
    rows = [row for row in table.rows if row["language"] == language]
    starts = {row.valid_from for row in rows if row.valid_from}
    starts |= {row.valid_to + _DAY for row in rows if row.valid_to}
    firsts: list[date | None] = [None, *sorted(starts)]
    for first, after in zip(firsts, [*firsts[1:], None], strict=True):
        yield first, None if after is None else after - _DAY


def _wording(row: Row, first: date | None, last: date | None) -> Wording:
    values: dict[str, Any] = {"extra": ""} | dict(row.values)
    return Wording(first, last, source=row.source, **values)
