"""Boroughs that never were, with the truth beside them: for tests, the demo and benchmarks.

Imports `core`. Start with `synthetic_borough`.
"""

from hotspots.synthetic.boroughs import (
    PRESETS,
    SUMMER_PEAK,
    WEEKEND_PEAK,
    BoroughParams,
    SyntheticBorough,
    synthetic_borough,
)
from hotspots.synthetic.reports import synthetic_reports

__all__ = [
    "PRESETS",
    "SUMMER_PEAK",
    "WEEKEND_PEAK",
    "BoroughParams",
    "SyntheticBorough",
    "synthetic_borough",
    "synthetic_reports",
]
