"""How many times the rate beside a car park? A log-linear model of where incidents come.

Risk terrain modelling (Caplan, Kennedy and Miller 2011, Justice Quarterly 28(2), 360-381) as a
Poisson regression: the rate of a cell is exp(b + Σ β x), x being how near each kind of feature is.
A ridge on β, chosen by what it foretells of parts of the map that it has not seen (Roberts et al.
2017, Ecography 40, 913-929), keeps what is chance at nothing.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hotspots.forecast.baselines import Past
from hotspots.forecast.covariates import REACHES_M, Covariates
from hotspots.geometry.grid import SquareGrid

RIDGES = (1.0, 10.0, 100.0)
"""Penalties; one more, infinite, leaves flat ground."""
FOLDS, BLOCKS = 5, 10
"""The map is cut into so many blocks a side, and they into folds."""
MOST_EMPTY = 10_000
"""Cells without incidents that are looked at, each standing for its share of all of them."""
STEPS = 30


@dataclass(frozen=True, eq=False)
class Terrain:
    """What was learnt: ``coefficients`` of the columns of `Covariates.nearness`."""

    covariates: Covariates
    coefficients: np.ndarray

    def ground(self, grid: SquareGrid) -> np.ndarray:
        """(rows, columns) the share of incidents that each cell should have; sums to 1."""
        rate = self.covariates.nearness() @ self.coefficients
        cells = np.zeros(grid.shape)
        cells[grid.inside] = np.exp(rate - rate.max())
        return np.asarray(cells / cells.sum())

    def explained(self) -> pd.DataFrame:
        """How many times the rate far away a feature makes it, by kind: ``beside`` it, and
        ``at_100_m`` and ``at_500_m``; the strongest first."""
        by_kind = self.coefficients.reshape(-1, len(REACHES_M))
        at = {"beside": 0.0, "at_100_m": 100.0, "at_500_m": 500.0}
        times = {
            name: np.exp(by_kind @ np.exp(-distance_m / np.array(REACHES_M)))
            for name, distance_m in at.items()
        }
        table = pd.DataFrame({"kind": self.covariates.kinds, **times})
        strength = np.abs(np.log(table["beside"]))
        order = np.lexsort((table["kind"], -strength))
        return table.iloc[order].reset_index(drop=True)


def fit_terrain(grid: SquareGrid, past: Past, covariates: Covariates) -> Terrain:
    """Learn from the past how much each kind of feature draws incidents.

    A cell counts once a month, however much was found: otherwise one place would teach the rest.
    """
    struck = _months_struck(grid, past)
    rows, stands_for = _sample(struck)
    nearness = covariates.nearness()[rows]
    middle, spread = nearness.mean(axis=0), nearness.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    data = _Cells((nearness - middle) / spread, struck[rows], stands_for)
    fold = _folds(covariates.centres)[rows]
    likelihoods = [
        sum(_foretold(data, fold, each, ridge) for each in range(FOLDS)) for ridge in RIDGES
    ]
    flat = sum(_log_likelihood(data.of(fold == each), None) for each in range(FOLDS))
    if not likelihoods or max(likelihoods) <= flat:
        return Terrain(covariates, np.zeros(nearness.shape[1]))
    best = RIDGES[int(np.argmax(likelihoods))]
    return Terrain(covariates, _fit(data, best)[1:] / spread)


@dataclass(frozen=True, eq=False)
class _Cells:
    """(n, p) nearness, (n,) months struck and (n,) cells that each stands for."""

    nearness: np.ndarray
    struck: np.ndarray
    stands_for: np.ndarray

    def of(self, chosen: np.ndarray) -> "_Cells":
        return _Cells(self.nearness[chosen], self.struck[chosen], self.stands_for[chosen])


def _months_struck(grid: SquareGrid, past: Past) -> np.ndarray:
    """(n inside,) months in which each cell had an incident."""
    month = np.searchsorted(past.month_starts, past.days, side="right")
    pairs = np.unique(np.column_stack([month, grid.locate(past.xy)]), axis=0)
    inside = grid.inside.ravel()
    counts = np.bincount(pairs[:, 1], minlength=inside.size)
    return np.asarray(counts[inside], dtype=float)


def _sample(struck: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All cells that were struck, and an even sample of the others with what each stands for."""
    empty = np.flatnonzero(struck == 0)
    n = min(len(empty), MOST_EMPTY)
    chosen = empty[np.linspace(0, len(empty) - 1, n).astype(int)] if n else empty
    rows = np.concatenate([np.flatnonzero(struck > 0), chosen])
    share = len(empty) / n if n else 1.0
    return rows, np.where(struck[rows] > 0, 1.0, share)


def _folds(centres: np.ndarray) -> np.ndarray:
    """(n,) fold of each cell: blocks of the map, neighbours in different folds."""
    low, high = centres.min(axis=0), centres.max(axis=0)
    side = max(float((high - low).max()) / BLOCKS, 1.0)
    column, row = np.floor((centres - low) / side).astype(int).T
    return np.asarray((column + 2 * row) % FOLDS)


def _foretold(data: _Cells, fold: np.ndarray, out: int, ridge: float) -> float:
    """Log-likelihood of where in one fold its incidents lie, as learnt from the others."""
    return _log_likelihood(data.of(fold == out), _fit(data.of(fold != out), ridge)[1:])


def _log_likelihood(data: _Cells, coefficients: np.ndarray | None) -> float:
    if not data.struck.any():
        return 0.0
    rate = np.zeros(len(data.struck)) if coefficients is None else data.nearness @ coefficients
    rate = rate - rate.max()
    return float(data.struck @ (rate - np.log(data.stands_for @ np.exp(rate))))


def _fit(data: _Cells, ridge: float) -> np.ndarray:
    """(1 + p,) intercept and coefficients: Newton's steps, halved where they go too far."""
    design = np.column_stack([np.ones(len(data.struck)), data.nearness])
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 1e-6
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(max(data.struck.sum(), 0.5) / data.stands_for.sum())
    best = _posterior(design, data, penalty, beta)
    for _ in range(STEPS):
        mean = data.stands_for * np.exp(np.minimum(design @ beta, 50.0))
        slope = design.T @ (data.struck - mean) - penalty * beta
        curve = (design.T * mean) @ design + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        gain = -np.inf
        while gain < 0 and np.abs(step).max() > 1e-8:
            gain = _posterior(design, data, penalty, beta + step) - best
            step = step if gain >= 0 else step / 2
        if gain < 0:
            break
        beta, best = beta + step, best + gain
        if gain < 1e-6:
            break
    return beta


def _posterior(design: np.ndarray, data: _Cells, penalty: np.ndarray, beta: np.ndarray) -> float:
    log_rate = np.minimum(design @ beta, 50.0)
    fit = data.struck @ log_rate - data.stands_for @ np.exp(log_rate)
    return float(fit - 0.5 * penalty @ beta**2)
