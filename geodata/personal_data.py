"""Personal data in free text: found, and taken out."""

import re

PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+\w"  # mail
    r"|(?<!\d)(?:\+44[\s-]?|0)\d(?:[\s-]?\d){8,9}(?!\d)"  # telephone
    r"|\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b"  # current number plate
)


def found_in(text: str) -> list[str]:
    """The mail addresses, telephone numbers and number plates in a text.

    >>> found_in("call 07700 900123, car AB12 CDE")
    ['07700 900123', 'AB12 CDE']
    """
    return PERSONAL.findall(text)


def taken_out(text: str) -> str:
    """The text with "[removed]" in place of each of them."""
    return PERSONAL.sub("[removed]", text)
