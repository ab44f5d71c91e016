"""The position in what people paste: a link of a map program, or degrees, minutes and seconds.

Nothing is asked of the program that a link leads to: only what the link itself says is read.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

PIN_ACCURACY_M = 10.0
METRES_A_PIXEL = 97_500.0
"""At zoom 0 and 51.5 degrees north: 2 pi 6,378,137 m cos(51.5 degrees) / 256."""
AIMED_PX = 50
"""How near the middle of a map somebody brings the place that they mean, in pixels."""
_NUMBER = r"(-?\d{1,3}\.\d+)"
_PAIR = rf"{_NUMBER}\s*[,~]\s*{_NUMBER}"
_LINK = re.compile(r"(?:https?://|geo:|(?:www\.|maps\.)[a-z])\S+", re.IGNORECASE)
_PINS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"!3d{_NUMBER}!4d{_NUMBER}",  # Google: the place itself, not the middle of the map
        rf"[?&]mlat={_NUMBER}&mlon={_NUMBER}",  # OpenStreetMap's marker
        rf"[?&](?:q|query|coordinate|destination|daddr|ll|pin|center|cp|sll)=(?:loc:)?\s*{_PAIR}",
        rf"/(?:search|place|dir)/+{_PAIR}",
        rf"^geo:{_PAIR}",
        rf"[?&#]lat(?:itude)?={_NUMBER}&(?:lon|lng|longitude)={_NUMBER}",
    )
)
_VIEWS = (
    re.compile(rf"@{_NUMBER},{_NUMBER},(?P<zoom>\d+(?:\.\d+)?)z"),  # Google's middle of the map
    re.compile(rf"#map=(?P<zoom>\d+)/{_NUMBER}/{_NUMBER}"),  # OpenStreetMap's
)
_SHORT = re.compile(r"//(?:maps\.app\.goo\.gl|goo\.gl|g\.co|maps\.apple|bit\.ly|tinyurl\.com)/")
_WORD = r"[^\W\d_]{2,40}"
_WORDS = rf"({_WORD}\.{_WORD}\.{_WORD})"
_THREE_WORDS = re.compile(
    rf"(?:^|\s)/{{3}}{_WORDS}\s*$|(?:what3words\.com|w3w\.co)/{_WORDS}|^\s*(?!www\.){_WORDS}\s*$",
    re.IGNORECASE,
)
_OSM_SHORT = re.compile(r"(?:openstreetmap|osm)\.org/go/([\w@~]+)")
_OSM_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~"
_ANGLE = (
    r"(\d{1,3})\s*°\s*(\d{1,2}(?:\.\d+)?)\s*['′’]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|”|''))?\s*"
)
_DEGREES = re.compile(rf"{_ANGLE}([NS])[,\s]*{_ANGLE}([EW])", re.IGNORECASE)


@dataclass(frozen=True)
class WrittenPosition:
    """WGS 84 degrees, and how far off the place that is meant may be."""

    lat: float
    lon: float
    accuracy_m: float


def position_in(text: str) -> WrittenPosition | None:
    """The position that a pasted text holds; None where it holds none.

    A pin comes before the middle of the map, which only shows where somebody looked.

    Examples
    --------
    >>> position_in("https://www.openstreetmap.org/#map=17/51.4461/0.2169").accuracy_m
    37.2
    >>> position_in("https://maps.apple.com/?ll=51.4461,0.2169&q=Here").lat
    51.4461
    >>> position_in("High Street") is None
    True
    """
    plain = unquote_plus(text)
    link = _LINK.search(plain)
    if angles := _DEGREES.search(plain):
        return _from_angles(*angles.groups())
    return None if link is None else _in_link(plain[link.start() :])


def without_links(text: str) -> str:
    """The words beside a link: what is shared by telephone often names the place too."""
    return " ".join(_LINK.sub(" ", text).split())


def is_short_link(text: str) -> bool:
    """Whether a link hides its place, so that only its maker could say where it leads."""
    return _SHORT.search(text) is not None


def three_words_in(text: str) -> str | None:
    """The address of what3words that a text holds, which only its makers can read.

    Examples
    --------
    >>> three_words_in("By the bins: https://w3w.co/Filled.Count.Soap")
    'filled.count.soap'
    >>> three_words_in("www.example.com") is three_words_in("St. Mary's Rd.") is None
    True
    """
    match = _THREE_WORDS.search(unquote_plus(text))
    return None if match is None else next(filter(None, match.groups())).lower()


def _in_link(link: str) -> WrittenPosition | None:
    for pattern in _PINS:
        if pins := pattern.findall(link):
            lat, lon = pins[-1]  # Google's way ends at the last
            return WrittenPosition(float(lat), float(lon), PIN_ACCURACY_M)
    for pattern in _VIEWS:
        if view := pattern.search(link):
            lat, lon = (part for part in view.groups() if part != view["zoom"])
            return WrittenPosition(float(lat), float(lon), _aim_m(float(view["zoom"])))
    short = _OSM_SHORT.search(link)
    return None if short is None else _from_osm_short(short[1])


def _aim_m(zoom: float) -> float:
    return max(PIN_ACCURACY_M, round(AIMED_PX * METRES_A_PIXEL / 2**zoom, 1))


def _from_osm_short(code: str) -> WrittenPosition:
    """Bits of longitude and latitude in turn, three of each in a letter.

    References
    ----------
    OpenStreetMap wiki, "Shortlink".
    """
    x = y = bits = 0
    for letter in code.replace("@", "~").rstrip("-"):
        value = _OSM_LETTERS.index(letter)
        for shift in (4, 2, 0):
            x, y = x << 1 | value >> shift + 1 & 1, y << 1 | value >> shift & 1
        bits += 3
    # The middle of the square that the bits name, as a map of its size would have it.
    lon, lat = (x + 0.5) * 360 / 2**bits - 180, (y + 0.5) * 180 / 2**bits - 90
    return WrittenPosition(lat, lon, _aim_m(bits - 8))


def _from_angles(*parts: str | None) -> WrittenPosition:
    north, east = _decimal(*parts[:4]), _decimal(*parts[4:])
    return WrittenPosition(north, east, PIN_ACCURACY_M)


def _decimal(
    degrees: str | None, minutes: str | None, seconds: str | None, half: str | None
) -> float:
    size = float(degrees or 0) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    return -size if (half or "").upper() in {"S", "W"} else size
