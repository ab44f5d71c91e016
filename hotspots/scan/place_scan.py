"""Kulldorff's spatial scan over places: where are there more cases than people, or than controls?

Its use here is to tell canisters from reporting: with all other litter reports as controls, a
cluster of canisters is one that a keen reporter's street does not explain.
"""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.frames import check_points, coordinates
from hotspots.scan.windows import Windows, circular_windows
from hotspots.stats.likelihood_ratios import bernoulli_llr, poisson_llr
from hotspots.stats.monte_carlo import gumbel_p_values, pseudo_p_values

BATCH_BYTES = 64_000_000
"""Of window counts that are simulated together: little enough for the processor's cache."""


@dataclass(frozen=True, eq=False)
class PlaceScan:
    """Windows that do not share a place, likeliest first.

    Attributes
    ----------
    clusters
        One row a cluster: ``centre`` (row of the place at its centre), ``radius``, ``places``
        (int), ``observed``, ``expected``, ``llr``, ``p_value``, ``gumbel_p``.
    members
        Rows of the places in each cluster, nearest to its centre first.
    maxima
        (n_simulations,) largest ratio of each simulated map.
    """

    clusters: pd.DataFrame
    members: list[np.ndarray]
    maxima: np.ndarray


def scan_places(
    places: gpd.GeoDataFrame,
    *,
    model: str,
    max_radius_m: float,
    max_share: float = 0.5,
    n_simulations: int = 999,
    seed: int = 20190501,
) -> PlaceScan:
    """Scan circles about places for more cases than their population explains.

    Parameters
    ----------
    places
        Points in metres; ``cases`` and ``population`` (≥ 0; people, metres of street, hours of
        attention). With ``model="bernoulli"`` population is cases and controls together.
    model
        "poisson": cases in proportion to population; "bernoulli": which of a population are cases.
    max_radius_m
        Largest circle; infinite for none.
    max_share
        Largest share of the population in a circle, in (0, 1).
    n_simulations, seed
        Maps of chance; the same seed gives the same result.

    Raises
    ------
    FrameError, CRSError
        No points in metres; a column is missing, negative or null.
    ParameterError
        No such model, or a number out of its range.

    Examples
    --------
    >>> places = gpd.GeoDataFrame(
    ...     {"cases": [9, 8, 0, 1, 0, 1], "population": [10] * 6},
    ...     geometry=gpd.points_from_xy([0, 10, 500, 600, 700, 800], [0] * 6), crs=27700)
    >>> found = scan_places(places, model="bernoulli", max_radius_m=150, n_simulations=99)
    >>> found.members[0].tolist(), float(found.clusters["p_value"].iloc[0])
    ([0, 1], 0.01)
    """
    check_points(places, name="places", times=())
    cases, population = (_counts(places, name) for name in ("cases", "population"))
    if model not in MODELS:
        raise ParameterError(f"model is {model!r}: it must be one of {', '.join(MODELS)}")
    if not max_radius_m > 0 or not 0 < max_share < 1 or n_simulations < 1:
        raise ParameterError(
            f"max_radius_m is {max_radius_m}, max_share {max_share}, n_simulations "
            f"{n_simulations}: they must be above 0, between 0 and 1, and at least 1"
        )
    xy = coordinates(places)
    windows = circular_windows(
        xy, xy, max_radius=max_radius_m, weights=population, max_share=max_share
    )
    rng = np.random.default_rng(seed)
    return scan_windows(windows, cases, population, MODELS[model], n_simulations, rng)


def scan_windows(
    windows: Windows,
    cases: np.ndarray,
    population: np.ndarray,
    model: "Model",
    n_simulations: int,
    rng: np.random.Generator,
) -> PlaceScan:
    """The scan over given windows: cases (p,) int among population (p,)."""
    size = windows.sums(population)
    llr = model.llr(windows.sums(cases), size, int(cases.sum()), population.sum())
    maxima = _simulated_maxima(
        windows, size, int(cases.sum()), population, model, n_simulations, rng
    )
    chosen = _disjoint(windows, llr)
    members = [windows.members_of(position) for position in chosen]
    observed = np.array([cases[rows].sum() for rows in members])
    clusters = pd.DataFrame(
        {
            "centre": windows.centre[chosen],
            "radius": windows.radius[chosen],
            "places": [len(rows) for rows in members],
            "observed": observed,
            "expected": cases.sum() * size[chosen] / population.sum(),
            "llr": llr[chosen],
            "p_value": pseudo_p_values(llr[chosen], maxima),
            "gumbel_p": gumbel_p_values(llr[chosen], maxima),
        }
    )
    return PlaceScan(clusters, members, maxima)


@dataclass(frozen=True)
class Model:
    """How cases come about under the null, and how far a window departs from it.

    Attributes
    ----------
    simulate
        (rng, n cases, population (p,), n maps) → (p, n maps) counts.
    llr
        (observed, size, all cases, all population) → ratios.
    """

    simulate: Callable[[np.random.Generator, int, np.ndarray, int], np.ndarray]
    llr: Callable[[np.ndarray, np.ndarray, int, float], np.ndarray]


def _multinomial(rng: np.random.Generator, n: int, population: np.ndarray, maps: int) -> np.ndarray:
    bounds = population.cumsum()
    place = np.searchsorted(bounds, rng.random(n * maps) * bounds[-1], side="right")
    cell = place * maps + np.tile(np.arange(maps), n)
    return np.bincount(cell, minlength=len(population) * maps).reshape(len(population), maps)


def _hypergeometric(
    rng: np.random.Generator, n: int, population: np.ndarray, maps: int
) -> np.ndarray:
    return rng.multivariate_hypergeometric(population.astype(np.int64), n, size=maps).T


def _poisson(observed: np.ndarray, size: np.ndarray, n: int, total: float) -> np.ndarray:
    return poisson_llr(observed, n * size / total, n)


MODELS = {
    "poisson": Model(_multinomial, _poisson),
    "bernoulli": Model(_hypergeometric, bernoulli_llr),
}


def _counts(places: gpd.GeoDataFrame, name: str) -> np.ndarray:
    if name not in places:
        raise FrameError(f"places: column {name!r} is missing")
    values = np.asarray(places[name], dtype=float)
    if not (np.isfinite(values) & (values >= 0)).all():
        raise FrameError(f"places: {name} has values that are negative or null")
    if values.sum() <= 0:
        raise FrameError(f"places: {name} sums to 0, so there is nothing to compare")
    return values.astype(np.int64) if name == "cases" else values


def _simulated_maxima(
    windows: Windows,
    size: np.ndarray,
    n: int,
    population: np.ndarray,
    model: Model,
    n_simulations: int,
    rng: np.random.Generator,
) -> np.ndarray:
    batch = max(1, BATCH_BYTES // (8 * max(len(windows.member), 1)))
    # At one size more cases are always likelier: of windows of equal size only the fullest counts.
    by_size = np.argsort(size, kind="stable")
    sizes, group = np.unique(size[by_size], return_index=True)
    maxima = np.zeros(n_simulations)
    for first in range(0, n_simulations if len(size) else 0, batch):
        maps = min(batch, n_simulations - first)
        observed = windows.sums(model.simulate(rng, n, population, maps).astype(np.int32))
        fullest = np.maximum.reduceat(observed[by_size], group, axis=0)
        ratios = model.llr(fullest, sizes[:, None], n, population.sum())
        maxima[first : first + maps] = ratios.max(axis=0)
    return maxima


def _disjoint(windows: Windows, llr: np.ndarray) -> np.ndarray:
    """Positions of the best window, the best that shares no place with it, and so on.

    Ties go to the smaller window, then to the earlier centre.
    """
    positions = np.flatnonzero(llr > 0)
    order = np.lexsort((positions, windows.radius[positions], -np.round(llr[positions], 9)))
    is_taken = np.zeros(int(windows.member.max(initial=-1)) + 1, dtype=bool)
    chosen = []
    for position in positions[order].tolist():
        rows = windows.members_of(position)
        if not is_taken[rows].any():
            is_taken[rows] = True
            chosen.append(position)
    return np.array(chosen, dtype=np.int64)
