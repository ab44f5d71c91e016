"""Hotspots across a border: what two councils each flag of one place is one place.

Each council detects on its own record, so a car park on the boundary is flagged twice, half each,
or once. Nothing is detected anew here: outlines that lie within reach of each other are shown as
one, under both codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import detections

REACH_M = 100.0
"""Between two outlines: the width of a car park, or of a road with its verges."""


@dataclass(frozen=True)
class FlaggedPlace:
    """A hotspot of a council's last run; ``outline`` EPSG:27700 metres."""

    council: str
    code: str
    name: str
    hotspot_class: str | None
    incidents: int
    last_incident_at: datetime | None
    outline: BaseGeometry


@dataclass(frozen=True)
class BorderHotspot:
    """Hotspots of two councils or more that are one place; the one of most incidents first."""

    parts: tuple[FlaggedPlace, ...]

    @property
    def incidents(self) -> int:
        """Of all parts; a dump that was reported to two councils counts in both."""
        return sum(part.incidents for part in self.parts)

    @property
    def last_incident_at(self) -> datetime | None:
        known = [part.last_incident_at for part in self.parts if part.last_incident_at]
        return max(known, default=None)


def flagged_places(session: Session, council: str, *, day: date) -> list[FlaggedPlace]:
    """What a council's last run flagged, but for what it dismissed."""
    run = detections.latest_run(session)
    if run is None:
        return []
    return [
        FlaggedPlace(
            council,
            identity.code,
            identity.name,
            hotspot.hotspot_class,
            hotspot.incidents,
            hotspot.last_incident_at,
            hotspot.geometry,
        )
        for hotspot, identity in detections.hotspots_of(session, run.id)
        if identity.dismissed_until is None or identity.dismissed_until < day
    ]


def across_borders(places: Sequence[FlaggedPlace]) -> list[BorderHotspot]:
    """Those that lie within reach of another council's, each group once, the largest first."""
    groups = [BorderHotspot(tuple(group)) for group in _groups(places)]
    return sorted(groups, key=lambda g: (-g.incidents, [part.code for part in g.parts]))


def _groups(places: Sequence[FlaggedPlace]) -> Iterator[list[FlaggedPlace]]:
    """Chains of neighbours: what is within reach of a part belongs to the whole."""
    if not places:
        return
    pairs = shapely.STRtree([p.outline for p in places]).query(
        [p.outline for p in places], predicate="dwithin", distance=REACH_M
    )
    # Within one council two hotspots stay two: its own detection told them apart.
    foreign = [(a, b) for a, b in pairs.T.tolist() if places[a].council != places[b].council]
    for members in _components(len(places), foreign):
        if len(members) > 1:
            yield sorted((places[n] for n in members), key=lambda p: (-p.incidents, p.council))


def _components(n: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    rows, columns = np.array([*pairs], dtype=int).reshape(-1, 2).T
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(n, n))
    _, labels = connected_components(graph, directed=False)
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
