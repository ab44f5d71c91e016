"""Where an intervention is, from one line that an officer writes: five ways to say it."""

import re

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import detections, places
from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.geography import from_lonlat, outside_in_words
from geodata.core.grid_references import GridReferenceError, format_gridref, parse_gridref

MOST_RADIUS_M = 2_000
FAR_OUTSIDE_M = 5_000
"""A place further from the borough than this is a slip of the pen."""
HOTSPOT_CODE = re.compile(r"H-\d+", re.IGNORECASE)
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)")


def place_of(
    session: Session,
    text: str,
    *,
    radius_m: float,
    takes_wards: bool = False,
    farthest_m: float = FAR_OUTSIDE_M,
) -> BaseGeometry:
    """The ground that a line means, EPSG:27700.

    Parameters
    ----------
    text
        A hotspot's code, a grid reference, latitude and longitude in either order, easting and
        northing, or the name of a known place.
    radius_m
        How far round a point it reaches, 0 to 2,000. A hotspot and a place with an outline have
        their own.
    takes_wards
        Whether a ward may be named, as something for a whole ward is no less done there.
    farthest_m
        How far outside the borough it may lie.

    Raises
    ------
    RefusedError
        It cannot be read, means no place or several, or lies far outside the borough.
    """
    if not 0 <= radius_m <= MOST_RADIUS_M:
        raise RefusedError(f"the radius is {radius_m:g} m: give 0 to {MOST_RADIUS_M:,}")
    ward = _ward(session, text) if takes_wards else None
    ward = ward or _area(session, text.strip())
    _refuse_far(session, ward, text, farthest_m)
    return ward.buffer(radius_m) if ward.geom_type == "Point" and radius_m else ward


def _area(session: Session, text: str) -> BaseGeometry:
    if HOTSPOT_CODE.fullmatch(text):
        return _outline(session, text)
    if pair := _PAIR.fullmatch(text):
        return _point(float(pair[1]), float(pair[2]))
    try:
        x, y, _ = parse_gridref(text)
    except GridReferenceError:
        return _named(session, text)
    return Point(x, y)


def _ward(session: Session, text: str) -> BaseGeometry | None:
    name = re.sub(r"\s+ward$", "", text.strip(), flags=re.IGNORECASE)
    wards = places.wards_called(session, name)
    return wards[0].geometry if len(wards) == 1 else None


def _outline(session: Session, code: str) -> BaseGeometry:
    try:
        history = detections.history_of(session, detections.find_by_code(session, code).id)
    except NotFoundError:
        history = []
    if not history:
        raise RefusedError(f"there is no hotspot {code}: look at its code on the board")
    return history[0][1].geometry


def _point(first: float, second: float) -> Point:
    """Degrees in either order, or metres, easting first: no place here has two in one range."""
    if abs(first) > 180 or abs(second) > 180:
        return Point(first, second)
    lat, lon = (first, second) if abs(first) > abs(second) else (second, first)
    return Point(*from_lonlat(lon, lat))


def _named(session: Session, text: str) -> BaseGeometry:
    named = places.by_name(session, text)
    if len(named) == 1:
        return named[0].geometry
    if named:
        raise RefusedError(f"{len(named)} places are called {text!r}: give a grid reference")
    raise RefusedError(
        f"{text!r} is no hotspot's code, no grid reference such as TQ 543 741, no pair of "
        f"numbers, and no known place"
    )


def _refuse_far(session: Session, shape: BaseGeometry, text: str, farthest_m: float) -> None:
    area = places.borough(session)
    if area is None:
        return
    away_m = area.distance(shape)
    if not away_m <= farthest_m:  # infinity and NaN are far too
        raise RefusedError(f"{text!r} {outside_in_words(away_m, 'the borough')}: check it")


def in_words(session: Session, shape: BaseGeometry) -> str:
    """A place for people: its grid reference, what it is near, and how big it is."""
    middle = shape.representative_point()
    near = places.place_near(session, middle, within_m=150)
    ward = places.ward_at(session, middle)
    parts = [
        format_gridref(middle.x, middle.y, digits=4),
        f"by {near.name}" if near else "",
        f"{ward.name} ward" if ward else "",
        f"{shape.area / 10_000:.2g} hectares" if shape.area else "",
    ]
    return ", ".join(part for part in parts if part)
