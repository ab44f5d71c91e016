"""Coordinates as people write them: with hemispheres, commas, degrees and minutes, in one cell."""

import re
from math import isfinite

import pandas as pd

LONGEST = 200
"""Letters of a coordinate or a pair: of a longer cell, a text, every form would take minutes."""
LONGEST_PAIR = 1_000
"""A GeoJSON feature around its point."""
_DMS = re.compile(
    r"(?P<deg>\d{1,3})\s*°\s*(?:(?P<min>\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*)?"
    r"(?:(?P<sec>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|''))?"
)
_HEMISPHERE = re.compile(r"^\s*([NSEW])?\s*(.*?)\s*°?\s*([NSEW])?\s*$", re.IGNORECASE | re.DOTALL)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:[ , ']\d{3})+(?:\.\d+)?")
_POINT = re.compile(
    r"(?:SRID=\d+;)?\s*POINT\s*Z?\s*\(\s*(\S+)\s+(\S+)(?:\s+\S+)?\s*\)", re.IGNORECASE
)
_JSON_POINT = re.compile(r'.*"coordinates"\s*:\s*\[\s*([-\d.]+)\s*,\s*([-\d.]+).*', re.DOTALL)

_PIN = re.compile(r"!3d(-?\d{1,2}\.\d+)!4d(-?\d{1,3}\.\d+)")
"""Of a place on Google's map; the numbers behind @ are the middle of the screen."""
_LINK = re.compile(r"[=/@:](-?\d{1,2}\.\d{3,})(?:,|%2C|/)\+?(-?\d{1,3}\.\d{3,})")
_BEHIND = re.compile(r"\w.*\(\s*(-?\d{1,2}\.\d{2,})\s*,\s*(-?\d{1,3}\.\d{2,})\s*\)$")
"""Behind an address, as Socrata writes it."""


def as_number(text: str) -> float:
    """The number that a text writes, NaN where it writes none.

    >>> [as_number(text) for text in ("554,123", "51,4456", "0.2137° W", "553 934 m", "1.234,5")]
    [554123.0, 51.4456, -0.2137, 553934.0, 1234.5]
    >>> as_number('51° 26\\' 44.16" N')
    51.4456
    """
    text = " ".join(text[: LONGEST + 1].split()).replace("−", "-")
    if len(text) > LONGEST:
        return float("nan")
    text = re.sub(r"(?<=\d)\s*(?:m|metres|deg(?:rees)?)$", "", text, flags=re.IGNORECASE)
    match = _HEMISPHERE.match(text)
    if match is None:
        return float("nan")
    before, body, after = match.groups()
    letter = (after or before or "").upper()
    number = _in_degrees(body) if "°" in body else _decimal(body)
    if (before and after) or (letter and number < 0):
        return float("nan")
    return -number if letter in {"S", "W"} else number


def _in_degrees(body: str) -> float:
    match = _DMS.fullmatch(body.strip().lstrip("-+"))
    if match is None:
        return float("nan")
    parts = [float((match[name] or "0").replace(",", ".")) for name in ("deg", "min", "sec")]
    degrees = round(parts[0] + parts[1] / 60 + parts[2] / 3600, 9)
    return -degrees if body.strip().startswith("-") else degrees


def _decimal(body: str) -> float:
    body = body.strip()
    if _THOUSANDS.fullmatch(body):
        body = re.sub(r"[ , ']", "", body)
    elif body.count(",") == 1 and body.rfind(",") > body.rfind("."):
        body = body.replace(".", "").replace(",", ".")
    return float(pd.to_numeric(body, errors="coerce"))


def as_numbers(texts: pd.Series) -> pd.Series:
    """Numbers of a column; NaN where a text is none."""
    plain = pd.to_numeric(texts, errors="coerce")
    odd = plain.isna() & (texts != "")
    if odd.any():
        plain = plain.mask(odd, texts[odd].map(as_number))
    return plain.astype(float)


def as_pair(text: str) -> tuple[float, float, bool] | None:
    """Two numbers of one cell, and whether x is known to come first; None where it holds none.

    ``51.4, 0.2`` is latitude first, as every map on the web copies it; ``POINT (0.2 51.4)`` and
    GeoJSON are x first.

    >>> as_pair("51.4456, 0.2137"), as_pair("POINT (0.2137 51.4456)")
    ((51.4456, 0.2137, False), (0.2137, 51.4456, True))
    >>> as_pair("51,4456; 0,2137"), as_pair("0.2137E 51.4456N")
    ((51.4456, 0.2137, False), (0.2137, 51.4456, True))
    >>> as_pair("https://www.google.com/maps?q=51.4456,0.2137")
    (51.4456, 0.2137, False)
    """
    text = " ".join(text[: LONGEST_PAIR + 1].split())
    if len(text) > LONGEST_PAIR:
        return None
    for form in (_POINT, _JSON_POINT):
        if (match := form.fullmatch(text)) is not None:
            return as_number(match[1]), as_number(match[2]), True
    for form in (_PIN, _LINK) if text.startswith("http") else (_BEHIND,):
        if (match := form.search(text)) is not None:
            return as_number(match[1]), as_number(match[2]), False
    return _two_numbers(text.strip("()[] "))


def _two_numbers(text: str) -> tuple[float, float, bool] | None:
    for separator in (
        r"\s*;\s*",
        r"\s*,\s+",
        r"\s*[|/]\s*",
        r",",
        r"(?<=[NSEW°\d])\s+(?=[-\dNSEW])",
    ):
        parts = [part for part in re.split(separator, text, flags=re.IGNORECASE) if part]
        if len(parts) == 2:
            first, second = as_number(parts[0]), as_number(parts[1])
            if isfinite(first) and isfinite(second):
                return first, second, bool(re.search(r"[EW]", parts[0], re.IGNORECASE))
    return None
