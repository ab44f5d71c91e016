"""Ways to write the same period as one of them: dashes, apostrophes, short years, figures."""

import re

_SAME = (
    (r"[‐-―]", "-"),
    (r"\b([a-z]{3,9})\.? ?['’‘`´](\d\d)\b", r"\1 \2"),  # Jan'25
    (r"\b([a-z]{3,9})\.[ -]?((?:19|20)?\d\d)\b", r"\1 \2"),  # Mar. 2025
    (r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1"),
    (r"\by/e\b", "ye"),
    (r"\b(?:q/e|qe|quarter to)\b", "quarter ending"),
    (r"\byear to\b", "year ending"),
    (r"\b(?:qtr|quarter) ?([1-4])\b", r"q\1"),
    (r"\bfy ?(\d\d)[/-](\d\d)\b", r"fy 20\1/\2"),
    (r"^(q[1-4]) (\d\d)[/-](\d\d)$", r"\1 20\2/\3"),
    (r"^(\d\d)[/-](\d\d) (q[1-4])$", r"20\1/\2 \3"),
    (r"\bto end (?:of )?(?=[a-z])", "to "),
)
_SHORT_YEARS = re.compile(r"(\d\d)[/-](\d\d)")
_UK_DAY = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\b")


def plain_words(text: str) -> str:
    """
    >>> plain_words("Jan’25"), plain_words("Q1 24/25"), plain_words("Y/E 31/03/2025")
    ('jan 25', 'q1 2024/25', 'ye 2025-03-31')
    """
    words = " ".join(text.lower().replace(",", " ").split())
    for pattern, same in _SAME:
        words = re.sub(pattern, same, words)
    if not _UK_DAY.fullmatch(words):  # of one day alone the other days of its column speak
        words = _UK_DAY.sub(lambda m: f"{m[3]}-{int(m[2]):02}-{int(m[1]):02}", words)
    return _full_years(words)


def _full_years(words: str) -> str:
    """Two years of two digits, one after the other, the first of which is no month: 24/25."""
    match = _SHORT_YEARS.fullmatch(words)
    if match and int(match[1]) > 12 and (int(match[1]) + 1) % 100 == int(match[2]):
        return f"20{words}"
    return words
