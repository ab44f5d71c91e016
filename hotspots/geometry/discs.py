"""The ground that discs about points cover: their union, from the few discs that bound it."""

import numpy as np
import shapely
from scipy.spatial import Delaunay, QhullError
from shapely.geometry.base import BaseGeometry


def union_of_discs(xy: np.ndarray, radius_m: float, *, quad_segs: int = 16) -> BaseGeometry:
    """The union of discs of one radius, as `shapely.union_all` of their buffers would be.

    A disc bounds the union only where its point is a corner of the Delaunay triangulation's edge,
    or of a triangle whose circumscribed circle is larger than the discs (the alpha shape:
    Edelsbrunner, Kirkpatrick and Seidel 1983, IEEE Transactions on Information Theory 29(4),
    551-559). Of a crowd of a hundred these are some fifteen.

    Parameters
    ----------
    xy
        (n, 2) metres, n ≥ 1.
    radius_m
        Of the discs, > 0.
    quad_segs
        Sides of a quarter of a disc.

    Examples
    --------
    >>> crowd = np.stack(np.meshgrid(np.arange(5.0), np.arange(5.0)), axis=-1).reshape(-1, 2)
    >>> union_of_discs(crowd, 10).bounds
    (-10.0, -10.0, 14.0, 14.0)
    """
    xy = np.asarray(xy, dtype=float)
    bounding, gaps = _alpha_shape(xy, radius_m)
    discs = shapely.buffer(shapely.points(xy[bounding]), radius_m, quad_segs=quad_segs)
    parts = [
        _without_false_holes(part, gaps) for part in shapely.get_parts(shapely.union_all(discs))
    ]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _alpha_shape(xy: np.ndarray, radius_m: float) -> tuple[np.ndarray, np.ndarray]:
    """(n,) whether each point's disc bounds the union, and (g, 2) places that no disc reaches, one
    in every hole."""
    try:
        net = Delaunay(xy)
    except (QhullError, ValueError):  # fewer than three points, or all on one line
        return np.ones(len(xy), dtype=bool), np.empty((0, 2))
    centre, circumradius = _circumcircles(xy[net.simplices])
    is_large = circumradius > radius_m
    bounding = np.zeros(len(xy), dtype=bool)
    bounding[net.simplices[is_large]] = True
    bounding[net.convex_hull] = True
    return bounding, centre[is_large & np.isfinite(circumradius)]


def _circumcircles(triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(t, 2) centres and (t,) radii of (t, 3, 2) triangles; not finite for flat ones."""
    # With one corner in the origin the centre p solves |p|² = |p - b|² = |p - c|², that is
    # 2 p·b = |b|² and 2 p·c = |c|²: Cramer's rule, over twice the cross product b × c.
    corner = triangles[:, 0]
    b, c = triangles[:, 1] - corner, triangles[:, 2] - corner
    b2, c2 = (b * b).sum(axis=1), (c * c).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        half = 0.5 / (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
        x = (c[:, 1] * b2 - b[:, 1] * c2) * half
        y = (b[:, 0] * c2 - c[:, 0] * b2) * half
    radius = np.nan_to_num(np.hypot(x, y), nan=np.inf)
    return corner + np.column_stack([x, y]), radius


def _without_false_holes(part: BaseGeometry, gaps: np.ndarray) -> BaseGeometry:
    """A polygon without the holes that the discs left out would cover.

    All around such a hole are discs that bound the union, so that it is covered wholly or not.
    """
    if not part.interiors:
        return part
    holes = [ring for ring in part.interiors if _holds_any(ring, gaps)]
    return shapely.Polygon(part.exterior, holes)


def _holds_any(ring: BaseGeometry, places: np.ndarray) -> bool:
    return bool(shapely.contains_xy(shapely.Polygon(ring), places).any())
