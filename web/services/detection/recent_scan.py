"""The last weeks against the months before: spikes and near repeats, at a bounded cost."""

from dataclasses import replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.core.grid_references import GridReferenceError, format_gridref
from geodata.rules.days import local_day
from hotspots.core.frames import coordinates
from hotspots.scan import knox_test, scan_spikes
from hotspots.timing.nights import dump_nights
from hotspots.timing.parties import one_a_party
from web.services.detection.hotspot_names import place_in_words
from web.services.detection.recent_days import (
    REPEAT_DAYS,
    REPEAT_M,
    SPIKE,
    NearRepeat,
    RecentDays,
    Spike,
)

WINDOWS_MONTHS = (12, 6, 3)
MOST_INCIDENTS = 1_500
MOST_NEIGHBOURS = 100_000
"""Incidents of a window, and pairs of them within a circle's reach: some seconds of scanning."""


def window_months(incidents: gpd.GeoDataFrame, as_of: datetime) -> int | None:
    """The longest window whose scan ends soon; None where even the shortest one's does not.

    Parameters
    ----------
    incidents
        Points in metres; ``first_reported_at``.
    """
    for months in WINDOWS_MONTHS:
        xy = coordinates(_window(incidents, as_of, months))
        if len(xy) <= MOST_INCIDENTS and _neighbours(xy) <= MOST_NEIGHBOURS:
            return months
    return None


def _neighbours(xy: np.ndarray) -> int:
    """Ordered pairs within a circle's reach, each point with itself among them."""
    tree = cKDTree(xy)
    return int(tree.count_neighbors(tree, SPIKE.max_radius_m)) if len(xy) else 0


def _window(incidents: gpd.GeoDataFrame, as_of: datetime, months: int) -> gpd.GeoDataFrame:
    reported, now = incidents["first_reported_at"], pd.Timestamp(as_of)
    return incidents[(reported > now - pd.DateOffset(months=months)) & (reported <= now)]


def reckon(
    session: Session, incidents: gpd.GeoDataFrame, *, begins: datetime | None, as_of: datetime
) -> RecentDays:
    """Spikes and near repeats as of a moment.

    Parameters
    ----------
    incidents
        Of the borough, as ``frames.incidents`` has them.
    begins
        When the record begins; None: there is none.
    """
    months = window_months(incidents, as_of)
    window = _window(incidents, as_of, months or WINDOWS_MONTHS[-1])
    opens = pd.Timestamp(as_of) - pd.DateOffset(months=months or WINDOWS_MONTHS[-1])
    begins_on = local_day(max(opens.to_pydatetime(), begins or as_of))
    recent = RecentDays(months, begins_on, len(window))
    if months is None or not recent.is_compared:
        return recent
    spikes = _spikes(session, window, months, as_of)
    return replace(recent, spikes=spikes, near_repeat=_near_repeat(window))


def _spikes(
    session: Session, window: gpd.GeoDataFrame, months: int, as_of: datetime
) -> tuple[Spike, ...]:
    rises = scan_spikes(window, replace(SPIKE, months=months), as_of=as_of)
    return tuple(
        Spike(
            x=round(row["geometry"].x, 1),
            y=round(row["geometry"].y, 1),
            radius_m=round(float(row["radius_m"]), 1),
            where=_where(session, row["geometry"]),
            since=row["since"].date(),
            incidents=int(row["incidents"]),
            expected=round(float(row["expected"]), 3),
            every_days=round(float(row["recurrence_interval_days"]), 1),
        )
        for row in rises.to_dict("records")
    )


def _where(session: Session, centre: Point) -> str:
    words = place_in_words(session, centre)
    try:
        return f"{words}, {format_gridref(centre.x, centre.y, digits=4)}"
    except GridReferenceError:
        return words


def _near_repeat(window: gpd.GeoDataFrame) -> NearRepeat:
    """By separate parties, so that five piles of one night are no four repeats."""
    xy, nights = coordinates(window), dump_nights(window)
    rows = one_a_party(xy, nights, SPIKE.party_radius_m)
    day = nights.to_numpy().astype("datetime64[D]").astype(np.int64)[rows]
    rng = np.random.default_rng(SPIKE.seed)
    knox = knox_test(xy[rows], day, distance_m=REPEAT_M, within_days=REPEAT_DAYS, rng=rng)
    return NearRepeat(knox.observed, round(knox.expected, 2), knox.p_value)
