"""Texts in the cells of a spreadsheet: none that it would run as a formula."""

import re
from typing import Any

_STARTS = r"\s*[=+\-@＝＋－＠]|[\t\r\n]"
"""Of a formula, to Excel, LibreOffice or Google, in the wide letters of East Asia too (OWASP)."""
_DANGEROUS = re.compile(_STARTS)
_NEGATIVE_NUMBER = re.compile(r"-\d+(\.\d*)?([eE][-+]?\d{1,3})?\Z", re.ASCII)
_DEFUSED = re.compile(rf"'(?={_STARTS})")


def harmless(value: Any) -> Any:
    """What a spreadsheet shows and does not run: a text that it would gets an apostrophe before it.

    >>> [harmless(each) for each in ("=1+1", " @SUM(A1)", "-2+3", "Mill Lane", -5)]
    ["'=1+1", "' @SUM(A1)", "'-2+3", 'Mill Lane', -5]
    """
    return f"'{value}" if isinstance(value, str) and _DANGEROUS.match(value) else value


def harmless_as_sent(value: Any) -> Any:
    """The same of a file of which every cell came as a text: a number below zero stays one.

    >>> [harmless_as_sent(each) for each in ("-0.12", "-1e3", "-0.12+1", "+44 1632")]
    ['-0.12', '-1e3', "'-0.12+1", "'+44 1632"]
    """
    is_number = isinstance(value, str) and _NEGATIVE_NUMBER.match(value)
    return value if is_number else harmless(value)


def as_it_was(text: str) -> str:
    """The text that ``harmless`` was given.

    >>> [as_it_was(each) for each in ("'=1+1", "-0.12", "'tis")]
    ['=1+1', '-0.12', "'tis"]
    """
    return text[1:] if _DEFUSED.match(text) else text
