"""What each expert is made of: how much of it every kernel holds.

All of them are sums over incidents, and so is their mixture: one large mixture of kernels.
"""

from collections.abc import Mapping

import numpy as np

from hotspots.forecast.accuracy import UNIFORM_PART
from hotspots.forecast.baselines import WIDTHS_M
from hotspots.forecast.kernels import FLAT, Component

Shares = Mapping[Component, float]
"""Of the kernels, summing to 1."""


def fixed_kernels(cell_size_m: float) -> dict[str, Shares]:
    """Shares of the kernels in each method of `hotspots.forecast.baselines` that sums them.

    Near an edge a kernel density gives away what falls outside, which is left out here.

    Examples
    --------
    >>> blend = fixed_kernels(100.0)["grid count + 0.5 KDE 100 m"]
    >>> [round(share, 3) for share in blend.values()]  # half of 2 π cells to one
    [0.241, 0.759]
    """
    in_kernel = np.pi * (100.0 / cell_size_m) ** 2
    return {
        "grid count": {Component(0.0, np.inf): 1.0},
        "grid count, half-life 90 d": {Component(0.0, 90.0): 1.0},
        **{f"KDE {scale} m": {Component(float(scale), np.inf): 1.0} for scale in WIDTHS_M},
        "grid count + 0.5 KDE 100 m": {
            Component(0.0, np.inf): 1 / (1 + in_kernel),
            Component(100.0, np.inf): in_kernel / (1 + in_kernel),
        },
    }


def pooled_kernels(
    trust: Mapping[str, float], made_of: Mapping[str, Shares]
) -> dict[Component, float]:
    """Shares of the kernels in experts who are trusted so much, each with the flat ground of
    `UNIFORM_PART`."""
    pooled = {FLAT: UNIFORM_PART}
    for name, weight in trust.items():
        for component, share in made_of[name].items():
            pooled[component] = pooled.get(component, 0.0) + (1 - UNIFORM_PART) * weight * share
    return pooled
