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

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from scipy.signal import fftconvolve
from scipy.spatial import cKDTree
from scipy.stats import nbinom
from shapely.geometry.base import BaseGeometry

from hotspots.geometry.candidates import one_in_each_cell
from hotspots.geometry.cell_index import CellIndex
from hotspots.scan.disc_scan import DiscScan, non_overlapping
from hotspots.stats.likelihood_ratios import poisson_llr

WIDTHS_M = (250.0, 400.0, 700.0, 1_200.0, 2_000.0)
"""Standard deviations of the surroundings that are tried, narrowest first."""
LEAST_NEAR = 10.0
"""Cases that surroundings must hold; else wider ones are taken."""
BULK = 0.9
"""Quantile of the counts up to which a place may be ordinary."""
DROP = 1.35
"""Fall of the log-likelihood to the one-sided 95 % limit: half of χ² of one degree at 90 %."""
DISPERSIONS = np.geomspace(0.01, 100, 33)
LEVELS = np.geomspace(0.4, 2.5, 9)
"""Of the places' own mean against that of their surroundings."""
FEWEST_OTHERS = 2
MOST_PLACES = 20_000
"""Cases that the dispersion is learnt from: more would only sharpen it."""
MOST_CELLS = 1_000_000
LEAST_CELL_M = 50.0
NARROWEST_HOLE_M = 150.0
ANYWHERE = 0.05
"""Share of the exposure that is spread evenly over the land: no place is impossible."""


class Exposure(NamedTuple):
    """What cases fall on: (m, 2) points in metres and (m,) weights, 0 or more, some above 0."""

    sites: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What the surroundings of cases lead one to expect.

    Attributes
    ----------
    rate
        (n,) cases per unit of exposure (m² where there is none) round about each case.
    near
        (n,) cases that this rests on.
    width_m
        (n,) standard deviation of the surroundings taken.
    """

    rate: np.ndarray
    near: np.ndarray
    width_m: np.ndarray


def scan_surroundings(
    cases: np.ndarray,
    area: BaseGeometry,
    *,
    radii_m: np.ndarray,
    exposure: Exposure | None = None,
    min_rate_ratio: float = 1.0,
    rng: np.random.Generator,
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

    Returns
    -------
    DiscScan
        ``expected`` by the surroundings alone; ``p_value`` the bound, which ``gumbel_p`` repeats.

    Examples
    --------
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
    ground = _Ground(area, cases, exposure, max(float(radii[-1]), NARROWEST_HOLE_M))
    centres = cases
    if len(cases) > MOST_PLACES:
        centres = cases[one_in_each_cell(cases, radii[0] / 2)]
    counts = CellIndex(cases, float(radii[-1])).counts(centres, radii)
    around = ground.surroundings(centres)
    expected = around.rate[:, None] * ground.in_discs(centres, radii)
    dispersion = _dispersions(centres, counts, expected, around.near, radii, rng)
    p_value = _p_values(counts, expected, around.near, dispersion, min_rate_ratio)
    bound = np.minimum(p_value * len(cases) * len(radii), 1.0)
    strength = np.where(bound < 1, -np.log(np.maximum(bound, 1e-300)), 0.0)
    row, which = non_overlapping(centres, radii, strength)
    observed, e = counts[row, which], expected[row, which]
    llr = poisson_llr(observed, e, len(cases))
    p = np.maximum(bound[row, which], 1e-300)
    return DiscScan(centres[row], radii[which], observed, e, llr, p, p)


def _p_values(
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


def _dispersions(
    xy: np.ndarray,
    counts: np.ndarray,
    expected: np.ndarray,
    near: np.ndarray,
    radii: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """(k,) how much ordinary places differ from their surroundings, by radius."""
    order = rng.permutation(np.lexsort((xy[:, 1], xy[:, 0])))[:MOST_PLACES]
    found = np.empty(len(radii))
    for column, radius in enumerate(radii):
        rows = order[_apart(xy[order], 2 * radius)]
        found[column] = _dispersion(counts[rows, column] - 1, expected[rows, column], near[rows])
    # A wider disc averages what narrower ones hold, and varies less: so does its estimate.
    return np.maximum.accumulate(found[::-1])[::-1]


def _apart(xy: np.ndarray, distance_m: float) -> np.ndarray:
    """Positions of points of which none is within a distance of an earlier one."""
    tree = cKDTree(xy)
    is_free = np.ones(len(xy), dtype=bool)
    kept = []
    for at in range(len(xy)):
        if is_free[at]:
            kept.append(at)
            is_free[tree.query_ball_point(xy[at], distance_m)] = False
    return np.array(kept, dtype=np.int64)


def _dispersion(others: np.ndarray, expected: np.ndarray, near: np.ndarray) -> float:
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


class _Ground:
    """Cases and exposure on a raster with the area's origin: moved ground changes nothing."""

    def __init__(
        self, area: BaseGeometry, cases: np.ndarray, exposure: Exposure | None, hole_m: float
    ) -> None:
        west, south, east, north = area.bounds
        self._origin = np.array([west, south])
        size = (east - west) * (north - south)
        self._cell_m = max(LEAST_CELL_M, float(np.sqrt(size / MOST_CELLS)))
        columns, rows = (
            int(np.ceil(span / self._cell_m)) + 1 for span in (east - west, north - south)
        )
        self._shape = rows, columns
        self._hole_m = hole_m
        self._cases = self._raster(cases, np.ones(len(cases)))
        self._land = self._land_m2(area)
        self._exposure = None
        self._mass = self._land
        self._per_m2 = 1.0
        if exposure is not None:
            share = exposure.weights * (1 - ANYWHERE) / exposure.weights.sum()
            self._per_m2 = ANYWHERE / area.area
            self._exposure = Exposure(exposure.sites, share)
            self._mass = self._raster(exposure.sites, share) + self._per_m2 * self._land

    def _cells(self, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        column, row = np.floor((xy - self._origin) / self._cell_m).astype(np.int64).T
        return np.clip(row, 0, self._shape[0] - 1), np.clip(column, 0, self._shape[1] - 1)

    def _raster(self, xy: np.ndarray, weights: np.ndarray) -> np.ndarray:
        raster = np.zeros(self._shape)
        np.add.at(raster, self._cells(xy), weights)
        return raster

    def _land_m2(self, area: BaseGeometry) -> np.ndarray:
        """Square metres of the area in each cell: all or nothing, by its middle."""
        rows, columns = np.indices(self._shape)
        x = self._origin[0] + (columns + 0.5) * self._cell_m
        y = self._origin[1] + (rows + 0.5) * self._cell_m
        shapely.prepare(area)
        return np.where(shapely.contains_xy(area, x, y), self._cell_m**2, 0.0)

    def surroundings(self, xy: np.ndarray) -> Surroundings:
        """Of points: the narrowest surroundings with cases enough, else the widest."""
        at = self._cells(xy)
        rate, near, width = np.zeros(len(xy)), np.zeros(len(xy)), np.zeros(len(xy))
        is_open = np.ones(len(xy), dtype=bool)
        for width_m in WIDTHS_M:
            kernel = self._kernel(width_m)
            held = np.maximum(fftconvolve(self._cases, kernel, mode="same"), 0.0)[at]
            mass = np.maximum(fftconvolve(self._mass, kernel, mode="same"), 0.0)[at]
            least = self._cell_m**2 * self._per_m2
            is_taken = is_open & ((held >= LEAST_NEAR) | (width_m == WIDTHS_M[-1]))
            near[is_taken] = held[is_taken]
            rate[is_taken] = (held[is_taken] + 0.5) / np.maximum(mass[is_taken], least)
            width[is_taken] = width_m
            is_open &= ~is_taken
        return Surroundings(rate, near, width)

    def _kernel(self, width_m: float) -> np.ndarray:
        """Gaussian weights, 1 in the middle, with a hole for the disc that is asked about."""
        reach = int(np.ceil(3 * width_m / self._cell_m))
        across = np.arange(-reach, reach + 1) * self._cell_m
        apart = np.hypot(across[:, None], across)
        weight = np.exp(-(apart**2) / (2 * width_m**2))
        return np.where((apart > self._hole_m) & (apart <= 3 * width_m), weight, 0.0)

    def in_discs(self, xy: np.ndarray, radii: np.ndarray) -> np.ndarray:
        """(n, k) exposure in each disc about points; also of what an edge cuts off."""
        land = np.broadcast_to(np.pi * radii**2 * self._per_m2, (len(xy), len(radii)))
        if self._exposure is None:
            return land
        sites, weights = self._exposure
        held = np.zeros((len(xy), len(radii)))
        index = CellIndex(sites, float(radii[-1]))
        for row, site, apart in index.about(xy):
            for column, radius in enumerate(radii):
                inside = apart <= radius
                held[:, column] += np.bincount(row[inside], weights[site[inside]], len(xy))
        return land + held
