"""Coordinate reference systems of answers and boxes (OGC API - Features, Part 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geodata.core.geography import from_lonlat, lonlat_shapes
from web.api.faults import Fault
from web.api.operations import faulty

DEGREE_DIGITS, METRE_DIGITS = 7, 2
"""Digits after the point: about 1 cm."""
ONE_AXIS_M = 10_000_000.0


@dataclass(frozen=True)
class System:
    """A system by its address, with the order of axes that its authority gives.

    Attributes
    ----------
    furthest
        East and north: what a box may reach to on either side of 0.
    is_north_first
        Whether the first axis points north, as EPSG has it of longitude and latitude.
    """

    uri: str
    furthest: tuple[float, float]
    is_degrees: bool = True
    is_north_first: bool = False

    def seen_on_map(self, grid: Any) -> Any:
        """An array of shapes (EPSG:27700) in this system, the first axis east."""
        return lonlat_shapes(grid) if self.is_degrees else grid

    def written(self, grid: Any) -> Any:
        """The same, rounded, in the order of this system's axes."""
        digits = DEGREE_DIGITS if self.is_degrees else METRE_DIGITS
        step = -1 if self.is_north_first else 1
        return shapely.transform(self.seen_on_map(grid), lambda xy: np.round(xy[:, ::step], digits))

    def onto_grid(self, shape: Any) -> Any:
        """A shape in this system, the first axis east, in EPSG:27700."""
        if not self.is_degrees:
            return shape
        return shapely.transform(shape, lambda xy: np.column_stack(from_lonlat(xy[:, 0], xy[:, 1])))


_OGC = "http://www.opengis.net/def/crs"
CRS84 = System(f"{_OGC}/OGC/1.3/CRS84", (180, 90))
WGS84 = System(f"{_OGC}/EPSG/0/4326", (180, 90), is_north_first=True)
GRID = System(f"{_OGC}/EPSG/0/27700", (ONE_AXIS_M, ONE_AXIS_M), is_degrees=False)
SYSTEMS: Mapping[str, System] = {each.uri: each for each in (CRS84, WGS84, GRID)}


def system_named(uri: str | None, where: str) -> System:
    """The system of an address; CRS84 where none is given.

    Raises
    ------
    FaultError
        It is none of ours.
    """
    if uri is None:
        return CRS84
    if uri not in SYSTEMS:
        known = ", ".join(SYSTEMS)
        raise faulty([Fault(where, f"{uri[:80]!r} is not offered: give one of {known}")])
    return SYSTEMS[uri]
