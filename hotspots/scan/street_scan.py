"""Is a place along the streets more than its surroundings lead one to expect?

As `hotspots.scan.surroundings`, but a place is what lies within so many metres along the streets
of a case: it does not leap a river or a railway. What it is held against is the length of street
in it, at the rate of cases a metre round about. Surroundings are those of the plane, so that the
whole of a quarter says what is usual in it.
"""

from dataclasses import dataclass

import numpy as np
from shapely.geometry.base import BaseGeometry

from hotspots.scan.disc_scan import DiscScan
from hotspots.scan.dispersion import dispersions
from hotspots.scan.ground import ANYWHERE, Exposure, Ground
from hotspots.scan.street_ground import StreetGround
from hotspots.scan.surroundings import NARROWEST_HOLE_M, bounded, p_values_of_others
from hotspots.stats.likelihood_ratios import poisson_llr


@dataclass(frozen=True, eq=False)
class StreetScan:
    """Places that share no street, likeliest first.

    Attributes
    ----------
    discs
        As of `scan_surroundings`; a radius is metres along the streets.
    street_m
        (k,) metres of street in each.
    members
        Rows of the points in each, its edge included, ascending.
    """

    discs: DiscScan
    street_m: np.ndarray
    members: list[np.ndarray]


def scan_streets(
    ground: StreetGround,
    is_case: np.ndarray,
    area: BaseGeometry,
    *,
    radii_m: np.ndarray,
    min_rate_ratio: float = 1.0,
    rng: np.random.Generator,
) -> StreetScan:
    """Scan what lies along the streets about each case.

    Parameters
    ----------
    ground
        Points on streets, all of which lie in the area.
    is_case
        (s,) which of ``ground.rows`` count: one a party. The others are members only.
    area
        The study area.
    radii_m
        (k,) metres along the streets to try, ascending, > 0.
    min_rate_ratio, rng
        As for `scan_surroundings`.
    """
    radii = np.asarray(radii_m, dtype=float)
    nodes, here = np.unique(ground.node[is_case], return_counts=True)
    weights = np.zeros(len(ground.xy))
    weights[nodes] = here
    n_cases = int(here.sum())
    counts, metres = ground.within(nodes, weights, radii)
    raster = _raster(ground, np.repeat(ground.xy[nodes], here, axis=0), area, float(radii[-1]))
    around = raster.surroundings(ground.xy[nodes])
    share = (1 - ANYWHERE) * metres / ground.site_m.sum() + ANYWHERE * np.pi * radii**2 / area.area
    expected = around.rate[:, None] * share
    of_case = np.repeat(np.arange(len(nodes)), here)  # what is usual is learnt case by case
    dispersion = dispersions(
        ground.xy[nodes][of_case],
        counts[of_case],
        expected[of_case],
        around.near[of_case],
        radii,
        rng,
    )
    p_value = p_values_of_others(counts, expected, around.near, dispersion, min_rate_ratio)
    bound, strength = bounded(p_value, n_cases)
    row, which = _non_overlapping(ground, nodes, radii, strength)
    observed, e = counts[row, which], expected[row, which]
    p = np.maximum(bound[row, which], 1e-300)
    llr = poisson_llr(observed, e, n_cases)
    discs = DiscScan(ground.xy[nodes[row]], radii[which], observed, e, llr, p, p)
    members = [_members(ground, nodes[i], radii[k]) for i, k in zip(row, which, strict=True)]
    return StreetScan(discs, metres[row, which], members)


def _raster(ground: StreetGround, cases: np.ndarray, area: BaseGeometry, widest_m: float) -> Ground:
    streets = Exposure(ground.sites, ground.site_m)
    return Ground(area, cases, streets, max(widest_m, NARROWEST_HOLE_M))


def _non_overlapping(
    ground: StreetGround, nodes: np.ndarray, radii: np.ndarray, strength: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The best place, then the best that meets no better one along the streets, and so on.

    Ties go to the smaller one, then to the southernmost and westernmost.
    """
    centre, which = np.nonzero(strength > 0)
    xy, value = ground.xy[nodes[centre]], np.round(strength[centre, which], 9)
    order = np.lexsort((xy[:, 0], xy[:, 1], which, -value))
    is_free = np.ones(strength.shape, dtype=bool)
    chosen: list[tuple[int, int]] = []
    for row, column in zip(centre[order].tolist(), which[order].tolist(), strict=True):
        if is_free[row, column]:
            chosen.append((row, column))
            apart = _apart(ground, nodes[row], radii[column] + radii[-1] + 1e-6)[nodes]
            is_free &= (apart - radii[column])[:, None] > radii
    pairs = np.array(chosen, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _apart(ground: StreetGround, node: int, reach_m: float) -> np.ndarray:
    """(n,) metres along the streets from one node to every other; infinite beyond the reach."""
    metres = np.full(len(ground.xy), np.inf)
    for _, about, apart in ground.ways(np.array([node]), reach_m):
        metres[about] = apart[0]
    return metres


def _members(ground: StreetGround, node: int, radius_m: float) -> np.ndarray:
    apart = _apart(ground, node, radius_m + 1e-6)
    return np.asarray(ground.rows[apart[ground.node] <= radius_m + 1e-6])
