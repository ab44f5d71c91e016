"""When a place was last known clean: what tells at which hour canisters were dumped there.

Hardly anybody who reports a dump says when there was none yet, but the record often knows: a crew
cleared the place, or came and found nothing, or a patrol stood there and saw none. The last such
moment before a dump's first sighting is its ``last_clean_at``, by these rules:

- The place is within ``PLACE_M`` of the incident's first report: the distance within which two
  reports speak of one dump.
- The moment is at most ``TELLS_FOR`` before the sighting. After a longer time every hour of the
  clock is possible, and the middle of the time no longer tells the night.
- A clearance that was voided or corrected is no evidence; its correction may be.
- Nothing recorded after the moment of asking counts. A patrol's visit is recorded on the spot.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from geodata.core.column_reading import read_frame
from geodata.core.spatial import Box, box_intersects
from geodata.core.types import UTCDateTime
from geodata.core.vocabulary import Outcome
from geodata.models import Clearance, Incident, PatrolStop, PatrolVisit

PLACE_M = 25.0
TELLS_FOR = timedelta(hours=24)
Span = tuple[datetime, datetime]
FOUND_CLEAN = (Outcome.CLEARED.value, Outcome.NOT_FOUND.value)
"""Outcomes after which nothing lies there. Other people's land, or a locked gate, is no such."""


def clean_moments(
    session: Session,
    *,
    as_of: datetime | None = None,
    within: BaseGeometry | None = None,
    told_by: tuple[datetime, datetime] | None = None,
) -> gpd.GeoDataFrame:
    """Where and when somebody saw that no canisters lie there, as far as known at ``as_of``.

    Parameters
    ----------
    within
        Only those near enough to tell of an incident in the bounding box of this area.
    told_by
        Only those that may tell of an incident first seen between these moments.

    Returns
    -------
    GeoDataFrame
        Columns ``geometry`` (Point, EPSG:27700: the incident's, or where the crew or patrol
        stood) and ``clean_at`` (UTC).
    """
    box = None if within is None else within.buffer(PLACE_M, join_style="mitre").bounds
    span = None if told_by is None else (told_by[0] - TELLS_FOR, told_by[1])
    queries = [*_clearances(as_of, box, span), *_patrols(as_of, box, span)]
    parts = [read_frame(session, list(query.selected_columns), query) for query in queries]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def last_clean(incidents: gpd.GeoDataFrame, moments: gpd.GeoDataFrame) -> pd.Series:
    """When the place of each incident was last known clean before the incident was first seen.

    Parameters
    ----------
    incidents
        Points, EPSG:27700; ``first_reported_at``, ``first_seen_at`` and ``last_clean_at`` (what
        the reports say of it), the last two NaT where unknown.
    moments
        As `clean_moments` finds them.

    Returns
    -------
    Series
        UTC on the incidents' index, NaT where neither the reports nor the moments tell.
    """
    reported = incidents["last_clean_at"]
    seen = incidents["first_seen_at"].fillna(incidents["first_reported_at"])
    row, moment = _closest_pairs(incidents.geometry, seen, moments.geometry, moments["clean_at"])
    latest = moments["clean_at"].iloc[moment].groupby(row).max()
    known = latest.reindex(range(len(incidents))).set_axis(incidents.index)
    return reported.where(reported >= known, known.fillna(reported))


def _closest_pairs(
    places: gpd.GeoSeries, seen: pd.Series, clean_places: gpd.GeoSeries, clean: pd.Series
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of incidents, and of the moments that tell of them.

    A place where thousands were cleared in years has few in a day: so the tree searches in space
    and time together, in a cube about the middle of the time that may tell.
    """
    if seen.empty or clean.empty:
        return np.empty(0, dtype=int), np.empty(0, dtype=int)
    at, clean_at = _seconds(seen), _seconds(clean)
    span_s = TELLS_FOR.total_seconds()
    metres_a_second = 2 * PLACE_M / span_s
    incident_tree, known = (
        KDTree(np.c_[shapely.get_coordinates(where.to_numpy()), middle * metres_a_second])
        for where, middle in ((places, at - span_s / 2), (clean_places, clean_at))
    )
    # A hair wider than the cube, since seconds are rounded to metres; the exact test follows.
    pairs = incident_tree.sparse_distance_matrix(
        known, PLACE_M + 0.01, p=np.inf, output_type="ndarray"
    )
    row, moment = pairs["i"], pairs["j"]
    apart = shapely.distance(places.to_numpy()[row], clean_places.to_numpy()[moment])
    before = at[row] - clean_at[moment]
    tells = (apart <= PLACE_M) & (before > 0) & (before <= span_s)
    return row[tells], moment[tells]


def _seconds(moments: pd.Series) -> np.ndarray:
    """Since 1970, exact to the millisecond that the store keeps."""
    seconds: np.ndarray = moments.to_numpy(dtype="datetime64[ms]").astype(np.int64) / 1_000
    return seconds


def _moments(
    where: InstrumentedAttribute[Any], at: Any, box: Box | None, span: Span | None
) -> Select[Any]:
    """One table's points: each kind of moment is a query of its own, so that an index serves it."""
    columns: list[Any] = [where.label("geometry"), at.label("clean_at")]
    query = select(*columns).where(where.is_not(None))
    if span is not None:
        query = query.where(at >= span[0], at <= span[1])
    return query if box is None else query.where(box_intersects(where, box))


def _clearances(
    as_of: datetime | None, box: Box | None, span: Span | None
) -> Iterator[Select[Any]]:
    """Where crews found or left nothing: at the incident, or where the file says it was done."""
    replaced = select(Clearance.replaces_id).where(Clearance.replaces_id.is_not(None))
    stands: ColumnElement[bool] = Clearance.voided_at.is_(None)
    if as_of is not None:
        replaced = replaced.where(Clearance.recorded_at <= as_of)
        stands = or_(stands, Clearance.voided_at > as_of) & (Clearance.recorded_at <= as_of)
    counts = Clearance.outcome.in_(FOUND_CLEAN) & stands & Clearance.id.not_in(replaced)
    linked = _moments(Incident.geometry, Clearance.occurred_at, box, span)
    yield linked.join(Clearance, Clearance.incident_id == Incident.id).where(counts)
    alone = _moments(Clearance.geometry, Clearance.occurred_at, box, span)
    yield alone.where(Clearance.incident_id.is_(None), counts)


def _patrols(as_of: datetime | None, box: Box | None, span: Span | None) -> Iterator[Select[Any]]:
    """Where patrols saw none: up to when they left, as far as they say when."""
    until = func.coalesce(PatrolVisit.left_at, PatrolVisit.arrived_at, type_=UTCDateTime())
    counts: ColumnElement[bool] = PatrolVisit.canisters_seen.is_(False)
    if as_of is not None:
        counts &= until <= as_of
    yield _moments(PatrolVisit.geometry, until, box, span).where(counts)
    stopped = _moments(PatrolStop.geometry, until, box, span)
    visits = stopped.join(PatrolVisit, PatrolVisit.stop_id == PatrolStop.id)
    yield visits.where(PatrolVisit.geometry.is_(None), counts)
