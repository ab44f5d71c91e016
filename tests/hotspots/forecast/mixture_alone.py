"""The learnt mixture without experts beside it."""

from collections.abc import Sequence

import numpy as np

from hotspots.forecast.kernel_maps import Kernels
from hotspots.forecast.kernels import Component, Mixture
from hotspots.forecast.mixture import held_out_months, learn_weights, named, take_lessons
from hotspots.geometry.grid import SquareGrid


def fit_mixture(
    grid: SquareGrid,
    xy: np.ndarray,
    days: np.ndarray,
    month_starts: Sequence[float],
    mixture: Mixture,
) -> tuple[np.ndarray, dict[Component, float]]:
    """(rows, columns) chance that the next incident falls into each cell, and the weights."""
    kernels = Kernels(grid, xy, mixture.scales_m)
    lessons = take_lessons(kernels, held_out_months(kernels.cell, [days], month_starts), mixture)
    weights = named(mixture, learn_weights(lessons.likelihood, lessons.counts, mixture))
    return kernels.mixed([-days], weights), weights
