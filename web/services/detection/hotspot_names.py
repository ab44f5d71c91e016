"""What a new hotspot is called: after the place it lies at, told apart from its neighbours."""

import itertools
import math

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import detections, places

NAME_WITHIN_M = 150
AT_M = 5
"""Nearer than this, a distance to ten metres would be 0 m: it is the place itself."""
COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def new_hotspot_name(session: Session, centre: Point) -> str:
    """A name that no other hotspot has: "Central Park", else "Central Park, 90 m east"."""
    plain = _plain_names(session, centre)
    choices = itertools.chain(plain, (f"{plain[-1]} ({n})" for n in itertools.count(2)))
    taken = detections.identity_names(session)
    return next(name for name in choices if name not in taken)


def place_in_words(session: Session, point: Point) -> str:
    """Where a point is: "Central Park, 90 m east", else its ward."""
    return _plain_names(session, point)[-1]


def _plain_names(session: Session, centre: Point) -> list[str]:
    place = places.place_near(session, centre, within_m=NAME_WITHIN_M)
    if place is not None:
        middle = place.geometry.representative_point()
        if middle.distance(centre) < AT_M:
            return [place.name]
        return [place.name, f"{place.name}, {bearing_in_words(middle, centre)}"]
    ward = places.ward_at(session, centre)
    return [f"{ward.name} ward" if ward else "Unnamed place"]


def bearing_in_words(origin: Point, target: Point) -> str:
    """Distance to ten metres and direction on the grid.

    >>> bearing_in_words(Point(0, 0), Point(60, 61))
    '90 m north-east'
    """
    east, north = target.x - origin.x, target.y - origin.y
    eighth = round(math.degrees(math.atan2(east, north)) / 45) % 8
    return f"{round(math.hypot(east, north), -1):.0f} m {COMPASS[eighth]}"
