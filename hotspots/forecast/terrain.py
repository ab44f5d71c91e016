"""How many times the rate beside a car park? A log-linear model of where incidents come.

Risk terrain modelling (Caplan, Kennedy and Miller 2011, Justice Quarterly 28(2), 360-381) as a
Poisson regression: the rate of a cell is exp(b + Σ β x), x being how near each kind of feature is.
A ridge on β, chosen by what it foretells of parts of the map that it has not seen (Roberts et al.
2017, Ecography 40, 913-929), keeps what is chance at nothing.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from hotspots.forecast.baselines import Past
from hotspots.forecast.covariates import REACHES_M, Covariates
from hotspots.forecast.ridge_poisson import Cells, covariances_of, fit, log_likelihood
from hotspots.geometry.grid import SquareGrid

RIDGES = (1.0, 10.0, 100.0)
"""Penalties; one more, infinite, leaves flat ground."""
FOLDS, BLOCKS = 5, 10
"""The map is cut into so many blocks a side, and they into folds."""
MOST_EMPTY = 10_000
"""Cells without incidents that are looked at, each standing for its share of all of them."""
LIKELY = 0.9
"""Chance that is given to what is called likely."""
NEAR_M = 100.0
FEW_FEATURES = 20
"""Of more of a kind than these no single one tells much: blocks of the map do."""


@dataclass(frozen=True, eq=False)
class Terrain:
    """What was learnt.

    Attributes
    ----------
    coefficients
        Of the columns of `Covariates.columns`, as the forecast uses them: all 0 where they foretell
        no part of the map that was left out.
    estimate, covariances
        The coefficients as they are told of: drawn to nothing by the least ridge alone. And two
        estimates of their covariance: the model's, and one by blocks of the map, which also knows
        that incidents come in clusters (White's sandwich; Liang and Zeger 1986, Biometrika 73,
        13-22).
    without_each
        By kind, (features, coefficients): how each estimate changes when the ground about one
        feature is left out; no rows for a kind of too many to depend on one.
    struck
        (n inside,) months in which each cell had an incident.
    """

    covariates: Covariates
    coefficients: np.ndarray
    estimate: np.ndarray
    covariances: tuple[np.ndarray, ...]
    without_each: tuple[np.ndarray, ...]
    struck: np.ndarray

    @property
    def foretells(self) -> bool:
        """Whether what was learnt in some parts of the map held in those left out."""
        return bool(self.coefficients.any())

    def ground(self, grid: SquareGrid) -> np.ndarray:
        """(rows, columns) the share of incidents that each cell should have; sums to 1."""
        rate = self.covariates.columns() @ self.coefficients
        cells = np.zeros(grid.shape)
        cells[grid.inside] = np.exp(rate - rate.max())
        return np.asarray(cells / cells.sum())

    def explained(self) -> pd.DataFrame:
        """How many times the rate far away a feature makes it, by kind, the strongest first.

        Columns ``kind``, ``beside`` it with the 90 % interval ``low`` to ``high``, ``at_100_m``,
        ``at_500_m``; the shares of the incidents' months (``incidents_near``) and of the ground
        (``ground_near``) that lie within `NEAR_M`; and how many features have incidents so near
        (``features_struck``). The interval holds for features yet unseen: where one of four has
        all the incidents it is wide.
        """
        covariates = self.covariates
        rows = []
        for number, kind in enumerate(covariates.kinds):
            weights = self._weights(number, 0.0)
            beside, low, high = self._times(weights, self._between(number, weights))
            near = covariates.distances_m[:, number] <= NEAR_M
            struck = near & (self.struck > 0)
            rows.append(
                {
                    "kind": kind,
                    "beside": beside,
                    "low": low,
                    "high": high,
                    "at_100_m": self._times(self._weights(number, 100.0))[0],
                    "at_500_m": self._times(self._weights(number, 500.0))[0],
                    "incidents_near": self.struck[near].sum() / max(self.struck.sum(), 1.0),
                    "ground_near": near.mean(),
                    "features_struck": len(np.unique(covariates.nearest[struck, number])),
                }
            )
        return _strongest_first(pd.DataFrame(rows), "kind", "beside")

    def doublings(self) -> pd.DataFrame:
        """How many times the rate where a level is twice as dense: ``level``, ``times``, ``low``,
        ``high`` (90 %), the strongest first."""
        first = len(self.covariates.kinds) * len(REACHES_M)
        rows = []
        for number, level in enumerate(self.covariates.levels, start=first):
            times, low, high = self._times(np.eye(len(self.estimate))[number])
            rows.append({"level": level, "times": times, "low": low, "high": high})
        columns = ["level", "times", "low", "high"]
        return _strongest_first(pd.DataFrame(rows, columns=columns), "level", "times")

    def _weights(self, kind: int, distance_m: float) -> np.ndarray:
        """Of the coefficients, at so many metres from a kind."""
        weights = np.zeros(len(self.estimate))
        first = kind * len(REACHES_M)
        weights[first : first + len(REACHES_M)] = np.exp(-distance_m / np.array(REACHES_M))
        return weights

    def _between(self, kind: int, weights: np.ndarray) -> float:
        """Half the interval of a sum of coefficients, by the jackknife over a kind's features
        (Efron and Tibshirani 1993, chapter 11)."""
        n = len(self.without_each[kind])
        if n == 0:
            return 0.0
        if n == 1:
            return float("inf")
        changes = self.without_each[kind] @ weights
        variance = (n - 1) / n * float(((changes - changes.mean()) ** 2).sum())
        return float(t.ppf((1 + LIKELY) / 2, n - 1) * np.sqrt(variance))

    def _times(self, weights: np.ndarray, least: float = 0.0) -> tuple[float, float, float]:
        """exp of a sum of coefficients with its interval, the widest there is."""
        middle = float(weights @ self.estimate)
        variance = max(float(weights @ each @ weights) for each in self.covariances)
        half = float(norm.ppf((1 + LIKELY) / 2)) * np.sqrt(max(variance, 0.0))
        half = max(half, least)
        return float(np.exp(middle)), float(np.exp(middle - half)), float(np.exp(middle + half))


def _strongest_first(table: pd.DataFrame, name: str, times: str) -> pd.DataFrame:
    order = np.lexsort((table[name], -np.abs(np.log(table[times].to_numpy(dtype=float)))))
    return table.iloc[order].reset_index(drop=True)


def fit_terrain(grid: SquareGrid, past: Past, covariates: Covariates) -> Terrain:
    """Learn from the past how much each kind of feature draws incidents.

    A cell counts once a month, however much was found: otherwise one place would teach the rest.
    """
    struck = _months_struck(grid, past)
    rows, stands_for = _sample(struck)
    columns = covariates.columns()[rows]
    middle, spread = columns.mean(axis=0), columns.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    data = Cells((columns - middle) / spread, struck[rows], stands_for)
    block = _blocks(covariates.centres)[rows]
    fold = (block[:, 0] + 2 * block[:, 1]) % FOLDS
    likelihoods = [
        sum(_foretold(data, fold, each, ridge) for each in range(FOLDS)) for ridge in RIDGES
    ]
    flat = sum(log_likelihood(data.of(fold == each), None) for each in range(FOLDS))
    beta = fit(data, RIDGES[0])
    estimate, used = beta[1:] / spread, np.zeros(len(spread))
    if max(likelihoods) > flat:
        used = fit(data, RIDGES[int(np.argmax(likelihoods))])[1:] / spread
    covariances = [
        each[1:, 1:] / np.outer(spread, spread)
        for each in covariances_of(data, beta, RIDGES[0], block)
    ]
    without = [
        _without_each(data, beta, RIDGES[0], about[rows])[:, 1:] / spread
        for about in _ground_of_features(covariates)
    ]
    return Terrain(covariates, used, estimate, tuple(covariances), tuple(without), struck)


def _ground_of_features(covariates: Covariates) -> list[np.ndarray]:
    """By kind, (n inside,) the feature that a cell is about, -1 for none in reach."""
    return [
        np.where(distance <= REACHES_M[-1], nearest, -1)
        for distance, nearest in zip(covariates.distances_m.T, covariates.nearest.T, strict=True)
    ]


def _without_each(data: Cells, beta: np.ndarray, ridge: float, about: np.ndarray) -> np.ndarray:
    """(features, 1 + p) by how much the estimate differs where one feature's ground is left out:
    Newton's steps from the estimate of all, which are few."""
    features = np.unique(about[about >= 0])
    if len(features) > FEW_FEATURES:
        return np.zeros((0, len(beta)))
    return np.array(
        [fit(data.of(about != each), ridge, start=beta) - beta for each in features]
    ).reshape(-1, len(beta))


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


def _blocks(centres: np.ndarray) -> np.ndarray:
    """(n, 2) column and row of each cell's block of the map; `FOLDS` puts neighbours apart."""
    low, high = centres.min(axis=0), centres.max(axis=0)
    side = max(float((high - low).max()) / BLOCKS, 1.0)
    return np.asarray(np.floor((centres - low) / side).astype(int))


def _foretold(data: Cells, fold: np.ndarray, out: int, ridge: float) -> float:
    """Log-likelihood of where in one fold its incidents lie, as learnt from the others."""
    return log_likelihood(data.of(fold == out), fit(data.of(fold != out), ridge)[1:])
