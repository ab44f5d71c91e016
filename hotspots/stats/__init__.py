"""Statistics that know no map: rates, shares, tests, intervals and models of counts.

Imports `core`. Start with `rates`.
"""

from hotspots.stats.rates import e_test, poisson_interval, rate_ratio

__all__ = ["e_test", "poisson_interval", "rate_ratio"]
