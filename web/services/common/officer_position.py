"""Where an officer stands: from the device, a grid reference or a known place, in that order."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.errors import RefusedError
from geodata.core.geography import from_lonlat, outside_in_words
from geodata.core.grid_references import GridReferenceError, format_gridref, parse_gridref

NEAR_M = 100.0
BORDER_M = 50.0


@dataclass(frozen=True)
class Standpoint:
    """A point, EPSG:27700, with its accuracy in metres where it is known, and its place."""

    point: Point
    accuracy_m: float | None
    place_id: int | None
    place_name: str

    @property
    def words(self) -> str:
        """The place's name and the grid reference to ten metres."""
        reference = format_gridref(self.point.x, self.point.y, digits=4)
        return f"{self.place_name}, {reference}" if self.place_name else reference


def find_standpoint(
    session: Session,
    *,
    day: date,
    lonlat: tuple[float, float] | None = None,
    accuracy_m: float | None = None,
    grid_ref: str = "",
    place_name: str = "",
) -> Standpoint:
    """The point that the officer means.

    Raises
    ------
    RefusedError
        Nothing says where, a reference or a name is unknown, or it lies outside the borough.
    """
    if grid_ref.strip():
        position = _from_grid_ref(session, grid_ref, day)
    elif lonlat is not None:
        position = _named(session, Point(*from_lonlat(*lonlat)), accuracy_m, day)
    elif place_name.strip():
        position = _from_place(session, place_name, day)
    else:
        raise RefusedError("say where: use your position, a grid reference or a known place")
    refuse_outside(session, position.point, day)
    return position


def place_choices(session: Session, day: date) -> dict[str, str]:
    """Known places of a day, for a list to choose from; none first."""
    return {"": "Choose a place"} | {name: name for name in known_places(session, day)}


def known_places(session: Session, day: date) -> list[str]:
    """Names of the places of a day that are no areas of government, in the alphabet's order."""
    named = session.scalars(places.current(day))
    return sorted({place.name for place in named if place.kind not in places.AREA_KINDS})


def _named(session: Session, point: Point, accuracy_m: float | None, day: date) -> Standpoint:
    place = None
    if np.isfinite([point.x, point.y]).all():
        place = places.place_near(session, point, within_m=NEAR_M, day=day)
    return Standpoint(point, accuracy_m, place.id if place else None, place.name if place else "")


def _from_grid_ref(session: Session, text: str, day: date) -> Standpoint:
    try:
        easting, northing, side_m = parse_gridref(text)
    except GridReferenceError as error:
        raise RefusedError(str(error)) from None
    return _named(session, Point(easting, northing), side_m / np.sqrt(2), day)


def _from_place(session: Session, name: str, day: date) -> Standpoint:
    place = places.by_name(session, name, day)
    if len(place) != 1:
        what = f"{len(place)} places have this name" if place else "no known place has this name"
        raise RefusedError(f"{name!r}: {what}; give a grid reference such as TQ 5409 7420")
    shape = place[0].geometry
    radius_m = float(np.sqrt(shape.area / np.pi)) or None
    return Standpoint(shape.representative_point(), radius_m, place[0].id, place[0].name)


def refuse_outside(session: Session, point: Point, day: date) -> None:
    """Refuse a point that lies outside the borough.

    Raises
    ------
    RefusedError
        It does, by more than ``BORDER_M``.
    """
    area = places.borough(session, day)
    if not np.isfinite([point.x, point.y]).all():
        raise RefusedError("the position is not in Great Britain: check the numbers")
    if area is not None and area.distance(point) > BORDER_M:
        away = outside_in_words(area.distance(point), "the borough")
        raise RefusedError(f"the position {away}: check it")
