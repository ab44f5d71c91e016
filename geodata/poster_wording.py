"""What a poster says, by the law of the days on which it hangs: dated data, never a constant."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources


@dataclass(frozen=True)
class Wording:
    """One version; days are local and both included, None is open."""

    valid_from: date | None
    valid_to: date | None
    language: str
    heading: str
    law: str
    source: str

    def holds(self, day: date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_to or day)


def packaged() -> tuple[Wording, ...]:
    """The versions that come with the program, oldest first."""
    text = resources.files("geodata").joinpath("poster_wording.toml").read_text("utf-8")
    dates = {"valid_from": None, "valid_to": None}
    return tuple(Wording(**{**dates, **row}) for row in tomllib.loads(text)["rows"])


def wording_on(
    day: date, *, language: str = "en", rows: Sequence[Wording] | None = None
) -> Wording:
    """The version of a day.

    Raises
    ------
    LookupError
        There is none in this language.

    Examples
    --------
    >>> ["Class C" in wording_on(date(2023, 11, day)).law for day in (7, 8)]
    [False, True]
    """
    found = [w for w in rows or packaged() if w.language == language and w.holds(day)]
    if not found:
        raise LookupError(f"there is no poster wording in {language!r} for {day}")
    return found[-1]
