"""When canisters are dumped: nights, hours of the week, seasons and periods.

Imports `core`, `geometry`, `stats`. Start with `nights`, then `profiles`.
"""

from hotspots.timing.nights import dump_nights
from hotspots.timing.profiles import HourProfiles, TimingParams, hour_profiles

__all__ = [
    "HourProfiles",
    "TimingParams",
    "dump_nights",
    "hour_profiles",
]
