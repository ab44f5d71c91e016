"""Named places, wards and the borough: where something is, on a given day."""

from collections.abc import Collection
from datetime import date

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from geodata.core.spatial import box_around, box_intersects
from geodata.core.vocabulary import PlaceKind
from geodata.models import Place

AREA_KINDS = (PlaceKind.BOROUGH, PlaceKind.WARD, PlaceKind.NEIGHBOUR)
NAMELESS_KINDS = (*AREA_KINDS, PlaceKind.LAMP_COLUMN)
"""Kinds that nothing is called after: "Lamp column 123" tells nobody where a hotspot is."""


def current(day: date | None, *kinds: str) -> Select[Place]:
    """Places of these kinds (all, where none is given) that exist on a day, by name."""
    query = select(Place).order_by(Place.kind, Place.name, Place.id)
    if kinds:
        query = query.where(Place.kind.in_(kinds))
    if day is not None:
        query = query.where(
            or_(Place.valid_from.is_(None), Place.valid_from <= day),
            or_(Place.valid_to.is_(None), Place.valid_to >= day),
        )
    return query


def borough(session: Session, day: date | None = None) -> BaseGeometry | None:
    """The council's area, EPSG:27700 metres; None where the store was made without one."""
    outlines = session.scalars(current(day, PlaceKind.BOROUGH)).all()
    return shapely.union_all([place.geometry for place in outlines]) if outlines else None


def ward_at(session: Session, point: Point, day: date | None = None) -> Place | None:
    """The ward that holds a point on a day; the first by name where borders meet."""
    near = current(day, PlaceKind.WARD).where(
        box_intersects(Place.geometry, box_around(point.x, point.y, 0.5))
    )
    return next((ward for ward in session.scalars(near) if ward.geometry.covers(point)), None)


def place_near(
    session: Session, point: Point, *, within_m: float, day: date | None = None
) -> Place | None:
    """The nearest place within a distance that people know by its name."""
    near = current(day).where(
        Place.kind.not_in(NAMELESS_KINDS),
        box_intersects(Place.geometry, box_around(point.x, point.y, within_m)),
    )
    places = [p for p in session.scalars(near) if p.geometry.distance(point) <= within_m]
    return min(places, key=lambda p: (p.geometry.distance(point), p.name, p.id), default=None)


def within(
    session: Session, area: BaseGeometry, *kinds: str, day: date | None = None
) -> list[Place]:
    """Places of these kinds that touch an area on a day, by name."""
    near = current(day, *kinds).where(box_intersects(Place.geometry, area.bounds))
    return [place for place in session.scalars(near) if area.intersects(place.geometry)]


def by_name(session: Session, name: str, day: date | None = None) -> list[Place]:
    """Named places of exactly this name, whatever its case and spaces."""
    wanted = " ".join(name.split()).casefold()
    candidates = session.scalars(current(day).where(Place.kind.not_in(AREA_KINDS)))
    return [place for place in candidates if " ".join(place.name.split()).casefold() == wanted]


def wards_called(session: Session, name: str, day: date | None = None) -> list[Place]:
    """Wards of this name, whatever its case."""
    wards = session.scalars(current(day, PlaceKind.WARD))
    return [ward for ward in wards if ward.name.casefold() == name.casefold()]


def add(
    session: Session, kind: PlaceKind, name: str, geometry: BaseGeometry, **rest: object
) -> Place:
    """A new place; ``rest`` names other columns of the table."""
    place = Place(kind=kind.value, name=name, geometry=geometry, **rest)
    session.add(place)
    session.flush()
    return place


def exists_on(place: Place, day: date) -> bool:
    """Whether a place is there on a day."""
    begun = place.valid_from is None or place.valid_from <= day
    return begun and (place.valid_to is None or day <= place.valid_to)


def by_ids(session: Session, ids: Collection[int]) -> list[Place]:
    """Places of these keys, by key."""
    return list(session.scalars(select(Place).where(Place.id.in_(ids)).order_by(Place.id)))


def named_with(session: Session, word: str) -> Place | None:
    """The first named place, by name, whose name holds a word; None where there is none."""
    wanted = Place.name.ilike(f"%{word}%")
    query = select(Place).where(Place.kind.not_in(AREA_KINDS), wanted)
    return session.scalars(query.order_by(Place.name, Place.id).limit(1)).first()
