"""What a poster says, by the law of the days on which it hangs: dated data, never a constant."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

ENGLISH = "en"


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
    dates = {"valid_from": None, "valid_to": None}
    return tuple(Wording(**{**dates, **row}) for row in _file()["rows"])


def languages() -> dict[str, str]:
    """Code and English name of each language that a poster may be in, English first."""
    return dict(_file()["languages"])


@cache
def _file() -> dict[str, Any]:
    text = resources.files("geodata.posters").joinpath("poster_wording.toml").read_text("utf-8")
    return tomllib.loads(text)


def wordings_between(
    first: date, last: date | None, *, language: str = ENGLISH
) -> tuple[Wording, ...]:
    """The versions of a span of days, oldest first; none in a language that has no rows.

    Examples
    --------
    >>> [w.valid_to for w in wordings_between(date(2023, 11, 1), date(2023, 11, 30))]
    [datetime.date(2023, 11, 7), None]
    """
    rows = (w for w in packaged() if w.language == language)
    return tuple(w for w in rows if w.touches(first, last))
