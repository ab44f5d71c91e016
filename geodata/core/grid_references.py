"""Ordnance Survey grid references, read and written."""

import re

_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # the grid has no I
_FORM = re.compile(r"([HJNOST])([A-HJ-Z]) ?(\d{1,10}) ?(\d{0,5})", re.IGNORECASE | re.ASCII)


class GridReferenceError(ValueError):
    """The text is not an Ordnance Survey grid reference."""


def parse_gridref(text: str) -> tuple[float, float, float]:
    """The middle of a grid reference's square, and the side of that square.

    Parameters
    ----------
    text
        Two letters and 2 to 10 digits, an even number of them: ``TQ 543 741``, ``tq543741``.

    Returns
    -------
    easting, northing, side_m
        EPSG:27700 metres.

    Raises
    ------
    GridReferenceError
        The text has another form.

    Examples
    --------
    >>> parse_gridref("TQ 54 74")
    (554500.0, 174500.0, 1000.0)
    """
    match = _FORM.fullmatch(" ".join(text.split()))
    if match is None:
        raise GridReferenceError(f"{text[:40]!r} is not a grid reference such as TQ 543 741")
    first, second, left, right = match.groups()
    digits = left + right
    if len(digits) % 2 or len(digits) > 10 or (right and len(left) != len(right)):
        raise GridReferenceError(f"{text!r} has {len(digits)} digits: write 2, 4, 6, 8 or 10")
    i, j = _LETTERS.index(first.upper()), _LETTERS.index(second.upper())
    east, north = ((i - 2) % 5) * 5 + j % 5, 19 - (i // 5) * 5 - j // 5
    half = len(digits) // 2
    side = 10.0 ** (5 - half)
    easting = east * 100_000 + (int(digits[:half]) + 0.5) * side
    return easting, north * 100_000 + (int(digits[half:]) + 0.5) * side, side


def format_gridref(easting: float, northing: float, *, digits: int = 3) -> str:
    """A grid reference with so many digits each way: 3 names a square of 100 m.

    Raises
    ------
    GridReferenceError
        The point lies off the National Grid.

    Examples
    --------
    >>> format_gridref(554340, 174180)
    'TQ 543 741'
    """
    if not (0 <= easting < 700_000 and 0 <= northing < 1_300_000):
        raise GridReferenceError(f"{easting:.0f},{northing:.0f} is not in Great Britain")
    east, north = int(easting // 100_000), 19 - int(northing // 100_000)
    first = _LETTERS[north - north % 5 + (east + 10) // 5]
    second = _LETTERS[north * 5 % 25 + east % 5]
    unit = 10 ** (5 - digits)
    x, y = int(easting % 100_000) // unit, int(northing % 100_000) // unit
    return f"{first}{second} {x:0{digits}d} {y:0{digits}d}"
