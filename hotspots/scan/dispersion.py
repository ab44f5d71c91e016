"""How much ordinary places of a map differ from their surroundings.

Learnt from places that do not overlap, and from their counts up to a quantile alone, so that the
hotspots that are looked for are not what defines ordinary.
"""

import numpy as np
from scipy.spatial import cKDTree
from scipy.stats import nbinom

from hotspots.core.executors import IN_TURN, Executor, in_parts

BULK = 0.9
"""Quantile of the counts up to which a place may be ordinary."""
DROP = 1.35
"""Fall of the log-likelihood to the one-sided 95 % limit: half of χ² of one degree at 90 %."""
DISPERSIONS = np.geomspace(0.01, 100, 33)
LEVELS = np.geomspace(0.4, 2.5, 9)
"""Of the places' own mean against that of their surroundings."""
MOST_PLACES = 5_000
"""Cases that it is learnt from: more would only sharpen it."""


def dispersions(
    xy: np.ndarray,
    counts: np.ndarray,
    expected: np.ndarray,
    near: np.ndarray,
    radii: np.ndarray,
    rng: np.random.Generator,
    executor: Executor = IN_TURN,
) -> np.ndarray:
    """(k,) how much ordinary places differ from their surroundings, by radius."""
    order = rng.permutation(np.lexsort((xy[:, 1], xy[:, 0])))[:MOST_PLACES]
    at, others, e = xy[order], counts[order] - 1, expected[order]
    columns = (
        (at, others[:, column], e[:, column], near[order], radius)
        for column, radius in enumerate(radii.tolist())
    )
    estimates = np.array(list(in_parts(executor, _of_radius, columns)))
    # A wider disc averages what narrower ones hold, and varies less: so does its estimate.
    return np.maximum.accumulate(estimates[::-1])[::-1]


def _of_radius(
    xy: np.ndarray, others: np.ndarray, expected: np.ndarray, near: np.ndarray, radius_m: float
) -> float:
    rows = _apart(xy, 2 * radius_m)
    return dispersion(others[rows], expected[rows], near[rows])


def _apart(xy: np.ndarray, distance_m: float) -> np.ndarray:
    """Positions of points of which none is within a distance of an earlier one."""
    tree = cKDTree(xy)
    is_free = np.ones(len(xy), dtype=bool)
    chosen = []
    for at in range(len(xy)):
        if is_free[at]:
            chosen.append(at)
            is_free[tree.query_ball_point(xy[at], distance_m)] = False
    return np.array(chosen, dtype=np.int64)


def dispersion(others: np.ndarray, expected: np.ndarray, near: np.ndarray) -> float:
    """Upper limit of φ, from counts up to their quantile: a truncated profile likelihood.

    The mean is free: what the hotspots add to their neighbours' surroundings must not look like
    ground that differs from place to place.
    """
    top = max(float(np.quantile(others, BULK)), 1.0)
    kept = others <= top
    n, e, sampling = others[kept], expected[kept], 1 / (near[kept] + 0.5)
    shape = 1 / (DISPERSIONS[:, None] + sampling)
    profile = np.full(len(DISPERSIONS), -np.inf)
    for level in LEVELS:
        chance = shape / (shape + level * e)
        fit = nbinom.logpmf(n, shape + 1, chance) - nbinom.logcdf(top, shape + 1, chance)
        profile = np.maximum(profile, fit.sum(axis=1))
    best = int(profile.argmax())
    is_likely = profile[best:] >= profile[best] - DROP
    return float(DISPERSIONS[best + np.flatnonzero(is_likely)[-1]])
