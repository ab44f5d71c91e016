"""Which council's area a point lies in: the outlines of all stores, read once and kept."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import shapely
from shapely import STRtree
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata import places
from geodata.core.errors import StoreError
from web.clock import today
from web.house.house_file import Site
from web.house.opening import open_site_store

log = logging.getLogger(__name__)
FRESH_S = 600
"""A boundary that is drawn anew counts after so long."""


@dataclass(frozen=True)
class Outline:
    """A council's area, EPSG:27700 metres."""

    site: Site
    area: BaseGeometry


class Outlines:
    """The areas of some councils; one whose store cannot be opened has none meanwhile."""

    def __init__(self, sites: Iterable[Site]) -> None:
        self._sites = tuple(sites)
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._outlines: list[Outline] = []
        self._tree = STRtree([])

    def at(self, point: Point) -> Site | None:
        """Whose a point is (EPSG:27700 metres); the first by name where areas overlap."""
        outlines, tree = self._fresh()
        hits = sorted(tree.query(point, predicate="intersects").tolist())
        return outlines[hits[0]].site if hits else None

    def all(self) -> list[Outline]:
        return list(self._fresh()[0])

    def _fresh(self) -> tuple[list[Outline], STRtree]:
        with self._lock:
            if time.monotonic() - self._read_at > FRESH_S:
                self._outlines = list(_read(self._sites))
                self._tree = STRtree([outline.area for outline in self._outlines])
                self._read_at = time.monotonic()
            return self._outlines, self._tree


def _read(sites: Iterable[Site]) -> Iterator[Outline]:
    for site in sites:
        try:
            area = read_area(site)
        except StoreError as error:
            log.error("the area of %s cannot be read: %s", site.code, error)
            continue
        if area is not None:
            yield Outline(site, area)


def read_area(site: Site) -> BaseGeometry | None:
    """The area of a council today; None where its store has none.

    Raises
    ------
    StoreError
        The store cannot be opened.
    """
    store = open_site_store(site)
    try:
        with store.reading() as session:
            area = places.borough(session, today())
    finally:
        store.close()
    if area is not None:
        shapely.prepare(area)
    return area
