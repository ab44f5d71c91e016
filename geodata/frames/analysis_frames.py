"""The store as GeoDataFrames: the only bridge to the analysis.

All are EPSG:27700 with times in UTC, one row a database row, ordered by key. ``within`` is an area
in EPSG:27700: the store finds its neighbourhood by the spatial index, so that a page about one
place costs the same however long the borough's record is.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from geodata import places
from geodata.core.bulk import narrowed
from geodata.core.column_reading import read_frame
from geodata.core.spatial import box_intersects
from geodata.core.types import SRID
from geodata.core.vocabulary import PlaceKind
from geodata.frames.clean_moments import clean_moments, last_clean
from geodata.models import (
    Clearance,
    EnforcementAction,
    Hotspot,
    HotspotIncident,
    Incident,
    Place,
    Report,
)


def reports(session: Session, *, keys: Collection[int] | None = None) -> gpd.GeoDataFrame:
    """Every report, or those with some keys.

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
    return _read_keys(session, columns, select(*columns).order_by(Report.id), Report.id, keys)


def clearances(session: Session, *, keys: Collection[int] | None = None) -> gpd.GeoDataFrame:
    """Clearances that stand: neither voided nor replaced, nor of an incident merged into another.

    Every one, or those with some ``keys``.

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
    return _read_keys(session, columns, query, Clearance.id, keys)


def incidents(
    session: Session,
    *,
    as_of: datetime | None = None,
    within: BaseGeometry | None = None,
    after: datetime | None = None,
    until: datetime | None = None,
    spoken_of_since: datetime | None = None,
    flagged_in: int | None = None,
) -> gpd.GeoDataFrame:
    """Incidents, in the shape that ``hotspots`` takes; every one where nothing narrows it.

    Parameters
    ----------
    as_of
        ``last_clean_at`` is what a person said or what ``frames.clean_moments`` finds, whichever
        is later; nothing that was recorded after this moment tells of it (None: all that is
        stored now).
    within
        Only those in an area.
    after, until
        Only those first reported later than ``after``, and no later than ``until``.
    spoken_of_since
        Only those first reported or closed from this moment on.
    flagged_in
        Only those in a hotspot of the detection run with this key.

    Returns
    -------
    GeoDataFrame
        Columns ``incident_id`` (int), ``geometry`` (Point), ``first_reported_at``,
        ``last_reported_at``, ``cleared_at`` (NaT while open), ``first_seen_at``,
        ``last_clean_at``, ``reports`` (int), ``chargers``, ``cylinders`` (float, NaN unknown),
        ``from_vehicle``, ``state``.
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
    if after is not None:
        query = query.where(Incident.first_reported_at > after)
    if until is not None:
        query = query.where(Incident.first_reported_at <= until)
    if spoken_of_since is not None:
        query = query.where(
            (Incident.first_reported_at >= spoken_of_since)
            | (Incident.closed_at >= spoken_of_since)
        )
    if flagged_in is not None:
        query = query.where(Incident.id.in_(_members(flagged_in)))
    rows = _read_within(session, columns, query, Incident.geometry, within)
    if rows.empty:
        return rows
    seen = rows["first_seen_at"].fillna(rows["first_reported_at"])
    moments = clean_moments(
        session,
        as_of=as_of,
        within=None if within is None else shapely.box(*rows.total_bounds),
        told_by=(seen.min().to_pydatetime(), seen.max().to_pydatetime()),
    )
    return rows.assign(last_clean_at=last_clean(rows, moments))


def record_begins(session: Session) -> datetime | None:
    """When the first incident was first reported; None in an empty store."""
    is_own = Incident.merged_into_id.is_(None)
    return session.scalar(select(func.min(Incident.first_reported_at)).where(is_own))


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
    return read_frame(session, columns, select(*columns).order_by(EnforcementAction.id))


def report_channels(session: Session, *, within: BaseGeometry | None = None) -> gpd.GeoDataFrame:
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
    query = select(*columns).order_by(Report.id)
    return _read_within(session, columns, query, Report.geometry, within)


def _members(run_id: int) -> Select[Any]:
    return (
        select(HotspotIncident.incident_id)
        .join(Hotspot, Hotspot.id == HotspotIncident.hotspot_id)
        .where(Hotspot.run_id == run_id)
    )


def _read_keys(
    session: Session,
    columns: Sequence[Any],
    query: Select[Any],
    key: InstrumentedAttribute[int],
    keys: Collection[int] | None,
) -> gpd.GeoDataFrame:
    parts = [read_frame(session, columns, part) for part in narrowed(query, key, keys)]
    if not parts:
        return read_frame(session, columns, query.where(false()))
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _read_within(
    session: Session,
    columns: Sequence[Any],
    query: Select[Any],
    geometry: InstrumentedAttribute[Any],
    within: BaseGeometry | None,
) -> gpd.GeoDataFrame:
    """The box is the index's, the exact test ours."""
    if within is None:
        return read_frame(session, columns, query)
    if within.is_empty:
        return read_frame(session, columns, query.where(false()))
    rows = read_frame(session, columns, query.where(box_intersects(geometry, within.bounds)))
    return rows[rows.intersects(within)].reset_index(drop=True)


def wards(session: Session, day: date | None = None) -> gpd.GeoDataFrame:
    """Wards on a day (all there ever were, where None): ``id``, ``name``, ``geometry``."""
    rows = session.scalars(places.current(day, PlaceKind.WARD)).all()
    return gpd.GeoDataFrame(
        {"id": [ward.id for ward in rows], "name": [ward.name for ward in rows]},
        geometry=[ward.geometry for ward in rows],
        crs=SRID,
    )


def study_area(session: Session, day: date | None = None) -> gpd.GeoDataFrame:
    """The borough as one row ``geometry``; empty where the store was made without one."""
    outline = places.borough(session, day)
    return gpd.GeoDataFrame(geometry=[] if outline is None else [outline], crs=SRID)


def named_places(session: Session, day: date | None = None) -> gpd.GeoDataFrame:
    """Car parks, parks, stations and the like: ``id``, ``name``, ``kind``, ``geometry``."""
    return places_frame(
        [
            place
            for place in session.scalars(places.current(day))
            if place.kind not in places.AREA_KINDS
        ]
    )


def places_frame(rows: Sequence[Place]) -> gpd.GeoDataFrame:
    """Places as ``named_places`` has them."""
    return gpd.GeoDataFrame(
        {
            "id": [place.id for place in rows],
            "name": [place.name for place in rows],
            "kind": [place.kind for place in rows],
        },
        geometry=[place.geometry for place in rows],
        crs=SRID,
    )
