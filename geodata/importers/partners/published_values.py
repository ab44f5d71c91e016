"""Figures as publishers write them: "1,204", "12p", "<5", "n/a"."""

import re
from dataclasses import dataclass

from geodata.core.vocabulary import Unit

_NOT_AVAILABLE = frozenset(
    {"n/a", "na", "not available", "..", ":", "[x]", "[z]", "x", "z", "-", "–", "—"}
)
_SUPPRESSED = frozenset({"[c]", "c", "*", "suppressed", "s"})
_MARK = re.compile(r"(?P<rest>.*[\d%\])])\s*(?:\((?P<a>[a-z])\)|\[(?P<b>[a-z])\]|(?P<c>[a-z]))")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SPELT = {word: number for number, word in enumerate(_NUMBERS, 1)}
_SMALL = rf"\d{{1,3}}|{'|'.join(_SPELT)}"
_BELOW = re.compile(rf"(?:<|fewer than|less than|under)\s*({_SMALL})")
_UP_TO = re.compile(
    rf"(?:(?:≤|<=|up to|[01]\s*(?:-|–|to))\s*({_SMALL})|({_SMALL}) (?:or|and) (?:fewer|less|under))"
)
"""A range from 0 or 1 is how some withhold a small count; others are none that is known."""
_NUMBER = re.compile(
    r"£?(?P<number>-?(?:(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:\s\d{3})+|\d+)(?:\.\d+)?|\.\d+))\s*%?"
)
_FOOTNOTE = re.compile(
    r"\s*(?:\[(?:notes? )?\d{1,2}(?:,? (?:and )?\d{1,2})*\]|[*†‡¹²³⁴⁵⁶⁷⁸⁹]+)$", re.IGNORECASE
)
_ERRORS = frozenset({"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!"})
_MEANINGS = {"p": "is_provisional", "b": "is_break", "r": "is_revised"}


@dataclass(frozen=True)
class PublishedValue:
    """What a cell says; ``value`` is empty where it is too small (``below``) or not available."""

    value: float | None = None
    below: int | None = None
    is_provisional: bool = False
    is_break: bool = False


def without_footnote(name: str) -> str:
    """A name without the mark of a footnote, which differs from one publication to the next.

    >>> without_footnote("Fly-tipping incidents [1]"), without_footnote("Medway*")
    ('Fly-tipping incidents', 'Medway')
    """
    return _FOOTNOTE.sub("", name)


def read_value(text: str, unit: str) -> PublishedValue | str:
    """The figure that a text says, or what is wrong with it.

    >>> read_value("1,204 [p]", "count")
    PublishedValue(value=1204.0, below=None, is_provisional=True, is_break=False)
    >>> read_value("1 204", "count").value  # as many spreadsheets group digits
    1204.0
    >>> read_value("<5", "count")
    PublishedValue(value=None, below=5, is_provisional=False, is_break=False)
    """
    words = text.strip().lower()
    if not words:
        return "is empty: write n/a where there is no figure, 0 where nothing was counted"
    if words in _NOT_AVAILABLE:
        return PublishedValue()
    if words in _ERRORS:
        return "is an error of the spreadsheet: write the figure, or n/a"
    if words in _SUPPRESSED:
        return "is withheld, and does not say below which number: write <5, or what it is"
    rest, marks = _without_marks(words)
    return marks if isinstance(marks, str) else _marked(rest, marks, unit)


def _marked(words: str, marks: set[str], unit: str) -> PublishedValue | str:
    below = _bound(words)
    value = None if below else _number(words, unit)
    if isinstance(value, str):
        return value
    return PublishedValue(value, below, "is_provisional" in marks, "is_break" in marks)


def _bound(words: str) -> int | None:
    """The number that a figure lies below; None of one that is told.

    >>> _bound("<5"), _bound("5 or fewer"), _bound("1 to 4"), _bound("under five"), _bound("12")
    (5, 6, 5, 5, None)
    """
    if match := _BELOW.fullmatch(words):
        return _small(match[1])
    match = _UP_TO.fullmatch(words)
    return _small(match[1] or match[2]) + 1 if match else None


def _small(number: str) -> int:
    return _SPELT.get(number) or int(number)


def _without_marks(words: str) -> tuple[str, set[str] | str]:
    """What stands before the letters that publishers put behind a figure, and their meanings."""
    marks: set[str] = set()
    while (match := _MARK.fullmatch(words)) is not None and match["rest"]:
        mark = match["a"] or match["b"] or match["c"]
        if mark not in _MEANINGS:
            return words, _unknown_mark(mark)
        marks.add(_MEANINGS[mark])
        words = match["rest"]
    if words.endswith(("*", "†", "#", "~")):
        return words, _unknown_mark(words[-1])
    return words, marks


def _unknown_mark(mark: str) -> str:
    return (
        f"has a mark {mark!r} that is not known here: write p for provisional, r for revised, "
        "b for a break in the series, or take it out"
    )


def _number(words: str, unit: str) -> float | str:
    match = _NUMBER.fullmatch(words)
    if match is None:
        return "is no number: write 1204, <5, or n/a"
    if "%" in words and unit != Unit.PERCENT:
        return f"is a percentage, and the indicator is in {unit}"
    if "£" in words and unit != Unit.POUNDS:
        return f"is in pounds, and the indicator is in {unit}"
    value = float(re.sub(r"[,\s]", "", match["number"]))
    if value < 0:
        return "is below 0: figures of the partnership are not"
    if unit == Unit.COUNT and value != int(value):
        return "is no whole number, and the indicator is a count: is it a rate?"
    return value
