"""A Poisson regression with a ridge, over cells that each stand for several."""

from dataclasses import dataclass

import numpy as np

STEPS = 30
"""Of Newton at most."""


@dataclass(frozen=True, eq=False)
class Cells:
    """(n, p) nearness, (n,) months struck and (n,) cells that each stands for."""

    nearness: np.ndarray
    struck: np.ndarray
    stands_for: np.ndarray

    def of(self, chosen: np.ndarray) -> "Cells":
        return Cells(self.nearness[chosen], self.struck[chosen], self.stands_for[chosen])


def fit(data: Cells, ridge: float, start: np.ndarray | None = None) -> np.ndarray:
    """(1 + p,) intercept and coefficients: Newton's steps, halved where they go too far."""
    design = np.column_stack([np.ones(len(data.struck)), data.nearness])
    penalty = _penalty(design.shape[1], ridge)
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(max(data.struck.sum(), 0.5) / data.stands_for.sum())
    if start is not None:
        beta = start
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


def log_likelihood(data: Cells, coefficients: np.ndarray | None) -> float:
    if not data.struck.any():
        return 0.0
    rate = np.zeros(len(data.struck)) if coefficients is None else data.nearness @ coefficients
    rate = rate - rate.max()
    return float(data.struck @ (rate - np.log(data.stands_for @ np.exp(rate))))


def covariances_of(
    data: Cells, beta: np.ndarray, ridge: float, block: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(1 + p, 1 + p) the model's, and that by blocks."""
    design = np.column_stack([np.ones(len(data.struck)), data.nearness])
    mean = data.stands_for * np.exp(np.minimum(design @ beta, 50.0))
    model = np.linalg.inv((design.T * mean) @ design + np.diag(_penalty(len(beta), ridge)))
    _, number = np.unique(block, axis=0, return_inverse=True)
    blocks = int(number.max()) + 1
    scores = np.zeros((blocks, len(beta)))
    np.add.at(scores, number.ravel(), design * (data.struck - mean)[:, None])
    between = scores.T @ scores * blocks / max(blocks - 1, 1)
    return model, model @ between @ model


def _penalty(n: int, ridge: float) -> np.ndarray:
    """Of the intercept next to nothing, of the others the ridge."""
    penalty = np.full(n, ridge)
    penalty[0] = 1e-6
    return penalty


def _posterior(design: np.ndarray, data: Cells, penalty: np.ndarray, beta: np.ndarray) -> float:
    log_rate = np.minimum(design @ beta, 50.0)
    fit = data.struck @ log_rate - data.stands_for @ np.exp(log_rate)
    return float(fit - 0.5 * penalty @ beta**2)
