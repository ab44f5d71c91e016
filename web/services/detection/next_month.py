"""How many incidents each hotspot of a run may expect in the days after it."""

from dataclasses import replace
from datetime import datetime

import geopandas as gpd

from hotspots.detection import DetectionResult
from hotspots.forecast.next_counts import MONTH_DAYS, next_counts


def foretold(
    result: DetectionResult,
    surface: gpd.GeoDataFrame,
    *,
    as_of: datetime,
    record: gpd.GeoDataFrame | None = None,
) -> DetectionResult:
    """The same, its hotspots with ``next_month``, ``next_month_low``, ``next_month_high`` (90 %)
    and ``next_month_sentence``.

    Parameters
    ----------
    surface
        ``expected_per_day`` of each cell, EPSG:27700.
    record
        All incidents of the borough, which tell its seasons; those of the run's window where None.
    """
    hotspots = result.hotspots
    outlines = hotspots.geometry.reset_index(drop=True)
    counts = next_counts(
        result.incidents,
        result.incidents["hotspot"],
        outlines,
        surface,
        as_of=as_of,
        record=record,
    )
    counts.index = hotspots.index
    sentences = [sentence(row.expected, row.low, row.high) for row in counts.itertuples()]
    columns = {
        "next_month": counts["expected"],
        "next_month_low": counts["low"],
        "next_month_high": counts["high"],
        "next_month_sentence": sentences,
    }
    return replace(result, hotspots=hotspots.assign(**columns))


def sentence(expected: float, low: int, high: int) -> str:
    """As an officer reads it.

    >>> sentence(3.24, 1, 6)
    'Expect about 3.2 incidents here in the next 30 days (likely 1 to 6).'
    >>> sentence(0.04, 0, 0)
    'Expect fewer than 0.1 incidents here in the next 30 days (likely none).'
    """
    number = f"about {expected:.1f}" if expected >= 0.1 else "fewer than 0.1"
    likely = "none" if high == 0 else f"{low}" if low == high else f"{low} to {high}"
    return f"Expect {number} incidents here in the next {MONTH_DAYS:.0f} days (likely {likely})."
