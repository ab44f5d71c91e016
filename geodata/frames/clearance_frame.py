"""Incidents with a public clock as a frame, for the figures of clearance."""

from datetime import datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from geodata.core.column_reading import read_frame
from geodata.core.vocabulary import IncidentState
from geodata.detections import latest_run
from geodata.incidents import incident_events
from geodata.incidents.open_incidents import HAS_OUTCOME
from geodata.models import (
    Hotspot,
    HotspotIdentity,
    HotspotIncident,
    Incident,
    IncidentEvent,
    Place,
)
from geodata.rules.clearances.pauses import stood_still

REPEATS_WITHIN = timedelta(days=28)
"""After this long an incident at the same spot is not one that came back."""


def clocked_incidents(
    session: Session,
    *,
    now: datetime,
    due_from: datetime | None = None,
    due_before: datetime | None = None,
) -> gpd.GeoDataFrame:
    """Every incident whose clock the public started, merged ones left out, by key.

    With ``due_from`` and ``due_before`` only what the figures of that time need: what fell due in
    it, what is open as of ``now``, and what may have followed one that was cleared.

    Columns: ``incident_id``, ``key``, ``geometry`` (Point, EPSG:27700), ``told_at``, ``due_at``,
    ``closed_at`` (UTC; NaT while open), ``outcome`` (None while open; ``lapsed`` where nobody
    recorded one), ``reports``, ``stood_h`` (hours for which the clock stood, up to the end or
    ``now``), ``ward``, ``contractor`` and ``hotspot`` (of the latest run) as names or "".
    """
    columns = (
        Incident.id.label("incident_id"),
        Incident.key,
        Incident.first_public_at.label("told_at"),
        Incident.due_at,
        Incident.closed_at,
        Incident.state,
        Incident.reports,
        Place.name.label("ward"),
        Incident.contractor,
        Incident.geometry,
    )
    query = (
        select(*columns)
        .outerjoin(Place, Place.id == Incident.ward_id)
        .where(Incident.merged_into_id.is_(None), Incident.due_at.is_not(None))
        .order_by(Incident.id)
    )
    if due_from is not None and due_before is not None:
        query = query.where(_is_needed(session, due_from, due_before, now))
    table = read_frame(session, columns, query)
    ended = table["state"].isin((*HAS_OUTCOME, "lapsed"))
    table["outcome"] = table.pop("state").astype(object).where(ended, None)
    for name in ("ward", "contractor"):
        table[name] = table[name].astype(object).fillna("")
    table["stood_h"] = _stood_hours(session, table, now)
    table["hotspot"] = table["incident_id"].map(_hotspots(session)).astype(object).fillna("")
    return table


def _is_needed(
    session: Session, due_from: datetime, due_before: datetime, now: datetime
) -> ColumnElement[bool]:
    is_due = (Incident.due_at >= due_from) & (Incident.due_at < due_before)
    never_ended = Incident.closed_at.is_(None) & (Incident.state != IncidentState.LAPSED.value)
    is_cleared = is_due & (Incident.state == IncidentState.CLEARED.value)
    ends = select(func.min(Incident.closed_at), func.max(Incident.closed_at)).where(is_cleared)
    first, last = session.execute(ends).one()
    is_needed = is_due | never_ended | (Incident.closed_at > now)
    if first is None or last is None:
        return is_needed
    may_follow = (Incident.first_public_at > first) & (
        Incident.first_public_at <= last + REPEATS_WITHIN
    )
    return is_needed | may_follow


def _stood_hours(session: Session, table: pd.DataFrame, now: datetime) -> np.ndarray:
    paused = set(
        session.scalars(
            select(IncidentEvent.incident_id)
            .where(IncidentEvent.kind.in_(incident_events.STOPPING))
            .distinct()
        )
    ).intersection(table["incident_id"])
    spans = incident_events.pauses(session, sorted(paused))
    hours = np.zeros(len(table))
    for row in np.flatnonzero(table["incident_id"].isin(paused)):
        job = table.iloc[row]
        until = now if pd.isna(job["closed_at"]) else job["closed_at"].to_pydatetime()
        stood = stood_still(spans[job["incident_id"]], job["told_at"].to_pydatetime(), until)
        hours[row] = stood.total_seconds() / 3600
    return hours


def _hotspots(session: Session) -> dict[int, str]:
    run = latest_run(session)
    if run is None:
        return {}
    query = (
        select(HotspotIncident.incident_id, HotspotIdentity.name)
        .join(Hotspot, Hotspot.id == HotspotIncident.hotspot_id)
        .join(HotspotIdentity, HotspotIdentity.id == Hotspot.identity_id)
        .where(Hotspot.run_id == run.id)
        .order_by(Hotspot.rank.desc())
    )
    return {incident_id: name for incident_id, name in session.execute(query)}  # noqa: C416
