"""In which ward, by which named place: of many points at once, each on its own day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geodata.core.spatial import box_intersects
from geodata.core.vocabulary import PlaceKind
from geodata.models import Place
from geodata.places import named_places

NEAR_M = 60.0
"""A dump this far from a named place is still told of as being there."""


def wards_of(session: Session, points: Sequence[Any], days: Sequence[date]) -> list[int | None]:
    """Key of the ward that covers each point on its day; the first by name where borders meet."""
    ward_ids: list[int | None] = [None] * len(points)
    wards = _about(session, points, PlaceKind.WARD, within_m=0.5)
    if not wards:
        return ward_ids
    shapes = np.array([ward.geometry for ward in wards])
    inside = shapely.STRtree(points).query(shapes, predicate="covers").T.tolist()
    for at, row in inside:
        if ward_ids[row] is None and named_places.exists_on(wards[at], days[row]):
            ward_ids[row] = wards[at].id
    return ward_ids


def places_of(
    session: Session, points: Sequence[Any], days: Sequence[date], *, within_m: float = NEAR_M
) -> list[int | None]:
    """Key of the nearest named place within a distance of each point on its day."""
    known = _about(session, points, within_m=within_m)
    named = [place for place in known if place.kind not in named_places.NAMELESS_KINDS]
    if not named:
        return [None] * len(points)
    shapes = np.array([place.geometry for place in named])
    near = shapely.STRtree(points).query(shapes, predicate="dwithin", distance=within_m)
    apart = shapely.distance(shapes[near[0]], np.asarray(points)[near[1]])
    best: dict[int, tuple[float, int]] = {}
    for at, row, metres in zip(*near.tolist(), apart.tolist(), strict=True):
        if named_places.exists_on(named[at], days[row]):
            best[row] = min(best.get(row, (np.inf, 0)), (metres, at))
    return [named[best[row][1]].id if row in best else None for row in range(len(points))]


def _about(
    session: Session, points: Sequence[Any], *kinds: str, within_m: float
) -> Sequence[Place]:
    """Places of all days whose box is near one of some points, or between them."""
    if not len(points):
        return []
    west, south, east, north = shapely.total_bounds(np.asarray(points)).tolist()
    box = (west - within_m, south - within_m, east + within_m, north + within_m)
    query = named_places.current(None, *kinds).where(box_intersects(Place.geometry, box))
    return session.scalars(query).all()
