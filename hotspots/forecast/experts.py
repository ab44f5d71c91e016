"""Several forecasters, each judged on months that it did not see, and what they say together.

The learnt mixture is the best account of how incidents recur (its log-score was the best on every
data set tried), but which cells come first depends on few of them: where data are thin, a plain
kernel density may order them better. So every fixed method stands beside the mixture, and orders
the cells as far as it has done so best.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hotspots.forecast.accuracy import UNIFORM_PART
from hotspots.forecast.baselines import Past
from hotspots.forecast.bench import Bench
from hotspots.forecast.expert_kernels import pooled_kernels
from hotspots.forecast.kernels import Component, Mixture
from hotspots.forecast.terrain import Terrain, fit_terrain
from hotspots.geometry.grid import SquareGrid

EXPOSURE, COVARIATES = "exposure", "covariates"


@dataclass(frozen=True, eq=False)
class Forecast:
    """Where the next incident will be.

    Attributes
    ----------
    density
        (rows, columns) float64, sums to 1 over the grid.
    spread
        (rows, columns) how far what the experts of rates say lies from the density, root mean
        square by trust.
    weights
        Of the kernels, over all experts of rates.
    order, rates
        Expert → how much it has to say of which cells come first, and of how much a cell holds.
    given
        (rows, columns) the part of the experts of rates that no incident tells: flat and other
        grounds, and other events.
    terrain
        What was learnt of the covariates; None without any.
    """

    density: np.ndarray
    spread: np.ndarray
    weights: dict[Component, float]
    order: dict[str, float]
    rates: dict[str, float]
    given: np.ndarray
    terrain: Terrain | None = None


def fit_forecast(
    grid: SquareGrid, past: Past, month_starts: Sequence[float], mixture: Mixture
) -> Forecast:
    """The chance that the next incident falls into each cell, from all experts.

    Parameters
    ----------
    past
        Incidents, and what else is known, in inside cells of the grid.
    month_starts
        As for `hotspots.forecast.mixture.held_out_months`.
    """
    terrain = None
    if past.covariates is not None:
        terrain = fit_terrain(grid, past, past.covariates)
        past = replace(past, grounds={**past.grounds, COVARIATES: terrain.ground(grid)})
    bench = Bench(grid, past, month_starts, mixture)
    inside = grid.inside.ravel()
    order, rates = bench.trusted()
    maps = {name: bench.experts[name](None).ravel()[inside] for name in {**order, **rates}}
    densities = _densities(maps)
    density = _combined(densities, order, rates)
    weights = pooled_kernels(rates, bench.made_of())
    return Forecast(
        _on(grid, density),
        _on(grid, _spread(densities, rates, density)),
        weights,
        order,
        rates,
        bench.given(weights),
        terrain,
    )


def _densities(maps: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Maps that sum to 1, as they were judged: none says never."""
    flat = UNIFORM_PART / len(next(iter(maps.values())))
    return {name: (1 - UNIFORM_PART) * one / one.sum() + flat for name, one in maps.items()}


def _spread(
    densities: Mapping[str, np.ndarray], trust: Mapping[str, float], about: np.ndarray
) -> np.ndarray:
    squares = (weight * (densities[name] - about) ** 2 for name, weight in trust.items())
    return np.asarray(np.sqrt(sum(squares, np.zeros(1))))


def _combined(
    densities: Mapping[str, np.ndarray], order: Mapping[str, float], rates: Mapping[str, float]
) -> np.ndarray:
    """The values that some experts give, in the order that others do.

    Cells are ordered by the trusted mean of the densities; the n-th of them gets the n-th largest
    value of the most likely mixture. Where one expert leads in both, this is its own density.
    """
    values = sum((share * densities[name] for name, share in rates.items()), np.zeros(1))
    score = sum((share * densities[name] for name, share in order.items()), np.zeros(1))
    # Equal scores, such as 0 beyond the reach of a kernel, keep the order of the values.
    ranked = np.lexsort((values, score))
    combined = np.empty(len(values))
    combined[ranked] = np.sort(values)
    return np.asarray(combined / combined.sum())


def _on(grid: SquareGrid, values: np.ndarray) -> np.ndarray:
    cells = np.zeros(grid.shape)
    cells[grid.inside] = values
    return cells
