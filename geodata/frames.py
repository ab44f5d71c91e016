"""The store as GeoDataFrames: the only bridge to the analysis.

All are EPSG:27700 with times in UTC, one row a database row, ordered by key. Geometry is decoded
all at once, so that a million rows take seconds.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Select, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import LargeBinary, String

from geodata import places
from geodata.models import Clearance, EnforcementAction, Incident, Place, Report
from geodata.types import SRID, Geometry, UTCDateTime
from geodata.vocabulary import PlaceKind

_PART_ROWS = 500
"""As many as lie in a processor's cache together: with 10,000 it takes three times as long."""
_POINT_BYTES = 29  # GeoPackage header of 8, WKB point of 21


def reports(session: Session) -> gpd.GeoDataFrame:
    """Every report.

    Columns: ``id`` (int), ``report_id`` (the reference), ``geometry`` (Point), ``reported_at``,
    ``accuracy_m`` (float, NaN unknown), ``source``, ``chargers``, ``cylinders`` (float, NaN
    unknown), ``first_seen_at``, ``last_clean_at``, ``from_vehicle`` (object: True, False, None),
    ``incident_id`` (float, NaN before linking), ``is_pinned``, ``has_needles``, ``has_glass``,
    ``is_leaking``, ``channel`` and ``landmark``.
    """
    columns = (
        Report.id,
        Report.reference.label("report_id"),
        Report.geometry,
        Report.reported_at,
        Report.accuracy_m,
        Report.source,
        Report.chargers,
        Report.cylinders,
        Report.first_seen_at,
        Report.last_clean_at,
        Report.from_vehicle,
        Report.incident_id,
        Report.is_pinned,
        Report.has_needles,
        Report.has_glass,
        Report.is_leaking,
        Report.channel,
        Report.landmark,
    )
    return _read(session, columns, select(*columns).order_by(Report.id))


def clearances(session: Session) -> gpd.GeoDataFrame:
    """Clearances that stand: neither voided nor replaced, nor of an incident merged into another.

    Columns: ``id``, ``geometry`` (Point or None), ``cleared_at``, ``outcome``, ``report_id``
    (the reference of the report that it answers, or None).
    """
    columns = (
        Clearance.id,
        Clearance.geometry,
        Clearance.occurred_at.label("cleared_at"),
        Clearance.outcome,
        Report.reference.label("report_id"),
    )
    replaced = select(Clearance.replaces_id).where(Clearance.replaces_id.is_not(None))
    query = (
        select(*columns)
        .outerjoin(Report, Report.id == Clearance.report_id)
        .outerjoin(Incident, Incident.id == Clearance.incident_id)
        .where(
            Clearance.voided_at.is_(None),
            Clearance.id.not_in(replaced),
            Incident.merged_into_id.is_(None),
        )
        .order_by(Clearance.id)
    )
    return _read(session, columns, query)


def incidents(session: Session) -> gpd.GeoDataFrame:
    """Every incident, in the shape that ``hotspots`` takes.

    Columns: ``incident_id`` (int), ``geometry`` (Point), ``first_reported_at``,
    ``last_reported_at``, ``cleared_at`` (NaT while open), ``first_seen_at``, ``last_clean_at``,
    ``reports`` (int), ``chargers``, ``cylinders`` (float, NaN unknown), ``from_vehicle``,
    ``state``.
    """
    columns = (
        Incident.id.label("incident_id"),
        Incident.geometry,
        Incident.first_reported_at,
        Incident.last_reported_at,
        Incident.closed_at.label("cleared_at"),
        Incident.first_seen_at,
        Incident.last_clean_at,
        Incident.reports,
        Incident.chargers,
        Incident.cylinders,
        Incident.from_vehicle,
        Incident.state,
    )
    query = select(*columns).where(Incident.merged_into_id.is_(None)).order_by(Incident.id)
    return _read(session, columns, query)


def actions(session: Session) -> gpd.GeoDataFrame:
    """Every enforcement action, for the analysis of effects; no text and no reference of a person.

    Columns: ``id``, ``geometry`` (Point), ``offence_at``, ``kind``, ``order_version_id`` (float,
    NaN where no order was breached).
    """
    columns = (
        EnforcementAction.id,
        EnforcementAction.geometry,
        EnforcementAction.offence_at,
        EnforcementAction.kind,
        EnforcementAction.order_version_id,
    )
    return _read(session, columns, select(*columns).order_by(EnforcementAction.id))


def report_channels(session: Session) -> gpd.GeoDataFrame:
    """How each report came: ``geometry`` (Point), ``reported_at``, ``channel``, ``incident_id``
    (float, NaN before linking) and ``poster_site_id`` (float, NaN where no poster's QR led to it).
    """
    columns = (
        Report.geometry,
        Report.reported_at,
        Report.channel,
        Report.incident_id,
        Report.poster_site_id,
    )
    return _read(session, columns, select(*columns).order_by(Report.id))


def wards(session: Session, day: date | None = None) -> gpd.GeoDataFrame:
    """Wards on a day (all there ever were, where None): ``id``, ``name``, ``geometry``."""
    found = session.scalars(places.current(day, PlaceKind.WARD)).all()
    return gpd.GeoDataFrame(
        {"id": [w.id for w in found], "name": [w.name for w in found]},
        geometry=[w.geometry for w in found],
        crs=SRID,
    )


def study_area(session: Session, day: date | None = None) -> gpd.GeoDataFrame:
    """The borough as one row ``geometry``; empty where the store was made without one."""
    outline = places.borough(session, day)
    return gpd.GeoDataFrame(geometry=[] if outline is None else [outline], crs=SRID)


def named_places(session: Session, day: date | None = None) -> gpd.GeoDataFrame:
    """Car parks, parks, stations and the like: ``id``, ``name``, ``kind``, ``geometry``."""
    found = [
        place
        for place in session.scalars(places.current(day))
        if place.kind not in places.AREA_KINDS
    ]
    return places_frame(found)


def places_frame(found: Sequence[Place]) -> gpd.GeoDataFrame:
    """Places as ``named_places`` has them."""
    return gpd.GeoDataFrame(
        {
            "id": [p.id for p in found],
            "name": [p.name for p in found],
            "kind": [p.kind for p in found],
        },
        geometry=[p.geometry for p in found],
        crs=SRID,
    )


def _read(session: Session, columns: Sequence[Any], query: Select[Any]) -> gpd.GeoDataFrame:
    """Run a query with geometry and instants raw, and decode whole columns at once."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    raw = query.with_only_columns(*(_undecoded(c, is_sqlite=is_sqlite) for c in columns))
    data = {
        column.name: _decoded(column.type, values, is_sqlite=is_sqlite)
        for column, values in zip(columns, _fetched(session, raw, len(columns)), strict=True)
    }
    return gpd.GeoDataFrame(data, geometry="geometry", crs=SRID)


def _fetched(session: Session, query: Select[Any], width: int) -> Iterator[np.ndarray]:
    """The answer column by column, turned part by part: rows of a million would fill the memory."""
    session.flush()
    answer: list[list[Any]] = [[] for _ in range(width)]
    for rows in session.connection().execute(query).partitions(_PART_ROWS):
        for column, values in zip(answer, zip(*rows, strict=True), strict=True):
            column.extend(values)
    while answer:
        yield np.array(answer.pop(0), dtype=object)


def _undecoded(column: Any, *, is_sqlite: bool) -> Any:
    if isinstance(column.type, Geometry):
        return type_coerce(column, LargeBinary() if is_sqlite else String()).label(column.name)
    if isinstance(column.type, UTCDateTime) and is_sqlite:
        return type_coerce(column, String()).label(column.name)
    return column


def _decoded(type_: Any, values: np.ndarray, *, is_sqlite: bool) -> Any:
    if isinstance(type_, Geometry):
        return _points(values) if is_sqlite else shapely.from_wkb(values)
    if isinstance(type_, UTCDateTime):
        return pd.to_datetime(pd.Series(values), utc=True, format="ISO8601" if is_sqlite else None)
    if type_.python_type in (int, float) and pd.isna(values).any():
        return values.astype(float)
    return pd.Series(values).infer_objects()


def _points(blobs: np.ndarray) -> np.ndarray:
    """Points from GeoPackage blobs, which are all of one length where none is null."""
    if pd.isna(blobs).any() or set(map(len, blobs)) != {_POINT_BYTES}:
        return np.array(
            [None if blob is None else shapely.from_wkb(bytes(blob[8:])) for blob in blobs],
            dtype=object,
        )
    table = np.frombuffer(b"".join(blobs), dtype=np.uint8).reshape(-1, _POINT_BYTES)
    xy = np.ascontiguousarray(table[:, 13:]).view("<f8")
    points: np.ndarray = shapely.points(xy)
    return points
