"""What part of the ground a map shows, as its script asks for it."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.core.geography import from_lonlat

LON, LAT = (-9.0, 3.0), (49.0, 61.5)
"""Great Britain, degrees: there is nothing of ours beyond."""
EDGE_M = 100.0
"""A straight edge on the map is a little bent on the ground."""


def box_in_view(text: str) -> BaseGeometry | None:
    """The box (EPSG:27700) of "west,south,east,north" in degrees; None where it is no such text.

    Examples
    --------
    >>> [int(edge) // 1000 for edge in box_in_view("0.2,51.4,0.3,51.5").bounds]
    [552, 168, 560, 180]
    >>> box_in_view("everywhere") is box_in_view("1,2,nan,4") is None
    True
    """
    try:
        degrees = np.array([float(part) for part in text.split(",")])
    except ValueError:
        return None
    if degrees.shape != (4,) or not np.isfinite(degrees).all():
        return None
    (west, east), (south, north) = degrees[::2].clip(*LON), degrees[1::2].clip(*LAT)
    x, y = from_lonlat(np.array([west, west, east, east]), np.array([south, north, south, north]))
    corners = (x.min() - EDGE_M, y.min() - EDGE_M, x.max() + EDGE_M, y.max() + EDGE_M)
    return shapely.box(*corners)
