"""Postcodes in what people write: among other words, and with letters for digits."""

import re
from itertools import product

POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
_WITHIN = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})\b", re.IGNORECASE)
_LOOKALIKES = {a: pair for pair in ("O0", "I1", "L1", "S5", "Z2", "B8") for a in pair}


def compact(text: str) -> str:
    """Letters and digits alone, as capitals."""
    return re.sub(r"\W", "", text).upper()


def meant(text: str) -> list[str]:
    """Postcodes that a text alone may mean; itself first where it is one.

    >>> meant("DAI 1AB")
    ['DA11AB']
    >>> meant("High Street")
    []
    """
    letters = compact(text)
    if not 5 <= len(letters) <= 7:
        return []
    ways = product(*(dict.fromkeys(each + _LOOKALIKES.get(each, "")) for each in letters))
    return [code for way in ways if POSTCODE.fullmatch(code := "".join(way))]


def split(text: str) -> tuple[str, str]:
    """A text without the last postcode in it, and that postcode; empty where there is none.

    >>> split("12 High Street, Dartford DA1 1AB")
    ('12 High Street, Dartford', 'DA1 1AB')
    """
    codes = _WITHIN.findall(text)
    rest = text.replace(codes[-1], " ") if codes else text
    return " ".join(rest.split()), codes[-1] if codes else ""
