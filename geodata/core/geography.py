"""Between the National Grid and longitude and latitude.

Without the OSTN15 grid the transformation is 1 to 4 m off: less than a telephone's own error.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
import shapely

from geodata.core.types import SRID

GREAT_BRITAIN = shapely.box(0, 0, 700_000, 1_300_000)
"""Where the National Grid has letters; EPSG:27700."""
_TO_LONLAT = pyproj.Transformer.from_crs(SRID, 4326, always_xy=True)
_FROM_LONLAT = pyproj.Transformer.from_crs(4326, SRID, always_xy=True)

FAR_KM = 1_500
"""Further than this a distance says nothing: the numbers are no place in this country."""


def outside_in_words(away_m: float, area: str) -> str:
    """How far outside an area a point lies, as a message says it.

    >>> outside_in_words(3_420, "the borough"), outside_in_words(9e9, "the borough")
    ('lies 3.4 km outside the borough', 'lies nowhere near the borough')
    """
    if not away_m <= FAR_KM * 1000:  # infinity and NaN too
        return f"lies nowhere near {area}"
    return f"lies {away_m / 1000:.1f} km outside {area}"


@lru_cache(maxsize=32)
def grid_from(system: pyproj.CRS) -> pyproj.Transformer:
    """From a coordinate system, easting or longitude first; to make one takes 20 ms."""
    return pyproj.Transformer.from_crs(system, SRID, always_xy=True)


def to_lonlat(easting: Any, northing: Any) -> tuple[Any, Any]:
    """WGS 84 degrees of the National Grid, longitude first; numbers or arrays."""
    lon, lat = _TO_LONLAT.transform(easting, northing)
    return lon, lat


def from_lonlat(lon: Any, lat: Any) -> tuple[Any, Any]:
    """Easting and northing in metres of WGS 84 degrees, numbers or arrays; infinite if off it."""
    x, y = _FROM_LONLAT.transform(lon, lat)
    return x, y


def lonlat_shapes(shapes: Any) -> Any:
    """An array of shapes in EPSG:27700 as one in WGS 84 degrees, longitude first."""
    return shapely.transform(
        shapes, lambda xy: np.column_stack(_TO_LONLAT.transform(xy[:, 0], xy[:, 1]))
    )
