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


def about_crossings(shapes: BaseGeometry | np.ndarray) -> int:
    """How often sides of shapes cross, reckoned from some of them that lie evenly among all.

    >>> about_crossings(shapely.box(0, 0, 1, 1))
    0
    """
    lines = _lines(shapes)
    corners, line = shapely.get_coordinates(lines, return_index=True)
    goes_on = line[1:] == line[:-1]
    sides = shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1)[goes_on])
    if not len(sides):
        return 0
    some = sides[np.linspace(0, len(sides) - 1, min(_SAMPLE, len(sides))).astype(int)]
    crossed = shapely.STRtree(sides).query(some, predicate="crosses").shape[1]
    return int(crossed * len(sides) // (2 * len(some)))


def _lines(shapes: BaseGeometry | np.ndarray) -> np.ndarray:
    """The rings of polygons, and lines as they are."""
    parts = shapely.get_parts(shapely.get_parts(np.atleast_1d(np.asarray(shapes, dtype=object))))
    is_line = (shapely.get_type_id(parts) == 1) | (shapely.get_type_id(parts) == 2)
    lines: np.ndarray = np.concatenate([shapely.get_rings(parts), parts[is_line]])
    return lines
