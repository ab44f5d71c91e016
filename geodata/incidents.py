"""Incidents in the store: the only writer of what their reports and clearances add up to."""

from datetime import datetime
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from geodata.models import HotspotIncident, Incident, IncidentEvent, Report
from geodata.vocabulary import IncidentEventKind, IncidentState

CHUNK = 5_000


def save_linked(
    session: Session, incidents: gpd.GeoDataFrame, membership: pd.Series, *, now: datetime
) -> None:
    """Make the stored incidents those that linking found.

    An incident is known by its first report's reference, so one that linking finds again keeps
    its row, its events and its history.

    Parameters
    ----------
    incidents
        What ``hotspots.link_reports`` returns, EPSG:27700, with ``key`` (the first report's
        reference), ``state`` and ``public_at`` (NaT where no member of the public told).
    membership
        The key of each report's incident, indexed by the report's database key.
    now
        When this is decided.
    """
    known = _ids_by_key(session)
    rows = [_row(incident) for incident in incidents.to_dict("records")]
    fresh = [row for row in rows if row["key"] not in known]
    kept = [row | {"id": known[row["key"]]} for row in rows if row["key"] in known]
    for chunk in _chunks(fresh):
        session.execute(insert(Incident), chunk)
    for chunk in _chunks(kept):
        session.execute(update(Incident), chunk)
    key_id = _ids_by_key(session)
    _record_opened(session, fresh, key_id, now)
    _assign_reports(session, membership, key_id)
    _drop_empty(session, set(known) - {row["key"] for row in rows}, key_id)
    session.flush()


def _ids_by_key(session: Session) -> dict[str, int]:
    return {key: id_ for key, id_ in session.execute(select(Incident.key, Incident.id))}  # noqa: C416


def _row(incident: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": incident["key"],
        "geometry": incident["geometry"],
        "first_reported_at": _instant(incident["first_reported_at"]),
        "last_reported_at": _instant(incident["last_reported_at"]),
        "first_public_at": _instant(incident["public_at"]),
        "reports": int(incident["reports"]),
        "proactive_reports": int(incident["reports"] - incident["public_reports"]),
        "chargers": _whole(incident["chargers"]),
        "cylinders": _whole(incident["cylinders"]),
        "from_vehicle": None if pd.isna(incident["from_vehicle"]) else incident["from_vehicle"],
        "first_seen_at": _instant(incident["first_seen_at"]),
        "last_clean_at": _instant(incident["last_clean_at"]),
        "closed_at": _instant(incident["cleared_at"]),
        "state": incident["state"],
    }


def _instant(value: Any) -> datetime | None:
    return None if pd.isna(value) else pd.Timestamp(value).to_pydatetime(warn=False)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _chunks(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]


def _record_opened(
    session: Session, fresh: list[dict[str, Any]], key_id: dict[str, int], now: datetime
) -> None:
    events = [
        {
            "incident_id": key_id[row["key"]],
            "kind": IncidentEventKind.OPENED.value,
            "at": row["first_reported_at"],
            "recorded_at": now,
        }
        for row in fresh
    ]
    for chunk in _chunks(events):
        session.execute(insert(IncidentEvent), chunk)


def _assign_reports(session: Session, membership: pd.Series, key_id: dict[str, int]) -> None:
    rows = [
        {"id": int(report), "incident_id": key_id[key]}
        for report, key in zip(membership.index, membership, strict=True)
    ]
    for chunk in _chunks(rows):
        session.execute(update(Report), chunk)


def _drop_empty(session: Session, gone: set[str], key_id: dict[str, int]) -> None:
    """An incident that no report speaks of any more was only ever an import's."""
    ids = [key_id[key] for key in gone]
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        session.execute(delete(HotspotIncident).where(HotspotIncident.incident_id.in_(chunk)))
        session.execute(delete(IncidentEvent).where(IncidentEvent.incident_id.in_(chunk)))
        session.execute(delete(Incident).where(Incident.id.in_(chunk)))


def state_of(outcome: str | None, *, has_lapsed: bool) -> IncidentState:
    """The state that a closing outcome, or none, leaves an incident in."""
    if outcome is None:
        return IncidentState.LAPSED if has_lapsed else IncidentState.OPEN
    return IncidentState(outcome)
