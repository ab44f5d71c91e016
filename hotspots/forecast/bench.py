"""The bench of experts: each judged on months of the past that it did not see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hotspots.forecast.accuracy import expected_hits, log_densities
from hotspots.forecast.baselines import BASELINES, Method, Past
from hotspots.forecast.expert_kernels import Shares, fixed_kernels
from hotspots.forecast.hedging import bayes_weights, hedged_weights
from hotspots.forecast.kernel_maps import NEVER, Kernels
from hotspots.forecast.kernels import FLAT, Component, Mixture
from hotspots.forecast.mixture import (
    HeldOutMonth,
    Lessons,
    held_out_months,
    learn_weights,
    named,
    take_lessons,
)
from hotspots.geometry.grid import SquareGrid

SEARCHED = (0.005, 0.01, 0.02)
"""Shares of the area whose hits, together, say how well an expert orders the cells."""
FOLDS = 3
"""A month is judged by weights from the months of the other folds."""
SETTLED = 1e-3
"""Of the folds' weights, which only judge."""
LITTLE = 0.1
"""Of the prior, for the mixture that believes little beforehand."""
MOST_NATS = 5.0
"""By so much the likelihood may speak against an expert's order of the cells. Few hits are noise,
and then it tells more; of many, it only tells how rates are spread, and hits decide."""
PER_HIT = 0.1
"""A lead of ten hits makes an expert e times as trusted: of few hits, most leads are chance."""
LEAST_WEIGHT = 1e-3
KERNELS, LITTLE_BELIEVED, WITH_OTHERS = "kernels", "kernels, little believed", "kernels and others"
FIXED = (
    "grid count",
    "grid count, half-life 90 d",
    "KDE 50 m",
    "KDE 100 m",
    "KDE 150 m",
    "KDE 250 m",
    "KDE 500 m",
    "grid count + 0.5 KDE 100 m",
)
EVEN_GROUND = "even ground"

Scores = Callable[[int | None], np.ndarray]
"""An expert's scores of all cells: for a month of the past, told by the others, or for now."""


def is_own(component: Component) -> bool:
    """Whether it spreads the incidents themselves."""
    return component.layer == 0 and bool(np.isfinite(component.scale_m))


@dataclass(frozen=True, eq=False)
class _Variant:
    """A mixture with its weights: of all months, and for each fold of the other folds'."""

    mixture: Mixture
    weights: np.ndarray
    by_fold: list[np.ndarray]

    def of(self, month: int | None) -> dict[Component, float]:
        chosen = self.weights if month is None else self.by_fold[month % FOLDS]
        return named(self.mixture, chosen)


class Bench:
    """The experts, with the months of the past that they are judged on."""

    def __init__(
        self, grid: SquareGrid, past: Past, month_starts: Sequence[float], mixture: Mixture
    ) -> None:
        self._grid, self._past = grid, past
        layers = [layer.xy for layer in past.layers]
        self._kernels = Kernels(
            grid, past.xy, mixture.scales_m, layers=layers, grounds=list(past.grounds.values())
        )
        self._days = [past.days, *(layer.days for layer in past.layers)]
        self._months = held_out_months(self._kernels.cell, self._days, month_starts)
        self.variants = self._learnt(mixture)
        learnt = {name: self._learnt_expert(each) for name, each in self.variants.items()}
        self.experts: dict[str, Scores] = {**learnt, **self._fixed_experts()}

    def _learnt(self, mixture: Mixture) -> dict[str, _Variant]:
        full = replace(mixture, layers=len(self._past.layers), grounds=len(self._past.grounds))
        lessons = take_lessons(self._kernels, self._months, full)
        own = np.array([component.layer == 0 for component in full.components])
        plain = replace(lessons, likelihood=lessons.likelihood[:, own])
        little = replace(
            mixture,
            prior_width=LITTLE * mixture.prior_width,
            prior_near=LITTLE * mixture.prior_near,
        )
        variants = {KERNELS: _variant(plain, mixture), LITTLE_BELIEVED: _variant(plain, little)}
        if not own.all():
            variants[WITH_OTHERS] = _variant(lessons, full)
        return variants

    def _learnt_expert(self, variant: _Variant) -> Scores:
        def scores(month: int | None) -> np.ndarray:
            apart = [-days for days in self._days] if month is None else self._months[month].apart
            return self._kernels.mixed(apart, variant.of(month))

        return scores

    def _fixed_experts(self) -> dict[str, Scores]:
        methods = {name: self._fixed_expert(BASELINES[name]) for name in FIXED}
        grounds = {name: _always(ground) for name, ground in self._past.grounds.items()}
        return {**methods, EVEN_GROUND: _always(self._grid.inside.astype(float)), **grounds}

    def _fixed_expert(self, method: Method) -> Scores:
        unused = np.random.default_rng(0)

        def scores(month: int | None) -> np.ndarray:
            past = self._past if month is None else _others(self._past, self._months[month])
            return method(self._grid, past, unused)

        return scores

    def given(self, weights: Mapping[Component, float]) -> np.ndarray:
        """What the components put on the cells that spread no incident."""
        others = {each: share for each, share in weights.items() if not is_own(each)}
        apart = [-days for days in self._days]
        return sum(others.values()) * self._kernels.mixed(apart, others)

    def made_of(self) -> dict[str, Shares]:
        """Expert → the shares of its kernels."""
        grounds = {
            name: {Component(np.inf, np.inf, number): 1.0}
            for number, name in enumerate(self._past.grounds, 1)
        }
        learnt = {name: each.of(None) for name, each in self.variants.items()}
        fixed = fixed_kernels(self._grid.cell_size_m)
        return {**fixed, EVEN_GROUND: {FLAT: 1.0}, **grounds, **learnt}

    def trusted(self) -> tuple[dict[str, float], dict[str, float]]:
        """Whom to trust for the order of the cells, by hits, and for their values, by likelihood;
        the mixture where no month can judge."""
        if not self._months:
            return {KERNELS: 1.0}, {KERNELS: 1.0}
        judged = [self._judged(month) for month in range(len(self._months))]
        hits, log_likelihood = (np.array(each) for each in zip(*judged, strict=True))
        total = log_likelihood.sum(axis=0)
        likely = np.exp(np.maximum(total - total.max(), -MOST_NATS))
        order = hedged_weights(-hits, PER_HIT, likely)
        return self._named(order), self._named(bayes_weights(log_likelihood))

    def _judged(self, month: int) -> tuple[list[float], list[float]]:
        """Each expert's hits, mean of the shares searched, and its log-likelihood."""
        inside = self._grid.inside.ravel()
        held = self._months[month]
        cells = (inside.cumsum() - 1)[held.cells]
        observed = np.bincount(cells, held.counts, int(inside.sum()))
        n_searched = [max(1, round(share * len(observed))) for share in SEARCHED]
        scores = [expert(month).ravel()[inside] for expert in self.experts.values()]
        hits = [float(expected_hits(score, observed, n_searched).mean()) for score in scores]
        logs = [float(held.counts @ log_densities(score, cells)) for score in scores]
        return hits, logs

    def _named(self, weights: np.ndarray) -> dict[str, float]:
        kept = {
            name: float(weight)
            for name, weight in zip(self.experts, weights, strict=True)
            if weight >= LEAST_WEIGHT
        }
        return {name: weight / sum(kept.values()) for name, weight in kept.items()}


def _variant(lessons: Lessons, mixture: Mixture) -> _Variant:
    weights = learn_weights(lessons.likelihood, lessons.counts, mixture)
    by_fold = []
    for fold in range(FOLDS):
        rest = lessons.without(lessons.months % FOLDS == fold)
        learnt = learn_weights(
            rest.likelihood, rest.counts, mixture, start=weights, settled=SETTLED
        )
        by_fold.append(learnt)
    return _Variant(mixture, weights, by_fold)


def _others(past: Past, month: HeldOutMonth) -> Past:
    """The incidents of all other months, as old as they are far from it."""
    apart = month.apart[0]
    tells = apart < NEVER
    return replace(past, xy=past.xy[tells], days=-apart[tells])


def _always(score: np.ndarray) -> Scores:
    return lambda _: score
