"""Cells that are numbers, yes or no, or words of a list."""

from collections.abc import Callable, Mapping

import pandas as pd

from geodata.files.columns import plain
from geodata.people.personal_data import found_in, taken_out, without_certain

_YES = {"yes", "y", "true", "t", "1", "x"}
_NO = {"no", "n", "false", "f", "0", ""}
FARTHEST_M = 100_000
NO_FLAG = "is neither yes nor no: write one of them"


def parse_whole(texts: pd.Series) -> pd.Series:
    """Whole numbers of 0 or more as float; NaN where empty or not such a number."""
    cleaned = texts.str.replace(",", "", regex=False)
    number = pd.to_numeric(cleaned, errors="coerce")
    return number.where((number >= 0) & (number == number.round()) & (number < 2**31))


def parse_pounds(texts: pd.Series) -> pd.Series:
    """Pounds as whole pence in float; NaN where empty or no such amount."""
    number = pd.to_numeric(texts.str.replace(r"[£,\s]|GBP", "", regex=True), errors="coerce")
    pence = (number * 100).round()
    return pence.where((number >= 0) & ((number * 100 - pence).abs() < 1e-6) & (pence < 2**31))


def parse_pence(texts: pd.Series) -> pd.Series:
    """Whole pence in float; NaN where empty, or where it is written as pounds are: £100, 100.00."""
    # A program that has no whole numbers with gaps writes 10000 as 10000.0.
    pence = texts.str.strip().str.replace(r"\.0$", "", regex=True)
    return parse_whole(pence.where(pence.str.fullmatch(r"\d+"), ""))


def parse_metres(texts: pd.Series) -> pd.Series:
    """A distance of 0 m to 100 km; NaN where empty or none."""
    number = pd.to_numeric(texts, errors="coerce")
    return number.where((number >= 0) & (number <= FARTHEST_M))


def parse_flag(texts: pd.Series) -> pd.Series:
    """True, False, or None where it is neither; an empty cell is None."""
    words = texts.str.lower()
    flags = _each(words, lambda word: True if word in _YES else False if word in _NO else None)
    return flags.where(words != "", None)


def parse_word(texts: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """The word of a list that each text stands for, None where it stands for none."""
    return _each(texts, lambda text: words.get(plain(text)))


def without_personal_data(texts: pd.Series, *, is_spot: bool = False) -> pd.Series:
    """Texts in which mail addresses, numbers, number plates, names and homes are taken out."""
    return _each(texts, lambda text: taken_out(text, is_spot=is_spot))


def has_personal_data(texts: pd.Series, *, is_spot: bool = False) -> pd.Series:
    """Whether a text holds a mail address, a number, a number plate, a name or a home."""
    return _each(texts, lambda text: bool(found_in(text, is_spot=is_spot))).astype(bool)


def has_likely_names(texts: pd.Series, *, is_spot: bool = False) -> pd.Series:
    """Whether a text holds what looks like a name or a home, beside what is certain."""
    return _each(
        texts, lambda text: taken_out(text, is_spot=is_spot) != without_certain(text)
    ).astype(bool)


def _each(texts: pd.Series, meaning: Callable[[str], object]) -> pd.Series:
    """What each text means, asked once of texts that recur: most columns are empty, or lists."""
    return texts.map({text: meaning(text) for text in texts.unique()}).astype(object)
