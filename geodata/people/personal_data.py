"""Personal data in free text: found, and taken out.

Addresses of mail, numbers and plates have a shape and are certain. Names and homes are told by
lists and by the words beside them: most are found, a few texts without any are flagged.
"""

import re

from geodata.people.texts.addresses_in_text import addresses_in
from geodata.people.texts.people_in_text import people_in, without_brands

REMOVED = "[removed]"
Span = tuple[int, int]
CERTAIN = re.compile(
    r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.]+\w"  # mail, from its first letter on: else n² steps
    # telephone, but not a date and a time
    r"|(?<![\d.])(?!\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4})"
    r"(?:(?:\+44|0044)(?:\s?\(0\))?|\(?0)[\s().-]{0,3}\d(?:[\s().-]{0,2}\d){8,9}(?!\d)"
    r"|\b(?i:[A-Z]{2}\d{2}\s?[A-Z]{3})\b"  # number plate since 2001
    r"|\b[A-HJ-NPR-TV-Y]\d{1,3}\s?[A-Z]{3}\b"  # 1983 to 2001: A123 BCD
    r"|\b(?!(?:BAY|BOX|CAR|LOT|PEN|ROW)\s)[A-Z]{3}\s?\d{1,3}[A-Y]\b"  # 1963 to 1983: ABC 123D
    r"|\b(?i:mr|mrs|miss|ms|mx|dr)\b\.?\s+[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?"  # title and name
    r"|\b(?i:dob|d\.o\.b\.?|born(?:\son)?|date\sof\sbirth)\W{0,3}\d[\d/. -]+\d"
)


def found_in(text: str, *, is_spot: bool = False) -> list[str]:
    """Mail addresses, telephone numbers, number plates, names, births and homes in a text.

    Where the text says a spot (``is_spot``), a house number and a street are no home.

    >>> found_in("Mr Smith, call 07700 900123, car AB12 CDE")
    ['Mr Smith', '07700 900123', 'AB12 CDE']
    >>> found_in("Sarah Jones from Temple Hill lives at 4 High Street")
    ['Sarah Jones', 'lives at 4 High Street']
    >>> found_in("bay 114B in Victoria Road, TQ 543 741, DA1 2AB, 01/06/2026 at 23:40")
    []
    """
    spans = [*_certain(text), *_likely(text, is_spot=is_spot)]
    return [text[start:end] for start, end in _merged(spans)]


def certain_in(text: str) -> list[str]:
    """What is personal by its shape alone: names without a title and homes are left out."""
    return [text[start:end] for start, end in _merged(_certain(text))]


def without_certain(text: str) -> str:
    """The text with "[removed]" for what is personal by its shape alone; names and homes stay."""
    return _without(text, _certain(text))


def taken_out(text: str, *, is_spot: bool = False) -> str:
    """The text with "[removed]" in place of each of them."""
    return _without(text, [*_certain(text), *_likely(text, is_spot=is_spot)])


def _certain(text: str) -> list[Span]:
    return [match.span() for match in CERTAIN.finditer(without_brands(text))]


def _likely(text: str, *, is_spot: bool) -> list[Span]:
    return people_in(without_brands(text)) + addresses_in(text, is_spot=is_spot)


def _without(text: str, spans: list[Span]) -> str:
    for start, end in reversed(_merged(spans)):
        text = text[:start] + REMOVED + text[end:]
    return text


def _merged(spans: list[Span]) -> list[Span]:
    """In the text's order, those that overlap as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
