"""What counts as a hotspot, in numbers."""

from dataclasses import dataclass

import numpy as np

from hotspots.core.errors import ParameterError

NULLS = ("surroundings", "even")


@dataclass(frozen=True)
class DetectionParams:
    """What counts as a hotspot.

    Attributes
    ----------
    months
        Length of the window that ends at ``as_of``, ≥ 1.
    radii_m
        Radii of the discs that are tried, up to 150 m: what a pair of officers can stand in.
    alpha
        Largest q-value (false-discovery rate) of a flag, in (0, 1).
    min_rate_ratio
        Least ratio of observed to expected, ≥ 1.
    min_nights, min_weeks
        Least number of different dump-nights, and of different weeks, that the incidents span.
    min_incidents
        Fewer than this in the window are too few to test, ≥ 5.
    max_width_m
        Hotspots that one crowd joins are told of as one up to this width, ≥ 50.
    n_simulations
        Simulated maps, ≥ 99.
    simulate_up_to
        With more cases than this a bound takes the place of the simulations, ≥ 0: it costs
        nothing, and can only err towards saying "chance" (``scan.bound_p_values``).
    seed
        Of the simulations: the same seed gives the same result.
    null
        What a place is held against. ``surroundings``: the incidents round about it and how much
        ordinary places differ (`hotspots.scan.surroundings`), without simulation. ``even``: ground,
        or exposure, that is alike everywhere.
    """

    months: int = 12
    radii_m: tuple[float, ...] = (25.0, 50.0, 75.0, 100.0, 150.0)
    alpha: float = 0.05
    min_rate_ratio: float = 3.0
    min_nights: int = 3
    min_weeks: int = 3
    min_incidents: int = 20
    max_width_m: float = 300.0
    n_simulations: int = 999
    simulate_up_to: int = 5_000
    seed: int = 20190501
    null: str = "surroundings"

    def __post_init__(self) -> None:
        limits = {
            "months": (self.months, 1, 1200),
            "min_rate_ratio": (self.min_rate_ratio, 1, np.inf),
            "min_nights": (self.min_nights, 1, np.inf),
            "min_weeks": (self.min_weeks, 1, np.inf),
            "min_incidents": (self.min_incidents, 5, np.inf),
            "max_width_m": (self.max_width_m, 50, np.inf),
            "n_simulations": (self.n_simulations, 99, 99_999),
            "simulate_up_to": (self.simulate_up_to, 0, np.inf),
        }
        for name, (value, least, most) in limits.items():
            if not least <= value <= most:
                raise ParameterError(f"{name} is {value}: it must be from {least} to {most}")
        if self.null not in NULLS:
            raise ParameterError(f"null is {self.null!r}: it must be one of {', '.join(NULLS)}")
        if not 0 < self.alpha < 1:
            raise ParameterError(f"alpha is {self.alpha}: it must be between 0 and 1")
        if not self.radii_m or min(self.radii_m) <= 0 or max(self.radii_m) > 150:
            raise ParameterError(f"radii_m is {self.radii_m}: give radii above 0 and up to 150")
