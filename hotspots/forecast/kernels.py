"""The kernels of a mixture, and what is believed of their weights before the data speak."""

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

NEAR_M = 100.0
"""Widths up to it make a neighbourhood."""


PRIOR_OTHER = 1.0
"""Incidents that each width of another layer, each memory of it, and each ground is given."""


class Component(NamedTuple):
    """One kernel: its standard deviation, and the time in which an event's weight halves.

    ``layer`` is whose events it spreads: 0 is the incidents themselves. A ground, which spreads
    none, has no width and no memory, and is flat where ``layer`` is 0.
    """

    scale_m: float
    half_life_days: float
    layer: int = 0


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
    layers, grounds
        Numbers of other layers of events, and of grounds beside the flat one.
    """

    scales_m: tuple[float, ...]
    half_lives_days: tuple[float, ...]
    prior_width: float
    prior_near: float
    prior_lasting: float
    prior_fading: float
    layers: int = 0
    grounds: int = 0

    @property
    def components(self) -> list[Component]:
        """Every width with every half-life, layer by layer, then flat ground and the others."""
        kernels = [
            Component(scale_m, half_life_days, layer)
            for layer in range(self.layers + 1)
            for scale_m, half_life_days in itertools.product(self.scales_m, self.half_lives_days)
        ]
        grounds = [Component(np.inf, np.inf, number + 1) for number in range(self.grounds)]
        return [*kernels, FLAT, *grounds]

    @property
    def widths(self) -> np.ndarray:
        """(k,) number of each component's width; every layer and ground has its own."""
        kernels = len(self.scales_m) * (self.layers + 1)
        scales = np.arange(kernels).repeat(len(self.half_lives_days))
        return np.append(scales, kernels + np.arange(self.grounds + 1))

    @property
    def prior_widths(self) -> np.ndarray:
        """(widths,) incidents given to each width, those of grounds the last."""
        near = np.array([0 < scale_m <= NEAR_M for scale_m in self.scales_m])
        own = np.where(near, self.prior_near, self.prior_width)
        others = np.full(len(self.scales_m) * self.layers, PRIOR_OTHER)
        grounds = np.full(self.grounds, PRIOR_OTHER)
        return np.concatenate([own, others, [self.prior_width], grounds])

    @property
    def prior_memory(self) -> np.ndarray:
        """(k,) incidents given to each component among those of its width."""
        return np.array([self._memory(component) for component in self.components])

    def _memory(self, component: Component) -> float:
        lasts = np.isinf(component.half_life_days)
        if component.layer and lasts:
            return PRIOR_OTHER
        return self.prior_lasting if lasts else self.prior_fading
