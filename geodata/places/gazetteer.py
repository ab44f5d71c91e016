"""Finding a place by what people write: grid reference, position, postcode, name, street."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from geodata.core.geography import from_lonlat
from geodata.core.grid_references import GridReferenceError, parse_gridref
from geodata.models import GazetteerEntry, GazetteerWord, Place
from geodata.places import named_places

SHORT = {
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "cl": "close",
    "dr": "drive",
    "ct": "court",
    "sq": "square",
    "gdns": "gardens",
    "stn": "station",
    "cp": "car park",
}
COARSEST_SQUARE_M = 100.0
"""A grid reference of fewer than six figures names too much ground to send a crew to."""
ACCURACY_M = {"postcode": 100.0, "street": 150.0, "landmark": 75.0, "settlement": 500.0}
KIND_ORDER = ("place", "landmark", "street", "settlement", "postcode")
CANDIDATES = 200
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
_DEGREES = re.compile(r"(-?\d{1,3}\.\d{3,})\s*°?\s*[, ]\s*(-?\d{1,3}\.\d{3,})\s*°?")


@dataclass(frozen=True)
class FoundPlace:
    """A place that may be meant.

    Attributes
    ----------
    kind
        ``grid_ref``, ``position``, ``postcode``, ``place``, ``street``, ``settlement`` or
        ``landmark``.
    point
        EPSG:27700 metres.
    accuracy_m
        How far from the point the thing itself may lie.
    place_id
        Of the places table, where it is one of ours.
    """

    label: str
    kind: str
    point: Point
    accuracy_m: float
    place_id: int | None = None


def words_of(text: str) -> list[str]:
    """The words of a name as they are compared: small, plain letters and digits.

    >>> words_of("St. Mary's Rd, Café-Row")
    ['st', 'marys', 'rd', 'cafe', 'row']
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return [word[:60] for word in re.findall(r"[a-z0-9]+", plain.replace("'", ""))]


def search_name(name: str, kind: str) -> str:
    """How a name is compared whole: postcodes without spaces, others word by word.

    >>> search_name("da1 1ab", "postcode"), search_name("High  Street", "street")
    ('DA11AB', 'high street')
    """
    return re.sub(r"\W", "", name).upper() if kind == "postcode" else " ".join(words_of(name))[:200]


def look_up(session: Session, text: str, *, day: date, limit: int = 10) -> list[FoundPlace]:
    """Places that a text may mean, best first; the same on both stores.

    Parameters
    ----------
    text
        A grid reference of six figures or more, latitude and longitude, a full postcode, or words
        of a place, landmark or street with or without its town. The last letters of a word may
        be missing.
    day
        Places of ours that exist on this day.
    """
    text = " ".join(text.split())[:200]
    for form in (_grid_reference, _position):
        if (found := form(text)) is not None:
            return [found]
    if _POSTCODE.fullmatch(search_name(text, "postcode")):
        return _postcode(session, text)
    words = words_of(text)
    if not words:
        return []
    area = named_places.borough(session, day)
    found_here = _ours(session, words, day) + _named(session, words)
    found_here.sort(key=lambda found: _rank(found, words, area))
    return found_here[:limit]


def _grid_reference(text: str) -> FoundPlace | None:
    try:
        east, north, side = parse_gridref(text)
    except GridReferenceError:
        return None
    if side > COARSEST_SQUARE_M:
        return None
    return FoundPlace(text.upper(), "grid_ref", Point(east, north), side / math.sqrt(2))


def _position(text: str) -> FoundPlace | None:
    match = _DEGREES.fullmatch(text)
    if match is None:
        return None
    lat, lon = float(match[1]), float(match[2])
    x, y = from_lonlat(lon, lat)
    is_britain = math.isfinite(x) and 0 <= x < 700_000 and 0 <= y < 1_300_000
    return FoundPlace(f"{lat}, {lon}", "position", Point(x, y), 10.0) if is_britain else None


def _postcode(session: Session, text: str) -> list[FoundPlace]:
    """The newest entry of a postcode: a later file corrects an earlier one."""
    entry = session.scalar(
        select(GazetteerEntry)
        .where(
            GazetteerEntry.kind == "postcode",
            GazetteerEntry.search_name == search_name(text, "postcode"),
        )
        .order_by(GazetteerEntry.id.desc())
        .limit(1)
    )
    return [] if entry is None else [_found_place(entry)]


def postcode_area(session: Session, text: str) -> list[BaseGeometry]:
    """The ground that a postcode may mean, EPSG:27700; empty where none of that name is known."""
    return [found.point.buffer(found.accuracy_m) for found in _postcode(session, text)]


def _ours(session: Session, words: list[str], day: date) -> list[FoundPlace]:
    """Our own places whose name or landmark holds every word."""
    named = named_places.current(day).where(Place.kind.not_in(named_places.AREA_KINDS))
    columns = named.with_only_columns(Place.id, Place.name, Place.landmark, Place.kind)
    keys = [
        key
        for key, name, landmark, kind in session.execute(columns)
        if _holds_all(words_of(f"{name} {landmark or ''} {kind.replace('_', ' ')}"), words)
    ]
    chosen = select(Place).where(Place.id.in_(keys[:CANDIDATES])).order_by(Place.id)
    return [_our_place(place) for place in session.scalars(chosen)]


def _holds_all(names: list[str], words: list[str]) -> bool:
    return all(
        any(name.startswith(word) for name in names)
        or all(any(n.startswith(long) for n in names) for long in _long(word))
        for word in words
    )


def _long(word: str) -> list[str]:
    """What an abbreviation stands for; something that no name begins with for other words."""
    return SHORT.get(word, "\x00").split()


def _our_place(place: Place) -> FoundPlace:
    accuracy = math.sqrt(place.geometry.area / math.pi)
    point = place.geometry.representative_point()
    return FoundPlace(place.name, "place", point, max(accuracy, 10.0), place.id)


def _named(session: Session, words: list[str]) -> list[FoundPlace]:
    query = select(GazetteerEntry).where(GazetteerEntry.kind != "postcode")
    for word in words:
        query = query.where(_has_word(word))
    query = query.order_by(
        func.length(GazetteerEntry.search_name), GazetteerEntry.search_name, GazetteerEntry.id
    )
    return [_found_place(entry) for entry in session.scalars(query.limit(CANDIDATES))]


def _has_word(word: str) -> ColumnElement[bool]:
    long = SHORT.get(word)
    is_word = _begins(word)
    return is_word if long is None else or_(is_word, and_(*(_begins(w) for w in long.split())))


def _begins(word: str) -> ColumnElement[bool]:
    """A range and not LIKE: both stores then read the index. "{" comes after "z"."""
    spoken = select(GazetteerWord.entry_id).where(
        GazetteerWord.word >= word, GazetteerWord.word < word + "{"
    )
    return GazetteerEntry.id.in_(spoken)


def _found_place(entry: GazetteerEntry) -> FoundPlace:
    label = f"{entry.name}, {entry.district}" if entry.district else entry.name
    point = Point(entry.geometry.x, entry.geometry.y)
    return FoundPlace(label, entry.kind, point, ACCURACY_M.get(entry.kind, 100.0))


def _rank(entry: FoundPlace, words: list[str], area: BaseGeometry | None) -> tuple[object, ...]:
    """Whole name first, then what begins so; the borough's own before its neighbours'."""
    name = " ".join(words_of(entry.label))
    wanted = " ".join(words)
    away_km = 0 if area is None else math.ceil(area.distance(entry.point) / 1000)
    return (
        min(away_km, 1),
        " ".join(words_of(entry.label.partition(",")[0])) != wanted,
        not name.startswith(wanted),
        KIND_ORDER.index(entry.kind),
        away_km,
        name,
        entry.point.x,
        entry.point.y,
    )
