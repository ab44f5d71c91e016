"""Finding a place by what people write: grid reference, position, postcode, name, street."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from geodata.core.geography import from_lonlat
from geodata.core.grid_references import GridReferenceError, parse_gridref
from geodata.models import GazetteerEntry, GazetteerWord, Place
from geodata.places import named_places, postcodes
from geodata.places.search_terms import Term, less_one, telling, terms_of
from geodata.places.spelling import likely_words
from geodata.places.written_positions import position_in, without_links

COARSEST_SQUARE_M = 100.0
"""A grid reference of fewer than six figures names too much ground to send a crew to."""
ACCURACY_M = {"postcode": 100.0, "street": 150.0, "landmark": 75.0, "settlement": 500.0}
KIND_ORDER = ("place", "landmark", "street", "settlement", "postcode")
CANDIDATES = 200
NEAR_POSTCODE_M = 2_000.0
"""A street of the name that stands beside a postcode, but farther from it, is another street."""
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
        A grid reference of six figures or more, latitude and longitude, a link of a map program, a
        full postcode, or words of a place, landmark or street with or without its town. The last
        letters of a word may be missing. Where nothing is found so, numbers of doors and words
        such as "opposite" are left out, then slips of spelling are forgiven, then one word is.
    day
        Places of ours that exist on this day.
    """
    linked = position_in(text)
    if linked is not None:
        return at_position(linked.lat, linked.lon, linked.accuracy_m)
    text = without_links(text)[:200]
    for form in (_grid_reference, _position):
        if (place := form(text)) is not None:
            return [place]
    if codes := postcodes.meant(text):
        return _postcode(session, codes)
    rest, postcode = postcodes.split(text)
    named = _in_words(session, rest, day, limit)
    return _by_postcode(session, named, postcode)[:limit] if postcode else named


def _by_postcode(session: Session, named: list[FoundPlace], postcode: str) -> list[FoundPlace]:
    """What is named near a postcode, nearest first, and the postcode; all where it is unknown."""
    known = _postcode(session, postcodes.meant(postcode))
    if not known:
        return named
    at = known[0].point
    near = [place for place in named if place.point.distance(at) <= NEAR_POSTCODE_M]
    return [*sorted(near, key=lambda place: place.point.distance(at)), *known]


def _in_words(session: Session, text: str, day: date, limit: int) -> list[FoundPlace]:
    words = words_of(text)
    if not words:
        return []
    area = named_places.borough(session, day)
    places = _matching(session, terms_of(words), day)
    if places:
        return sorted(places, key=lambda place: _rank(place, words, area))[:limit]
    words = telling(words)
    places = _forgiving(session, words, day)
    return sorted(
        places, key=lambda place: (_unlikeness(place, words), *_rank(place, words, area))
    )[:limit]


def _forgiving(session: Session, words: list[str], day: date) -> list[FoundPlace]:
    """What less strict readings of the words find: the strictest that finds anything."""
    terms = terms_of(words)
    if not terms:
        return []
    if matching := _matching(session, terms, day):
        return matching
    own = {word for _, names in _own_names(session, day) for word in names}
    respelt = [
        (*term, *((word,) for word in likely_words(session, term[0][0], own))) for term in terms
    ]
    if matching := _matching(session, respelt, day):
        return matching
    shorter = (_matching(session, fewer, day) for fewer in less_one(respelt))
    return list({place: None for places in shorter for place in places})


def _matching(session: Session, terms: list[Term], day: date) -> list[FoundPlace]:
    return _ours(session, terms, day) + _named(session, terms)


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
    return next(iter(at_position(float(match[1]), float(match[2]), 10.0)), None)


def at_position(lat: float, lon: float, accuracy_m: float) -> list[FoundPlace]:
    """A position of WGS 84 degrees; none where it is not in Great Britain."""
    x, y = from_lonlat(lon, lat)
    is_britain = math.isfinite(x) and 0 <= x < 700_000 and 0 <= y < 1_300_000
    label = f"{round(lat, 6)}, {round(lon, 6)}"
    return [FoundPlace(label, "position", Point(x, y), accuracy_m)] if is_britain else []


def _postcode(session: Session, codes: list[str]) -> list[FoundPlace]:
    """The newest entry of the first postcode that is known: a later file corrects earlier ones."""
    for code in codes:
        entry = session.scalar(
            select(GazetteerEntry)
            .where(GazetteerEntry.kind == "postcode", GazetteerEntry.search_name == code)
            .order_by(GazetteerEntry.id.desc())
            .limit(1)
        )
        if entry is not None:
            return [_found_place(entry)]
    return []


def postcode_area(session: Session, text: str) -> list[BaseGeometry]:
    """The ground that a postcode may mean, EPSG:27700; empty where none of that name is known."""
    return [
        place.point.buffer(place.accuracy_m)
        for place in _postcode(session, [postcodes.compact(text)])
    ]


def _ours(session: Session, terms: list[Term], day: date) -> list[FoundPlace]:
    """Our own places whose name or landmark holds every term."""
    keys = [key for key, names in _own_names(session, day) if _holds_all(names, terms)]
    chosen = select(Place).where(Place.id.in_(keys[:CANDIDATES])).order_by(Place.id)
    return [_our_place(place) for place in session.scalars(chosen)]


def _own_names(session: Session, day: date) -> list[tuple[int, list[str]]]:
    """Key and words of each place of ours; its kind is one of them."""
    named = named_places.current(day).where(Place.kind.not_in(named_places.AREA_KINDS))
    columns = named.with_only_columns(Place.id, Place.name, Place.landmark, Place.kind)
    return [
        (key, words_of(f"{name} {landmark or ''} {kind.replace('_', ' ')}"))
        for key, name, landmark, kind in session.execute(columns)
    ]


def _holds_all(names: list[str], terms: list[Term]) -> bool:
    return all(
        any(all(any(n.startswith(word) for n in names) for word in words) for words in term)
        for term in terms
    )


def _our_place(place: Place) -> FoundPlace:
    accuracy = math.sqrt(place.geometry.area / math.pi)
    point = place.geometry.representative_point()
    return FoundPlace(place.name, "place", point, max(accuracy, 10.0), place.id)


def _named(session: Session, terms: list[Term]) -> list[FoundPlace]:
    query = select(GazetteerEntry).where(
        GazetteerEntry.kind != "postcode", *(_has_term(term) for term in terms)
    )
    query = query.order_by(
        func.length(GazetteerEntry.search_name), GazetteerEntry.search_name, GazetteerEntry.id
    )
    return [_found_place(entry) for entry in session.scalars(query.limit(CANDIDATES))]


def _has_term(term: Term) -> ColumnElement[bool]:
    return or_(*(and_(*(_begins(word) for word in words)) for words in term))


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


def _unlikeness(entry: FoundPlace, words: list[str]) -> float:
    """How unlike the words are to a place's name, with or without its town: 0 the same, to 1."""
    wanted = " ".join(words)
    names = {" ".join(words_of(text)) for text in (entry.label, entry.label.partition(",")[0])}
    return 1 - max(SequenceMatcher(None, wanted, name).ratio() for name in names)
