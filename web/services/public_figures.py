"""What the public may see: counts by ward and by month, the small ones hidden."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geodata import frames
from web.services.disclosure import suppressed

LONDON = ZoneInfo("Europe/London")
MONTHS = 12


@dataclass(frozen=True)
class PublicFigures:
    """Incidents first reported in the last full twelve months.

    Attributes
    ----------
    since, until
        First day, and the day after the last.
    total
        Incidents in the borough.
    wards
        ``name``, ``geometry``, ``incidents`` (NaN where hidden), ``shown`` (the words).
    months
        The first day of each month, and its count or None where hidden.
    """

    since: pd.Timestamp
    until: pd.Timestamp
    total: int
    wards: gpd.GeoDataFrame
    months: list[tuple[pd.Timestamp, int | None]]


def figures(session: Session, *, now: datetime) -> PublicFigures:
    """The public's figures as of a moment. The running month is left out: it is not finished."""
    until = pd.Timestamp(now).tz_convert(LONDON).normalize().replace(day=1)
    since = until - pd.DateOffset(months=MONTHS)
    incidents = frames.incidents(session)
    local = incidents["first_reported_at"].dt.tz_convert(LONDON)
    incidents = incidents[(local >= since) & (local < until)]
    wards = frames.wards(session, until.date() - timedelta(days=1))
    return PublicFigures(
        since, until, len(incidents), _by_ward(incidents, wards), _by_month(incidents, since)
    )


def _by_ward(incidents: gpd.GeoDataFrame, wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    tree = shapely.STRtree(wards.geometry.to_numpy())
    inside, ward = tree.query(incidents.geometry.to_numpy(), predicate="intersects")
    first = pd.Series(ward).groupby(inside).min()  # on a border: one ward only
    counts = first.value_counts().reindex(range(len(wards)), fill_value=0)
    told = suppressed([*counts.tolist(), len(incidents) - int(counts.sum())])[:-1]
    shown = ["Too few to show" if count is None else str(count) for count in told]
    return wards.assign(incidents=pd.Series(told, dtype=float), shown=shown)


def _by_month(
    incidents: gpd.GeoDataFrame, since: pd.Timestamp
) -> list[tuple[pd.Timestamp, int | None]]:
    starts = [since + pd.DateOffset(months=n) for n in range(MONTHS + 1)]
    local = incidents["first_reported_at"].dt.tz_convert(LONDON)
    counts = [
        int(((local >= first) & (local < last)).sum()) for first, last in itertools.pairwise(starts)
    ]
    return list(zip(starts, suppressed(counts), strict=False))
