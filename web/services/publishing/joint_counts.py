"""Counts of several places that are told beside each other: what each is less the others.

A campaign and a bin at one of its sites, an order and what stands within it: whoever takes one
from the other knows the rest, and of several the parts into which they cut each other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata.frames.published_incidents import published_incidents
from web.services.publishing.disclosure import SMALLEST_SHOWN
from web.services.publishing.release_cells import Period, moments

LEAST_M2 = 1.0
"""Ground of less is none: outlines that should be one differ by so much."""


@dataclass(frozen=True)
class PlaceCount:
    """A number of incidents that is told: of which ground (EPSG:27700) and local days."""

    ground: BaseGeometry
    first: date
    last: date


def may_join(
    session: Session, own: Sequence[PlaceCount], others: Sequence[Sequence[PlaceCount]]
) -> bool:
    """Whether counts may be told beside those of other places.

    Parameters
    ----------
    others
        Of each place its counts, the shortest spans first: those that could be told of it alone.
    """
    counts = [*own, *(count for of_place in others for count in of_place)]
    first, last = min(count.first for count in counts), max(count.last for count in counts)
    dumps = published_incidents(session, *moments(Period("", first, last)))
    known = [count for of_place in others for count in _publishable(dumps, of_place)]
    return not known or hide_parts(dumps, [*own, *known])


def _publishable(dumps: gpd.GeoDataFrame, counts: Sequence[PlaceCount]) -> Sequence[PlaceCount]:
    """As many as may be told of one place: none where its first two are too small."""
    for n in range(len(counts), 1, -2):
        if hide_parts(dumps, counts[:n]):
            return counts[:n]
    return ()


def hide_parts(dumps: gpd.GeoDataFrame, counts: Sequence[PlaceCount]) -> bool:
    """The same of a frame with ``geometry`` and ``first_reported_at``.

    Every sum or difference of theirs is a sum of the parts into which all their grounds and days
    cut each other: where each holds five or more, so does whatever can be worked out. A part in
    which nothing lay is one too.
    """
    is_in = np.array([_is_in(dumps, count) for count in counts], dtype=bool).T
    held = Counter(frozenset(np.flatnonzero(row).tolist()) for row in is_in)
    return all(held[part] >= SMALLEST_SHOWN for part in {*_parts(counts), *held} if part)


def _is_in(dumps: gpd.GeoDataFrame, count: PlaceCount) -> np.ndarray:
    since, until = moments(Period("", count.first, count.last))
    is_then = dumps["first_reported_at"].between(since, until, inclusive="left")
    is_there: np.ndarray = (dumps.intersects(count.ground) & is_then).to_numpy()
    return is_there


def _parts(counts: Sequence[PlaceCount]) -> Iterator[frozenset[int]]:
    """Which counts hold each piece of ground in each stretch of days that they leave whole."""
    grounds = {count.ground.wkb: count.ground for count in counts}
    pieces = _pieces(list(grounds.values()))
    number = {wkb: n for n, wkb in enumerate(grounds)}
    for day in sorted({count.first for count in counts} | {_after(count) for count in counts}):
        now = [n for n, count in enumerate(counts) if count.first <= day < _after(count)]
        for inside in pieces:
            yield frozenset(n for n in now if number[counts[n].ground.wkb] in inside)


def _after(count: PlaceCount) -> date:
    return count.last + timedelta(days=1)


def _pieces(grounds: Sequence[BaseGeometry]) -> set[frozenset[int]]:
    """Of the pieces into which outlines cut each other, which of them each lies in."""
    pieces: list[tuple[BaseGeometry, frozenset[int]]] = []
    for n, ground in enumerate(grounds):
        before = shapely.union_all([piece for piece, _ in pieces])
        cut = [(piece.intersection(ground), inside | {n}) for piece, inside in pieces]
        cut += [(piece.difference(ground), inside) for piece, inside in pieces]
        cut.append((ground.difference(before), frozenset({n})))
        pieces = [(piece, inside) for piece, inside in cut if shapely.area(piece) > LEAST_M2]
    return {inside for _, inside in pieces}
