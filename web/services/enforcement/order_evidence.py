"""Evidence for an order: what happened in an area and around it, how persistently, what changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import frames
from geodata.enforcement import actions
from geodata.frames.coverage import Coverage, coverage
from geodata.rules.days import LONDON
from hotspots.timing.nights import dump_nights

AROUND_M = 250.0
LEAST_DAYS = 28


@dataclass(frozen=True)
class YearLine:
    """One calendar year: incidents, and the nights and months that had any, in the area."""

    year: int
    inside: int
    around: int
    nights: int
    months: int
    with_cylinders: int


@dataclass(frozen=True)
class Effect:
    """Incidents in equal times before and since an order began, in the area and around it.

    Both times are as long as the records allow: they may begin not long before the order.
    """

    began: date
    days: int
    inside_before: int
    inside_since: int
    around_before: int
    around_since: int


@dataclass(frozen=True)
class Evidence:
    """What there is to say for an area; ``around`` is a ring of ``AROUND_M`` metres."""

    area_m2: float
    years: list[YearLine]
    actions_by_kind: dict[str, int]
    effect: Effect | None


def evidence_for(
    session: Session, area: BaseGeometry, *, now: datetime, began: date | None = None
) -> Evidence:
    """The evidence for an area (EPSG:27700) up to now.

    Parameters
    ----------
    began
        First day of the order whose effect is asked.
    """
    near = frames.incidents(session, within=area.buffer(AROUND_M))
    inside, around = _split(near, area)
    kinds = pd.Series([a.kind for a, _ in actions.within(session, area)], dtype=object)
    record = coverage(session, today=now.astimezone(LONDON).date(), within=area.buffer(AROUND_M))
    return Evidence(
        area.area,
        _years(inside, around),
        {str(kind): int(count) for kind, count in sorted(kinds.value_counts().items())},
        None
        if began is None
        else _effect(inside, around, began, now, _record_begins(session), record),
    )


def _split(
    incidents: gpd.GeoDataFrame, area: BaseGeometry
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    points = incidents.geometry.to_numpy()
    shapely.prepare(area)
    is_inside = shapely.intersects(area, points)
    is_near = shapely.dwithin(area, points, AROUND_M)
    return incidents[is_inside], incidents[is_near & ~is_inside]


def _local_year(incidents: gpd.GeoDataFrame) -> pd.Series:
    years: pd.Series = incidents["first_reported_at"].dt.tz_convert(LONDON).dt.year
    return years


def _years(inside: gpd.GeoDataFrame, around: gpd.GeoDataFrame) -> list[YearLine]:
    near = _local_year(around).value_counts()
    nights = dump_nights(inside)
    months = inside["first_reported_at"].dt.tz_convert(LONDON).dt.month
    large = inside["cylinders"].fillna(0) > 0
    years = _local_year(inside)
    return [
        YearLine(
            int(year),
            int((years == year).sum()),
            int(near.get(year, 0)),
            int(nights[years == year].nunique()),
            int(months[years == year].nunique()),
            int(large[years == year].sum()),
        )
        for year in sorted({*years, *near.index}, reverse=True)
    ]


def _record_begins(session: Session) -> pd.Timestamp:
    begins: pd.Timestamp = pd.Timestamp(frames.record_begins(session))
    return begins


def _effect(
    inside: gpd.GeoDataFrame,
    around: gpd.GeoDataFrame,
    began: date,
    now: datetime,
    recorded_since: pd.Timestamp,
    record: Coverage,
) -> Effect | None:
    """None where the record leaves less than ``LEAST_DAYS`` on either side, or has a gap there."""
    start = pd.Timestamp(began, tz=LONDON)
    if pd.isna(recorded_since):
        return None
    until = pd.Timestamp(now)
    if record.last is not None:
        until = min(until, pd.Timestamp(record.last + timedelta(days=1), tz=LONDON))
    length = min(until - start, start - recorded_since)
    if length < pd.Timedelta(days=LEAST_DAYS):
        return None
    days = (start - length).date(), (start + length).date()
    if any(gap.overlaps(*days) for gap in record.gaps):
        return None
    counts = [
        _between(frame, first, last)
        for frame in (inside, around)
        for first, last in ((start - length, start), (start, start + length))
    ]
    return Effect(began, length.days, *counts)


def _between(incidents: gpd.GeoDataFrame, first: pd.Timestamp, last: pd.Timestamp) -> int:
    reported = incidents["first_reported_at"]
    return int(np.count_nonzero((reported >= first) & (reported < last)))
