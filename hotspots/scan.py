"""Kulldorff's scan over discs: is there anywhere more than chance would put there?

Every disc is centred on a case, so the counts under the null are simulated in the same way, and
the Monte Carlo p-value is exact whatever the shape of the study area: the same statistic of the
same number of cases thrown uniformly over it (Kulldorff 1997, Communications in Statistics
26(6), 1481-1496). The usual chain of Gi* and normal p-values is wrong at a borough's counts.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from hotspots.errors import ParameterError


@dataclass(frozen=True, eq=False)
class DiscScan:
    """Discs that do not overlap, likeliest first.

    Attributes
    ----------
    centre
        (k,) row of the case at the centre of each disc.
    radius_m, observed, expected, llr, p_value
        (k,) radius; cases inside; cases expected in the whole disc under the null; log-likelihood
        ratio; pseudo p-value against the largest ratio anywhere, in (0, 1].
    maxima
        (n_simulations,) the largest ratio of each simulated map.
    """

    centre: np.ndarray
    radius_m: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    llr: np.ndarray
    p_value: np.ndarray
    maxima: np.ndarray


def scan_discs(
    cases: np.ndarray,
    area: BaseGeometry,
    *,
    radii_m: tuple[float, ...],
    n_simulations: int,
    rng: np.random.Generator,
) -> DiscScan:
    """Scan discs centred on the cases against cases spread uniformly over the area.

    Parameters
    ----------
    cases
        (n, 2) points inside the area, metres.
    area
        The study area, metres.
    radii_m
        Radii to try, > 0.
    n_simulations
        Maps simulated under the null, ≥ 1; 999 gives p-values down to 0.001.
    rng
        Source of the simulations; the same one gives the same result.
    """
    if not radii_m or min(radii_m) <= 0:
        raise ParameterError(f"radii_m is {radii_m}: give radii above 0")
    if n_simulations < 1:
        raise ParameterError(f"n_simulations is {n_simulations}: it must be at least 1")
    radii = np.sort(np.asarray(radii_m, dtype=float))
    n = len(cases)
    expected = n * np.minimum(np.pi * radii**2 / area.area, 1.0)
    ratios = poisson_llr(np.arange(n + 1)[:, None], expected, n)
    maxima = np.array(
        [
            _largest(uniform_points(area, n, rng), radii, ratios) if n else 0.0
            for _ in range(n_simulations)
        ]
    )
    counts = disc_counts(cases, radii)
    llr = np.take_along_axis(ratios, counts, axis=0)
    centre, which = _non_overlapping(cases, radii, llr)
    chosen = llr[centre, which]
    # A simulated map that ties with the observed one is as extreme: counts are whole numbers.
    reached = maxima[:, None] >= chosen - 1e-9 * np.maximum(1.0, chosen)
    return DiscScan(
        centre,
        radii[which],
        counts[centre, which],
        expected[which],
        chosen,
        (1 + reached.sum(axis=0)) / (n_simulations + 1),
        maxima,
    )


def poisson_llr(observed: np.ndarray, expected: np.ndarray, total: int) -> np.ndarray:
    """Log-likelihood ratio of a Poisson window, 0 where no more than expected lies inside.

    Source: Kulldorff (1997): n ln(n/e) + (N-n) ln((N-n)/(N-e)).
    """
    n, e = np.broadcast_arrays(np.asarray(observed, dtype=float), np.asarray(expected, dtype=float))
    rest, rest_expected = total - n, total - e
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(n > 0, n * np.log(n / e), 0.0)
        outside = np.where(rest > 0, rest * np.log(rest / rest_expected), 0.0)
    return np.where(n > e, inside + outside, 0.0)


def disc_counts(points: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """(n, k) points within each radius of each point, itself included; radii ascending."""
    if len(points) == 0:
        return np.zeros((0, len(radii)), dtype=np.int64)
    pairs = cKDTree(points).query_pairs(radii[-1], output_type="ndarray")
    distance = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    ring = np.searchsorted(radii, distance)
    near = ring < len(radii)  # rounding may put a pair just beyond the largest radius
    ring, pairs = ring[near], pairs[near]
    flat = (pairs * len(radii) + ring[:, None]).ravel()
    rings = np.bincount(flat, minlength=len(points) * len(radii))
    counts: np.ndarray = 1 + rings.reshape(len(points), len(radii)).cumsum(axis=1)
    return counts


def uniform_points(area: BaseGeometry, n: int, rng: np.random.Generator) -> np.ndarray:
    """(n, 2) points uniform over a polygon, by rejection from its box."""
    shapely.prepare(area)
    min_x, min_y, max_x, max_y = area.bounds
    share = area.area / ((max_x - min_x) * (max_y - min_y))
    kept = np.empty((0, 2))
    while len(kept) < n:
        tries = int((n - len(kept)) / share * 1.1) + 16
        points = rng.uniform((min_x, min_y), (max_x, max_y), (tries, 2))
        kept = np.concatenate([kept, points[shapely.contains_xy(area, points)]])
    return kept[:n]


def _largest(points: np.ndarray, radii: np.ndarray, ratios: np.ndarray) -> float:
    fullest = disc_counts(points, radii).max(axis=0)
    return float(ratios[fullest, np.arange(len(radii))].max())


def _non_overlapping(
    cases: np.ndarray, radii: np.ndarray, llr: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The best disc, then the best that does not touch a better one, and so on.

    Ties go to the smaller disc, then to the southernmost and westernmost centre, so that the
    order of rows does not matter.
    """
    if len(cases) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    centre, which = np.nonzero(llr > 0)
    value = np.round(llr[centre, which], 9)
    order = np.lexsort((cases[centre, 0], cases[centre, 1], which, -value))
    tree = cKDTree(cases)
    is_free = np.ones(llr.shape, dtype=bool)
    chosen: list[tuple[int, int]] = []
    for row, column in zip(centre[order].tolist(), which[order].tolist(), strict=True):
        if is_free[row, column]:
            chosen.append((row, column))
            near = tree.query_ball_point(cases[row], (radii[column] + radii[-1]) * (1 + 1e-9))
            gaps = np.hypot(*(cases[near] - cases[row]).T) - radii[column]
            is_free[near] &= gaps[:, None] > radii
    found = np.array(chosen, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
