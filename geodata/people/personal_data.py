"""Personal data in free text: found, and taken out.

A name can be told only where a title stands before it; what is left over is for the reader's eye.
"""

import re

PERSONAL = re.compile(
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


def found_in(text: str) -> list[str]:
    """Mail addresses, telephone numbers, number plates, titled names and births in a text.

    >>> found_in("Mr Smith, call 07700 900123, car AB12 CDE")
    ['Mr Smith', '07700 900123', 'AB12 CDE']
    >>> found_in("bay 114B, TQ 543 741, DA1 2AB, 01/06/2026 at 23:40")
    []
    """
    return PERSONAL.findall(text)


def taken_out(text: str) -> str:
    """The text with "[removed]" in place of each of them."""
    return PERSONAL.sub("[removed]", text)
