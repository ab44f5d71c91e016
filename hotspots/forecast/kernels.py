"""The kernels of a mixture, and what is believed of their weights before the data speak."""

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

NEAR_M = 100.0
"""Widths up to it make a neighbourhood."""


class Component(NamedTuple):
    """One kernel: its standard deviation, and the time in which an incident's weight halves."""

    scale_m: float
    half_life_days: float


FLAT = Component(np.inf, np.inf)
"""Every cell alike."""


@dataclass(frozen=True)
class Mixture:
    """Kernels, and what is believed of their weights before the data speak.

    The belief is a tree: first how far incidents reach; then, for each width, how long they are
    remembered. The next incident comes to the neighbourhood rather than to the very cell, and
    places outlast months, unless the data deny it: with few incidents, other weights are noise.

    Attributes
    ----------
    scales_m
        Standard deviations of the Gaussian kernels; 0 is the cell itself.
    half_lives_days
        Times in which an incident's weight halves; infinite: never forgotten.
    prior_width, prior_near
        Incidents that each width, and flat ground, is given beforehand, > 0; and each width above 0
        and up to `NEAR_M` instead.
    prior_lasting, prior_fading
        Incidents that, within each width, each memory that never forgets, or does, is given, > 0.
    """

    scales_m: tuple[float, ...]
    half_lives_days: tuple[float, ...]
    prior_width: float
    prior_near: float
    prior_lasting: float
    prior_fading: float

    @property
    def components(self) -> list[Component]:
        """Every width with every half-life, then flat ground."""
        kernels = itertools.product(self.scales_m, self.half_lives_days)
        return [*itertools.starmap(Component, kernels), FLAT]

    @property
    def widths(self) -> np.ndarray:
        """(k,) number of each component's width; flat ground has its own."""
        scales = np.arange(len(self.scales_m)).repeat(len(self.half_lives_days))
        return np.append(scales, len(self.scales_m))

    @property
    def prior_widths(self) -> np.ndarray:
        """(widths,) incidents given to each width, flat ground's the last."""
        near = [0 < scale_m <= NEAR_M for scale_m in self.scales_m]
        return np.where([*near, False], self.prior_near, self.prior_width)

    @property
    def prior_memory(self) -> np.ndarray:
        """(k,) incidents given to each component among those of its width."""
        lasting = [np.isinf(component.half_life_days) for component in self.components]
        return np.where(lasting, self.prior_lasting, self.prior_fading)
