"""The ground that a hotspot covers: an outline, a centre in it, and how far it reaches."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.core.errors import FrameError, ParameterError
from hotspots.geometry.candidates import one_in_each_cell
from hotspots.geometry.discs import union_of_discs


def outline(
    xy: np.ndarray,
    area: BaseGeometry | None = None,
    *,
    buffer_m: float = 25.0,
    smooth_m: float = 15.0,
) -> BaseGeometry:
    """Smoothed buffer of a hotspot's incidents, clipped to the study area.

    Where many lie together, one in each square of a fifth of the buffer stands for them.

    Parameters
    ----------
    xy
        (n, 2) metres, n ≥ 1: the incidents.
    area
        Polygon or multipolygon to clip to, same CRS; None clips nothing.
    buffer_m
        Ground around each incident, > 0.
    smooth_m
        Gaps and notches narrower than twice this are filled, ≥ 0.

    Returns
    -------
    A valid, non-empty polygon, or a multipolygon where incidents lie far apart.

    Raises
    ------
    FrameError
        No incidents, or none within ``buffer_m`` of the area.

    Examples
    --------
    >>> import numpy as np
    >>> round(outline(np.array([[0.0, 0.0], [10.0, 0.0]]), smooth_m=0).bounds[2])
    35
    """
    if len(xy) == 0:
        raise FrameError("there are no incidents to outline: give at least one")
    if not buffer_m > 0 or not smooth_m >= 0:
        raise ParameterError(
            f"buffer_m is {buffer_m} and smooth_m {smooth_m}: they must be above 0 and at least 0"
        )
    # Closing (out, then back in) fills what a person on the ground would not see as a gap.
    points = np.asarray(xy, dtype=float)
    points = points[one_in_each_cell(points, buffer_m / 5)]
    shape = union_of_discs(points, buffer_m + smooth_m).buffer(-smooth_m)
    if area is None or shapely.contains_properly(area, shape):
        return shape
    parts = shapely.get_parts(shapely.intersection(shape, area))
    clipped = shapely.union_all([part for part in parts if part.area > 0])
    if clipped.is_empty:
        raise FrameError(
            f"none of {len(xy)} incidents lies within {buffer_m} m of the study area: "
            "check that both are in one CRS"
        )
    return clipped


def centre(xy: np.ndarray, shape: BaseGeometry) -> np.ndarray:
    """(2,) a place inside the outline: the mean of the incidents, or else what is nearest to it.

    The mean of a bent street's incidents may lie in a river; then the centre is the incident
    nearest to the mean, and if that lies outside too, some point inside.
    """
    xy = np.asarray(xy, dtype=float)
    mean = xy.mean(axis=0)
    if shapely.contains_xy(shape, *mean):
        return np.asarray(mean)
    by_nearness = xy[np.lexsort((xy[:, 1], xy[:, 0], np.hypot(*(xy - mean).T)))]
    inside = shapely.contains_xy(shape, by_nearness)
    if inside.any():
        return np.asarray(by_nearness[inside.argmax()])
    return np.asarray(shapely.get_coordinates(shape.representative_point())[0])


def first_holding(outlines: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """(n,) position of the first outline that holds each point, its edge included; -1 where none.

    Parameters
    ----------
    outlines
        (k,) polygons or multipolygons, which may overlap.
    xy
        (n, 2) metres.

    Examples
    --------
    >>> squares = np.array([shapely.box(0, 0, 10, 10), shapely.box(5, 0, 20, 10)])
    >>> first_holding(squares, np.array([[7, 5], [15, 5], [30, 5]])).tolist()
    [0, 1, -1]
    """
    label = np.full(len(xy), -1)
    order = np.argsort(xy[:, 0])
    x, y = xy[order].T.copy()
    # Points sorted by x: those in an outline's box are one stretch of them, cut by y.
    west, south, east, north = shapely.bounds(outlines).reshape(-1, 4).T
    first, last = np.searchsorted(x, west), np.searchsorted(x, east, side="right")
    for at in reversed(range(len(outlines))):  # of several, the first is written last
        strip = slice(first[at], last[at])
        near = first[at] + np.flatnonzero((y[strip] >= south[at]) & (y[strip] <= north[at]))
        inside = near[shapely.intersects_xy(outlines[at], x[near], y[near])]
        label[order[inside]] = at
    return label
