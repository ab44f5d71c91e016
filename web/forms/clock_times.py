"""Times of day as people write them."""

import re
from datetime import time

_FORM = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)


def parse_clock(text: str) -> time:
    """A time of day: 10pm, 10.15 pm, 22:15, 7.

    Raises
    ------
    ValueError
        It is no time.

    Examples
    --------
    >>> parse_clock("10.15 pm"), parse_clock("12am"), parse_clock("7")
    (datetime.time(22, 15), datetime.time(0, 0), datetime.time(7, 0))
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no time")
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"{text!r} is no time")
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute)
