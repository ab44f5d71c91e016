"""The hours of the whole borough's week, which a detection run reckons and keeps."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np

from hotspots.timing import hour_profiles
from hotspots.timing.hot_hours import hot_hours

KEPT_AS = "borough_hours"


def reckon(incidents: gpd.GeoDataFrame, *, as_of: datetime) -> list[float] | None:
    """168 shares, Monday 00:00 in London first; None where no incident's hour is known.

    ``incidents`` are those of the run's window, as ``frames.incidents`` has them.
    """
    profiles = hour_profiles(incidents, np.full(len(incidents), -1), as_of=as_of)
    if not profiles.vague_share < 1:  # NaN of nothing
        return None
    return [round(float(share), 6) for share in profiles.borough]


def read(summary: Mapping[str, Any]) -> tuple[float, ...]:
    """What a run's summary holds; empty where it holds none."""
    return tuple(summary.get(KEPT_AS) or ())


def in_short(shares: tuple[float, ...]) -> str:
    """The hot hours in words, such as "Fri and Sat 21:00-01:00"; empty where none are known."""
    return str(hot_hours(np.asarray(shares))) if shares else ""
