"""The likeliest disc of each simulated map, without counting every disc.

Narrow discs hold few points, and are counted pair by pair. A wide disc is counted only where the
boxes about it hold so much that it might be likelier than the likeliest found before.
"""

import numpy as np

from hotspots.geometry.box_counts import BoxCounts
from hotspots.geometry.cell_index import CellIndex, disc_counts
from hotspots.stats.likelihood_ratios import poisson_llr

FEW = 4.0
"""Points in a mean disc up to which it takes less time to measure every pair than to bound."""


def largest_ratios(maps: np.ndarray, radii: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """(m,) the largest log-likelihood ratio of any disc about a point of each map.

    Parameters
    ----------
    maps
        (m, n, 2) points of each map, metres, n ≥ 1.
    radii
        (k,) ascending, > 0; a point at exactly a radius is inside.
    shares
        (k,) share of all points that the null puts into any disc of each radius.

    Examples
    --------
    >>> maps = np.array([[[0.0, 0], [30, 0], [100, 0]], [[0, 0], [200, 0], [100, 0]]])
    >>> largest_ratios(maps, np.array([20, 50]), np.array([0.01, 0.05])).round(3).tolist()
    [4.133, 0.0]
    """
    m, n = maps.shape[:2]
    points, layer = maps.reshape(-1, 2), np.repeat(np.arange(m), n)
    # Points in a disc if they lay evenly in the box around all maps, a wide disc's edge included.
    ground = np.prod([np.ptp(axis) + 2 * radii for axis in points.T], axis=0)
    mean = n * np.pi * radii**2 / ground
    few = max(int((mean <= FEW).sum()), 1)
    counts = disc_counts(points, radii[:few], layer).reshape(m, n, few).max(axis=1)
    largest = poisson_llr(counts, n * shares[:few], n).max(axis=1)
    for column in range(few, len(radii)):
        radius_m = float(radii[column])
        cells = np.ceil(np.sqrt(2 * mean[column]))  # a radius: some six for each point
        side_m = radius_m / cells * (1 + 1e-9)  # the disc's edge, rounded, stays in its box
        bound = BoxCounts(points, side_m, layer, m).within(radius_m)
        ratio = poisson_llr(np.arange(bound.max() + 1), n * shares[column], n)
        rows = np.flatnonzero(ratio[bound] > largest[layer])
        if len(rows):  # the box may hold more than the disc: count these discs alone
            index = CellIndex(points, radius_m, layer)
            held = index.counts(points[rows], radii[column : column + 1], layer[rows])
            np.maximum.at(largest, layer[rows], ratio[held[:, 0]])
    return np.asarray(largest)
