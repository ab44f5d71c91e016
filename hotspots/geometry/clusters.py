"""Groups of points that are dense together: DBSCAN's definition, exactly (METHOD.md section 4).

A **core** point has at least ``min_points`` points (itself among them) within ``eps_m``; core
points within ``eps_m`` of each other share a cluster; any other point within ``eps_m`` of a core
point is on the **border**. DBSCAN leaves open which of several clusters a border point joins;
here it is that of the nearest core point, so that the order of rows changes nothing.

Fixed parameters percolate along streets as data accumulate: clusters draw outlines, they never
decide what is a hotspot.
"""

import numpy as np
from dbscan import DBSCAN
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from hotspots.core.errors import FrameError, ParameterError

NOISE = -1
TIE = 1e-9
"""Distances that differ by less than this share are equal: a translation moves the last bits."""


def density_clusters(xy: np.ndarray, *, eps_m: float, min_points: int) -> np.ndarray:
    """Label of the density cluster of each point.

    Parameters
    ----------
    xy
        (n, 2) metres, finite; n may be 0.
    eps_m
        Radius of the neighbourhood, > 0; a point at exactly this distance belongs to it.
    min_points
        Points in the neighbourhood of a core point, itself counted, ≥ 1.

    Returns
    -------
    (n,) int64 labels from 0, numbered in the order of each cluster's first core row; -1 is noise.

    References
    ----------
    Ester, Kriegel, Sander and Xu (1996), KDD-96, 226-231. The engine is the algorithm of Wang,
    Gu and Shun (2020), SIGMOD 2020, 2555-2571 (PyPI ``dbscan``).

    Examples
    --------
    >>> import numpy as np
    >>> xy = np.array([[0, 0], [10, 0], [20, 0], [500, 0]])
    >>> density_clusters(xy, eps_m=15, min_points=2)
    array([ 0,  0,  0, -1])
    """
    xy = _checked(xy, eps_m, min_points)
    label, core = _engine(xy, eps_m, min_points)
    return _labelled(xy, np.flatnonzero(core), label[core], eps_m)


def density_clusters_tiled(
    xy: np.ndarray, *, eps_m: float, min_points: int, tile_m: float
) -> np.ndarray:
    """The same labels, found tile by tile.

    Each tile is clustered with a halo of 2 ``eps_m``: that settles which points within ``eps_m``
    of the tile are core, hence every link between two core points is seen by some tile. Clusters
    of tiles that share a core point are one.

    Parameters
    ----------
    tile_m
        Side of a square tile, at least 2 ``eps_m``. The others are as in `density_clusters`.
    """
    xy = _checked(xy, eps_m, min_points)
    if not tile_m >= 2 * eps_m:
        raise ParameterError(f"tile_m is {tile_m}: it must be at least 2 × eps_m ({2 * eps_m})")
    points, groups, offset = [], [], 0
    for rows in _tiles(xy, tile_m, 2 * eps_m):
        label, core = _engine(xy[rows], eps_m, min_points)
        points.append(rows[core])
        groups.append(label[core] + offset)
        offset += int(label.max(initial=NOISE)) + 1
    if offset == 0:
        return np.full(len(xy), NOISE)
    point, group = np.concatenate(points), np.concatenate(groups)
    core_rows, at = np.unique(point, return_inverse=True)
    return _labelled(xy, core_rows, _united(at, group, len(core_rows), offset), eps_m)


def split_at_valleys(
    xy: np.ndarray, *, max_width_m: float = 300.0, bandwidth_m: float = 25.0
) -> np.ndarray:
    """Cut a region that is too wide for two officers to stand in where it is thinnest.

    A region wider than ``max_width_m`` along its longest (principal) axis is cut across that axis
    at the lowest point of its density, in the middle half of its width; so are the parts, until
    all are narrow enough.

    Parameters
    ----------
    xy
        (n, 2) metres: the points of one region.
    max_width_m
        Greatest width of a part, > 0.
    bandwidth_m
        Standard deviation of the Gaussian that smooths the density along the axis, > 0.

    Returns
    -------
    (n,) int64 labels from 0, ordered along the cuts.

    Examples
    --------
    >>> import numpy as np
    >>> xy = np.array([[0, 0], [20, 0], [40, 0], [330, 0], [350, 0], [370, 0]])
    >>> split_at_valleys(xy)
    array([0, 0, 0, 1, 1, 1])
    """
    xy = _checked(xy, max_width_m, 1, length="max_width_m")
    if not bandwidth_m > 0:
        raise ParameterError(f"bandwidth_m is {bandwidth_m}: it must be above 0")
    label = np.zeros(len(xy), dtype=np.int64)
    waiting, parts = [np.arange(len(xy))] if len(xy) else [], 0
    while waiting:
        rows = waiting.pop()
        along = _along_axis(xy[rows])
        if np.ptp(along) <= max_width_m:
            label[rows] = parts
            parts += 1
            continue
        below = along < _valley(along, bandwidth_m)
        waiting += [rows[~below], rows[below]]
    return label


def _checked(xy: np.ndarray, radius_m: float, min_points: int, length: str = "eps_m") -> np.ndarray:
    xy = np.asarray(xy, dtype=float)
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise FrameError(f"xy has shape {xy.shape}: give (n, 2) coordinates in metres")
    if not np.isfinite(xy).all():
        raise FrameError("xy has coordinates that are not finite: drop them first")
    if not 0 < radius_m < np.inf:
        raise ParameterError(f"{length} is {radius_m}: it must be above 0")
    if not min_points >= 1:
        raise ParameterError(f"min_points is {min_points}: it must be at least 1")
    # Small numbers keep more of a distance's last bits, wherever the map's origin lies.
    return xy - np.round(xy.min(axis=0)) if len(xy) else xy


def _engine(xy: np.ndarray, eps_m: float, min_points: int) -> tuple[np.ndarray, np.ndarray]:
    if len(xy) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
    label, core = DBSCAN(np.ascontiguousarray(xy), eps=float(eps_m), min_samples=int(min_points))
    return np.asarray(label, dtype=np.int64), np.asarray(core, dtype=bool)


def _labelled(
    xy: np.ndarray, core_rows: np.ndarray, cluster: np.ndarray, eps_m: float
) -> np.ndarray:
    """Labels of all points from those of the core points, renumbered by first core row."""
    label = np.full(len(xy), NOISE, dtype=np.int64)
    if len(core_rows) == 0:
        return label
    _, first, inverse = np.unique(cluster, return_index=True, return_inverse=True)
    label[core_rows] = np.argsort(np.argsort(first))[inverse]
    rest = np.flatnonzero(label == NOISE)
    # Cores in an order of their own: of several that are equally near, the first in it decides.
    cores = core_rows[np.lexsort((xy[core_rows, 0], xy[core_rows, 1]))]
    tree = cKDTree(xy[cores])
    apart_m, nearest = tree.query(xy[rest], k=2, distance_upper_bound=eps_m * 1.001)
    border, apart_m = apart_m[:, 0] <= eps_m, apart_m[apart_m[:, 0] <= eps_m]
    chosen = nearest[border, 0]
    tied = np.flatnonzero(apart_m[:, 1] <= apart_m[:, 0] * (1 + TIE))
    reach = apart_m[tied, 0] * (1 + TIE)
    chosen[tied] = [min(near) for near in tree.query_ball_point(xy[rest[border][tied]], reach)]
    label[rest[border]] = label[cores[chosen]]
    return label


def _united(point: np.ndarray, group: np.ndarray, n_points: int, n_groups: int) -> np.ndarray:
    """Component of each point in the graph whose edges say "this point is in this group"."""
    size = n_points + n_groups
    edges = coo_array((np.ones(len(point), dtype=bool), (point, group + n_points)), (size, size))
    return np.asarray(connected_components(edges, directed=False)[1][:n_points])


def _tiles(xy: np.ndarray, tile_m: float, halo_m: float) -> list[np.ndarray]:
    """Rows in each occupied tile and its halo."""
    tile = np.floor(xy / tile_m).astype(np.int64)
    order = np.lexsort((tile[:, 1], tile[:, 0]))
    names, start = np.unique(tile[order], axis=0, return_index=True)
    rows_of = dict(
        zip(map(tuple, names.tolist()), np.split(order, start[1:]), strict=True)
        if len(names)
        else ()
    )
    tiles = []
    for column, row in rows_of:
        around = [(column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        rows = np.concatenate([rows_of[name] for name in around if name in rows_of])
        low = np.array([column, row]) * tile_m - halo_m
        near = ((xy[rows] >= low) & (xy[rows] <= low + tile_m + 2 * halo_m)).all(axis=1)
        tiles.append(np.sort(rows[near]))
    return tiles


def _along_axis(xy: np.ndarray) -> np.ndarray:
    """Position of each point along the direction in which they spread the most."""
    centred = xy - xy.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axis = axes[:, -1]
    # An eigenvector has no sign of its own: point it east, or else north.
    east = axis[0] if abs(axis[0]) > 1e-9 else axis[1]
    return np.asarray(centred @ (axis * np.sign(east)))


def _valley(along: np.ndarray, bandwidth_m: float) -> float:
    """Where the density along a line is lowest, in the middle half of its length.

    Equal lows (a gap without points) are cut in their middle.
    """
    low, high = along.min(), along.max()
    quarter = (high - low) / 4
    places = np.linspace(low + quarter, high - quarter, 201)
    density = np.array([np.exp(-(((along - p) / bandwidth_m) ** 2) / 2).sum() for p in places])
    lowest = np.flatnonzero(density <= density.min() + 1e-9)
    return float(places[lowest].mean())
