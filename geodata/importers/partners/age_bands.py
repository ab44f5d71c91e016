"""Ages as censuses and estimates write them: single years, bands, and an open end."""

import re
from collections.abc import Callable
from typing import NamedTuple

from geodata.files.columns import plain

OLDEST = 125


class Ages(NamedTuple):
    """Both ends included; ``last`` is None of an open end."""

    first: int
    last: int | None


_ALL = re.compile(r"(?:total|all|both|persons|people)\b(?! categories).*|t|p")
_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Ages]], ...] = (
    (re.compile(r"(\d{1,3})(?: (?:to|and) |\s*[-–]\s*)(\d{1,3})"), Ages),
    (re.compile(r"(\d{1,3})\s*(?:\+|(?:and|or|&) (?:over|above|older))"), lambda a: Ages(a, None)),
    (re.compile(r"(?:under|less than|below|<)\s*(\d{1,3})"), lambda a: Ages(0, a - 1)),
    (re.compile(r"(\d{1,3}) (?:and|or|&) (?:under|younger)"), lambda a: Ages(0, a)),
    (re.compile(r"(\d{1,3})"), lambda a: Ages(a, a)),
)
_WORDS = re.compile(r"\b(?:aged?|ages|years?|yrs?|old|of)\b")


def is_all(text: str) -> bool:
    """Whether a cell means all ages, or all people.

    >>> is_all("All Ages"), is_all("Total"), is_all("Aged 16+")
    (True, True, False)
    """
    return _ALL.fullmatch(plain(text)) is not None


def read_ages(text: str) -> Ages | None:
    """The ages that a cell means; None where it means none.

    >>> read_ages("Aged 5 to 9 years"), read_ages("90+"), read_ages("Aged 4 years and under")
    (Ages(first=5, last=9), Ages(first=90, last=None), Ages(first=0, last=4))
    """
    words = " ".join(_WORDS.sub(" ", text.lower()).split())
    for form, meaning in _FORMS:
        match = form.fullmatch(words)
        if match is not None and max(numbers := [int(each) for each in match.groups()]) <= OLDEST:
            return meaning(*numbers)
    return None


def uncovered(bands: list[Ages]) -> str:
    """Why bands do not hold each age once; empty where they do.

    >>> uncovered([Ages(0, 15), Ages(16, None)])
    ''
    >>> uncovered([Ages(16, 64)])
    'is not all ages: those from 0 to 15 are missing'
    """
    following: int | None = 0
    ordered = sorted(bands, key=lambda band: band.first)
    for band in ordered:
        if following is None or band.first < following:
            return (
                f"overlaps with others: age {band.first} would be counted twice; add a row of all"
            )
        if band.first > following:
            return f"is not all ages: those from {following} to {band.first - 1} are missing"
        following = None if band.last is None else band.last + 1
    return "" if following is None else f"is not all ages: those from {following} on are missing"
