"""Polygons whose rings cross are mended; but not those that cross themselves without end."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

MOST_CROSSINGS = 200_000
"""A digitiser's slips are a few; a star of 5,000 corners has millions, which take minutes."""
_SAMPLE = 64


def is_tangled(shape: BaseGeometry) -> bool:
    """Whether a shape crosses itself more often than can be mended."""
    return not shapely.is_valid(shape) and about_crossings(shape) > MOST_CROSSINGS


def about_crossings(shape: BaseGeometry) -> int:
    """How often a shape's sides cross, reckoned from some of them that lie evenly among all.

    Where one ring ends and the next begins a side too many is counted, which is no matter here.

    >>> about_crossings(shapely.box(0, 0, 1, 1))
    0
    """
    corners = shapely.get_coordinates(shape)
    sides = shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1))
    some = sides[np.linspace(0, len(sides) - 1, min(_SAMPLE, len(sides))).astype(int)]
    crossed = sum(int(shapely.crosses(side, sides).sum()) for side in some)
    return crossed * len(sides) // max(1, 2 * len(some))
