"""Where a report is: found by words, put into words, and whose it is where it is not ours."""

from dataclasses import dataclass
from datetime import datetime

import shapely
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.geography import from_lonlat, to_lonlat
from geodata.core.grid_references import GridReferenceError, format_gridref
from geodata.core.vocabulary import PlaceKind
from geodata.rules.days import LONDON

EDGE_TOLERANCE_M = 50.0
"""A point this far outside is taken: borders run along roads, and telephones are off by that."""
NEAR_M = 150.0
MOST_ACCURATE_M, LEAST_ACCURATE_M = 1.0, 2_000.0


@dataclass(frozen=True)
class Spot:
    """A point as a draft keeps it and a page shows it.

    Attributes
    ----------
    x, y
        EPSG:27700 metres.
    accuracy_m
        How far off it may be, metres.
    how
        ``device``, ``pin``, ``photo``, ``poster``, or the kind of a found place.
    label
        What the reporter wrote or chose; empty for a bare point.
    """

    x: float
    y: float
    accuracy_m: float
    how: str
    label: str = ""

    @property
    def point(self) -> Point:
        return Point(self.x, self.y)

    @property
    def lonlat(self) -> tuple[float, float]:
        """WGS 84 degrees, longitude first."""
        lon, lat = to_lonlat(self.x, self.y)
        return float(lon), float(lat)


@dataclass(frozen=True)
class SpotWords:
    """A spot in words: its grid reference to 10 m, what it is near, its ward."""

    grid_ref: str
    near: str
    ward: str


@dataclass(frozen=True)
class Elsewhere:
    """A spot that is not the council's: how far outside, and whose it is where that is known."""

    away_m: float
    neighbour: str
    note: str


def spot_at(
    lon: float, lat: float, accuracy_m: float | None, how: str, label: str = ""
) -> Spot | None:
    """A spot from a device's or a camera's degrees; None where they are not in Great Britain."""
    x, y = from_lonlat(lon, lat)
    if not (0 <= x < 700_000 and 0 <= y < 1_300_000):  # false for infinity and NaN too
        return None
    accuracy = min(max(accuracy_m or 30.0, MOST_ACCURATE_M), LEAST_ACCURATE_M)
    return Spot(round(float(x), 1), round(float(y), 1), accuracy, how, label)


def in_words(session: Session, spot: Spot, *, now: datetime) -> SpotWords:
    """What a person checks a spot by."""
    day = now.astimezone(LONDON).date()
    place = places.place_near(session, spot.point, within_m=NEAR_M, day=day)
    ward = places.ward_at(session, spot.point, day)
    return SpotWords(
        grid_reference(spot.x, spot.y), place.name if place else "", ward.name if ward else ""
    )


def grid_reference(x: float, y: float) -> str:
    """The grid reference to 10 m, or the bare numbers off the grid."""
    try:
        return format_gridref(x, y, digits=4)
    except GridReferenceError:
        return f"{x:.0f}, {y:.0f}"


def elsewhere(session: Session, spot: Spot, *, now: datetime) -> Elsewhere | None:
    """Whose a spot is that lies outside the borough by more than the tolerance; None: it is ours.

    A store without a borough takes every spot in Great Britain.
    """
    day = now.astimezone(LONDON).date()
    area = places.borough(session, day)
    away_m = 0.0 if area is None else float(shapely.distance(area, spot.point))
    if away_m <= EDGE_TOLERANCE_M:
        return None
    neighbours = session.scalars(places.current(day, PlaceKind.NEIGHBOUR)).all()
    owner = next((n for n in neighbours if n.geometry.covers(spot.point)), None)
    return Elsewhere(away_m, owner.name if owner else "", (owner and owner.note) or "")
