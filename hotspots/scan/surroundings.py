"""Is a place more than its own surroundings lead one to expect? Exact counts, no simulated maps.

People live, park and dump in towns: against an even plane every ordinary street stands out. Here
each disc is held against the cases round about it, its own ground left out, and against how much
ordinary places of this very map differ from their surroundings.

With N cases in the surroundings (Gaussian weights, none within the widest disc) and X square metres
or exposure there, a disc with m of these expects e = m (N + ½) / X, gamma-distributed. It varies by

    1 / (N + ½)   since the surroundings are a sample (Jeffreys' prior), and
    φ             since no street is like the next: the dispersion of this map's places.

A disc about a case is chosen by it, so that the others in it are negative binomial of shape a + 1
with 1/a = φ + 1 / (N + ½) (the size-biased gamma). φ is fitted to places that do not overlap, from
the counts up to their 90 % quantile alone: the hotspots that are looked for must not be what
defines ordinary. Its upper confidence limit is used. The chance that any disc about any case goes
so far is bounded by Boole's inequality.

Sources: Kulldorff (1997) for the discs; Clayton and Kaldor (1987), Biometrics 43(3), 671-681, for
gamma-Poisson rates; Efron (2004), Journal of the American Statistical Association 99(465), 96-104,
for what is ordinary learnt from the bulk.
"""

import numpy as np
from scipy.stats import nbinom
from shapely.geometry.base import BaseGeometry

from hotspots.core.executors import IN_TURN, Executor
from hotspots.geometry.candidates import one_in_each_cell
from hotspots.geometry.tiles import counts_about
from hotspots.scan.disc_scan import DiscScan, non_overlapping
from hotspots.scan.dispersion import dispersions
from hotspots.scan.ground import Exposure, Ground
from hotspots.stats.likelihood_ratios import poisson_llr

FEWEST_OTHERS = 2
EVERY_CASE = 20_000
"""Up to so many cases each is a centre; above, one in each square of half the smallest radius."""
NARROWEST_HOLE_M = 150.0


def scan_surroundings(
    cases: np.ndarray,
    area: BaseGeometry,
    *,
    radii_m: np.ndarray,
    exposure: Exposure | None = None,
    min_rate_ratio: float = 1.0,
    rng: np.random.Generator,
    executor: Executor = IN_TURN,
) -> DiscScan:
    """Scan discs centred on the cases against what the surroundings of each lead one to expect.

    Parameters
    ----------
    cases
        (n, 2) points inside the area, metres.
    area
        The study area: beyond it nothing is known, and nothing is expected.
    radii_m
        (k,) radii to try, ascending, > 0.
    exposure
        What cases fall on in proportion, inside the area; every square metre alike where None.
    min_rate_ratio
        Discs that hold less than so many times what was expected are left out.
    rng
        Chooses the places that the dispersion is learnt from; the same one gives the same result.
    executor
        Counts tile by tile; the result is the same.

    Returns
    -------
    DiscScan
        ``expected`` by the surroundings alone; ``p_value`` the bound, which ``gumbel_p`` repeats.

    Examples
    --------
    >>> import shapely
    >>> rng = np.random.default_rng(1)
    >>> cases = np.vstack([rng.uniform(0, 5000, (90, 2)), rng.normal(2000, 10, (10, 2))])
    >>> town = shapely.box(0, 0, 5000, 5000)
    >>> scan = scan_surroundings(cases, town, radii_m=np.array([25.0, 50.0]), rng=rng)
    >>> int(scan.observed[0]), bool(scan.p_value[0] < 0.001)
    (10, True)
    """
    radii = np.asarray(radii_m, dtype=float)
    if len(cases) == 0:
        nothing = np.empty(0)
        return DiscScan(np.empty((0, 2)), nothing, nothing, nothing, nothing, nothing, nothing)
    ground = Ground(area, cases, exposure, max(float(radii[-1]), NARROWEST_HOLE_M))
    centres = cases
    if len(cases) > EVERY_CASE:
        centres = cases[one_in_each_cell(cases, radii[0] / 2)]
    counts = counts_about(centres, cases, radii, executor)
    around = ground.surroundings(centres)
    expected = around.rate[:, None] * ground.in_discs(centres, radii, executor)
    dispersion = dispersions(centres, counts, expected, around.near, radii, rng, executor)
    p_value = p_values_of_others(counts, expected, around.near, dispersion, min_rate_ratio)
    bound, strength = bounded(p_value, len(cases))
    row, which = non_overlapping(centres, radii, strength)
    observed, e = counts[row, which], expected[row, which]
    llr = poisson_llr(observed, e, len(cases))
    p = np.maximum(bound[row, which], 1e-300)
    return DiscScan(centres[row], radii[which], observed, e, llr, p, p)


def expected_by_surroundings(
    cases: np.ndarray,
    area: BaseGeometry,
    centres: np.ndarray,
    *,
    radius_m: float,
    widest_m: float,
    exposure: Exposure | None = None,
) -> np.ndarray:
    """(c,) cases within a radius of points that their surroundings lead one to expect.

    Parameters
    ----------
    cases, area, exposure
        As ``scan_surroundings`` has them.
    centres
        (c, 2) points in metres.
    widest_m
        The largest radius that is scanned: nothing that near belongs to the surroundings.
    """
    ground = Ground(area, cases, exposure, max(widest_m, NARROWEST_HOLE_M))
    around = ground.surroundings(centres)
    return np.asarray(around.rate * ground.in_discs(centres, np.array([radius_m]))[:, 0])


def bounded(p_value: np.ndarray, n_cases: int) -> tuple[np.ndarray, np.ndarray]:
    """Boole's bound over all cases and radii (n, k), and how strongly it speaks; 0 not at all."""
    bound = np.minimum(p_value * n_cases * p_value.shape[1], 1.0)
    return bound, np.where(bound < 1, -np.log(np.maximum(bound, 1e-300)), 0.0)


def p_values_of_others(
    counts: np.ndarray,
    expected: np.ndarray,
    near: np.ndarray,
    dispersion: np.ndarray,
    min_rate_ratio: float,
) -> np.ndarray:
    """(n, k) chance of as many others in the disc of an ordinary case; 1 where none is asked."""
    others = counts - 1
    p_value = np.ones(counts.shape)
    is_asked = (others >= FEWEST_OTHERS) & (counts >= min_rate_ratio * expected)
    row, which = np.nonzero(is_asked)
    shape = 1 / (dispersion[which] + 1 / (near[row] + 0.5))
    p_value[row, which] = nbinom.sf(
        others[row, which] - 1, shape + 1, shape / (shape + expected[row, which])
    )
    return p_value
