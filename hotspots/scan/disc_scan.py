"""Kulldorff's scan over discs: is there anywhere more than chance would put there?

Every disc is centred on a case, and so it is on the simulated maps, so that the Monte Carlo
p-value is exact whatever the shape of the study area (Kulldorff 1997, Communications in
Statistics 26(6), 1481-1496). The usual chain of Gi* and normal p-values is wrong at a borough's
counts.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from scipy.stats import binom

from hotspots.core.errors import ParameterError
from hotspots.core.executors import IN_TURN, Executor, in_parts
from hotspots.geometry.candidates import one_in_each_cell, promising_rows
from hotspots.geometry.cell_index import disc_counts
from hotspots.geometry.tiles import counts_about
from hotspots.scan.largest_ratios import largest_ratios
from hotspots.scan.nulls import Null
from hotspots.stats.likelihood_ratios import FEWEST_CASES, poisson_llr
from hotspots.stats.monte_carlo import gumbel_p_values, pseudo_p_values

BATCH_CASES = 30_000
"""Simulated cases that are counted together: little enough for the processor's cache."""


@dataclass(frozen=True, eq=False)
class DiscScan:
    """Discs that do not overlap, likeliest first.

    Attributes
    ----------
    centre
        (k, 2) centres in metres.
    radius_m, observed, expected, llr
        (k,) radius; cases inside; cases that the null puts into the whole disc; log-likelihood
        ratio.
    p_value, gumbel_p
        (k,) chance of a disc as likely anywhere: from the simulated maps, in (0, 1], and from a
        Gumbel distribution fitted to them; both are the bound where nothing was simulated.
    """

    centre: np.ndarray
    radius_m: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    llr: np.ndarray
    p_value: np.ndarray
    gumbel_p: np.ndarray


def scan_discs(
    cases: np.ndarray,
    null: Null,
    *,
    radii_m: np.ndarray,
    n_simulations: int,
    rng: np.random.Generator,
    min_rate_ratio: float = 1.0,
    executor: Executor = IN_TURN,
) -> DiscScan:
    """Scan discs centred on the cases against cases that fall by chance.

    Parameters
    ----------
    cases
        (n, 2) points inside the area, metres.
    null
        What chance does; made for the same radii.
    radii_m
        (k,) radii to try, ascending, > 0.
    n_simulations
        Maps simulated under the null; 999 gives p-values down to 0.001. 0 simulates nothing and
        uses `bound_p_values`, for a uniform null and a large map: then one case in each square of
        half the smallest radius is a centre, and only where a disc could be significant.
    rng
        Source of the simulations; the same one gives the same result.
    min_rate_ratio
        Discs that hold less than so many times what was expected are left out.
    executor
        Counts the simulated maps, or the tiles of a large one; the result is the same.

    Examples
    --------
    >>> import shapely
    >>> from hotspots.scan.nulls import UniformNull
    >>> rng = np.random.default_rng(1)
    >>> cases = np.vstack([rng.uniform(0, 5000, (90, 2)), rng.normal(2000, 10, (10, 2))])
    >>> null = UniformNull(shapely.box(0, 0, 5000, 5000), np.array([25.0, 50.0]))
    >>> scan = scan_discs(cases, null, radii_m=[25, 50], n_simulations=199, rng=rng)
    >>> int(scan.observed[0]), float(scan.p_value[0])
    (10, 0.005)
    """
    radii = np.asarray(radii_m, dtype=float)
    if len(radii) == 0 or radii[0] <= 0 or (np.diff(radii) <= 0).any():
        raise ParameterError(f"radii_m is {radii_m}: give ascending radii above 0")
    if n_simulations < 0:
        raise ParameterError(f"n_simulations is {n_simulations}: it must be 0 or more")
    n = len(cases)
    if n_simulations or n == 0:
        centres, counts = cases, disc_counts(cases, radii)
    else:
        centres, counts = _crowded(cases, radii, null.shares(cases)[0], min_rate_ratio, executor)
    expected = np.broadcast_to(n * null.shares(centres), counts.shape)
    llr = np.where(counts >= min_rate_ratio * expected, poisson_llr(counts, expected, n), 0.0)
    maxima = simulated_maxima(n, null, radii, n_simulations, rng, executor)
    # A disc below every simulated maximum has p = 1 and can flag nothing.
    row, which = non_overlapping(
        centres, radii, llr, least=maxima.min(initial=np.inf) if n_simulations else 0.0
    )
    chosen = llr[row, which]
    if n_simulations:
        p_value, gumbel_p = pseudo_p_values(chosen, maxima), gumbel_p_values(chosen, maxima)
    else:
        p_value = gumbel_p = bound_p_values(chosen, n, null.shares(cases)[0])
    return DiscScan(
        centres[row],
        radii[which],
        counts[row, which],
        expected[row, which],
        chosen,
        p_value,
        gumbel_p,
    )


def _crowded(
    cases: np.ndarray,
    radii: np.ndarray,
    shares: np.ndarray,
    min_rate_ratio: float,
    executor: Executor,
) -> tuple[np.ndarray, np.ndarray]:
    """Centres about which some disc has a bound below 1, and the cases in their discs."""
    n = len(cases)
    least = np.maximum(_least_notable(n, shares), np.ceil(min_rate_ratio * n * shares))
    rows = promising_rows(cases, radii, least)
    centres = cases[rows][one_in_each_cell(cases[rows], radii[0] / 2)]
    return centres, counts_about(centres, cases, radii, executor)


def _least_notable(n: int, shares: np.ndarray) -> np.ndarray:
    """The fewest cases in a disc of each share that fewer than one disc in chance's map holds."""
    # P(Binomial(n-1, share) > k) ≤ 1/n for the k of isf, so that n P(... ≥ k+1) ≤ 1.
    return np.asarray(np.maximum(binom.isf(1 / n, n - 1, shares) + 2, FEWEST_CASES))


def simulated_maxima(
    n: int,
    null: Null,
    radii: np.ndarray,
    n_simulations: int,
    rng: np.random.Generator,
    executor: Executor = IN_TURN,
) -> np.ndarray:
    """(n_simulations,) the largest ratio on each simulated map of n cases.

    Maps are drawn here, from one generator, and counted wherever the executor sends them.
    """
    if n == 0:
        return np.zeros(n_simulations)
    batch = max(1, BATCH_CASES // n)
    sizes = [min(batch, n_simulations - first) for first in range(0, n_simulations, batch)]
    drawn = ((*null.draw(n * maps, rng), radii, n) for maps in sizes)
    return np.concatenate([np.empty(0), *in_parts(executor, _largest, drawn)])


def _largest(xy: np.ndarray, shares: np.ndarray, radii: np.ndarray, n: int) -> np.ndarray:
    """Of each map of n cases, one after another in ``xy``."""
    maps = len(xy) // n
    if len(shares) == 1:
        return largest_ratios(xy.reshape(maps, n, 2), radii, shares[0])
    counts = disc_counts(xy, radii, np.repeat(np.arange(maps), n))
    return np.asarray(poisson_llr(counts, n * shares, n).reshape(maps, -1).max(axis=1))


def bound_p_values(llr: np.ndarray, n: int, shares: np.ndarray) -> np.ndarray:
    """Upper bounds of the p-values under a uniform null, without a simulation.

    The chance that some case-centred disc holds c cases or more is at most the expected number of
    such discs (Boole's inequality): for each radius n P(Binomial(n-1, share) ≥ c-1). It is loose
    by about the number of cases in the disc times that of the radii, which a real hotspot
    outweighs by far, and costs nothing where a million cases cannot be simulated.

    Parameters
    ----------
    llr
        (k,) ratios.
    n
        Cases.
    shares
        (radii,) share of all cases that a whole disc holds under the null.

    Examples
    --------
    >>> n, share = 10_000, 1e-4
    >>> llr = poisson_llr(np.array([4, 12]), np.full(2, n * share), n)
    >>> bound_p_values(llr, n, np.array([share])).round(3).tolist()  # of 1 expected
    [1.0, 0.0]
    """
    bound = np.zeros(len(llr))
    for share in shares:
        least = _least_counts(llr, n, share)
        bound += n * binom.sf(least - 2, n - 1, share)
    return np.minimum(bound, 1.0)


def _least_counts(llr: np.ndarray, n: int, share: float) -> np.ndarray:
    """The fewest cases whose ratio reaches each value, by bisection; n + 1 where none do."""
    low = np.full(len(llr), FEWEST_CASES - 1)
    high = np.full(len(llr), n + 1)
    while (high - low > 1).any():
        middle = (low + high) // 2
        is_enough = poisson_llr(middle, np.full(len(llr), n * share), n) >= llr * (1 - 1e-9)
        high, low = np.where(is_enough, middle, high), np.where(is_enough, low, middle)
    return high


def non_overlapping(
    cases: np.ndarray, radii: np.ndarray, llr: np.ndarray, *, least: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """The best disc, then the best that does not touch a better one, and so on.

    Ties go to the smaller disc, then to the southernmost and westernmost centre, so that the
    order of rows does not matter.

    Parameters
    ----------
    least
        Discs whose ratio lies below are left out.

    Returns
    -------
    Rows of the centres and of the radii.
    """
    centre, which = np.nonzero((llr > 0) & (llr >= least))
    value = np.round(llr[centre, which], 9)
    order = np.lexsort((cases[centre, 0], cases[centre, 1], which, -value))
    tree = cKDTree(cases) if len(cases) else None
    is_free = np.ones(llr.shape, dtype=bool)
    chosen: list[tuple[int, int]] = []
    for row, column in zip(centre[order].tolist(), which[order].tolist(), strict=True):
        if is_free[row, column] and tree is not None:
            chosen.append((row, column))
            near = tree.query_ball_point(cases[row], (radii[column] + radii[-1]) * (1 + 1e-9))
            gaps = np.hypot(*(cases[near] - cases[row]).T) - radii[column]
            is_free[near] &= gaps[:, None] > radii
    pairs = np.array(chosen, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]
