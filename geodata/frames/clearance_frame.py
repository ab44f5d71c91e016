"""Incidents with a public clock as a frame, for the figures of clearance."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from geodata.core.types import SRID
from geodata.core.vocabulary import IncidentState
from geodata.detections import latest_run
from geodata.incidents import job_months
from geodata.incidents.job_months import NOWHERE, Jobs, MonthMark
from geodata.incidents.open_incidents import HAS_OUTCOME
from geodata.models import Hotspot, HotspotIdentity, HotspotIncident, Incident, Place

REPEATS_WITHIN = timedelta(days=28)
"""After this long an incident at the same spot is not one that came back."""
ENDED = (*(state.value for state in HAS_OUTCOME), IncidentState.LAPSED.value)


def clocked_incidents(
    session: Session, *, now: datetime, due_from: datetime, due_before: datetime
) -> gpd.GeoDataFrame:
    """Incidents whose clock the public started, merged ones left out, by key: all that fell due in
    a time, all that may have followed one of them that was cleared, and some others.

    Months of which the store keeps the jobs are read as they are kept, others row by row.

    Columns: ``incident_id``, ``geometry`` (Point, EPSG:27700), ``told_at``, ``due_at``,
    ``closed_at`` (UTC; NaT while open), ``outcome`` (None while open; ``lapsed`` where nobody
    recorded one), ``reports``, ``stood_h`` (hours for which the clock stood, up to the end or
    ``now``), ``ward`` and ``contractor`` as names or "".
    """
    first, end = (_moment(at) for at in (due_from, due_before))
    marks = job_months.marks(session)
    read = {m.month for m in marks if m.is_kept and m.first_due < end and m.last_due >= first}
    stale = {mark.month for mark in marks if not mark.is_kept}
    is_due = (Incident.due_at >= due_from) & (Incident.due_at < due_before)
    due = [*job_months.kept(session, read), *_recorded(session, marks, stale, is_due)]
    jobs = job_months.joined(due)
    months = _months_after(jobs, first, end)
    after = [
        *job_months.kept(session, months - read - stale),
        *_recorded(session, marks, months & stale),
    ]
    return _frame(session, job_months.joined([jobs, *after]) if after else jobs, now)


def hotspots_of(session: Session, jobs: gpd.GeoDataFrame) -> pd.Series:
    """The hotspot of the latest run that each job lies in, by name; "" outside every one."""
    run = latest_run(session)
    if run is None:
        return pd.Series("", jobs.index, dtype=object)
    query = (
        select(HotspotIncident.incident_id, HotspotIdentity.name)
        .join(Hotspot, Hotspot.id == HotspotIncident.hotspot_id)
        .join(HotspotIdentity, HotspotIdentity.id == Hotspot.identity_id)
        .where(Hotspot.run_id == run.id)
        .order_by(Hotspot.rank.desc())
    )
    names = {incident_id: name for incident_id, name in session.execute(query)}  # noqa: C416
    return jobs["incident_id"].map(names).astype(object).fillna("")


def _recorded(
    session: Session,
    marks: list[MonthMark],
    months: set[str],
    *conditions: ColumnElement[bool],
) -> Iterator[Jobs]:
    """The jobs of months of which none are kept, row by row."""
    for is_told in job_months.told_within(marks, months):
        yield job_months.recorded(session, is_told, *conditions)


def _months_after(jobs: Jobs, first: np.datetime64, end: np.datetime64) -> set[str]:
    """In which another may have followed one that fell due in a time and was cleared."""
    is_due = (jobs["due_at"] >= first) & (jobs["due_at"] < end)
    closed_at = jobs["closed_at"][is_due & (jobs["state"] == IncidentState.CLEARED.value)]
    until = closed_at + np.timedelta64(REPEATS_WITHIN)
    months = np.unique(np.r_[closed_at, until].astype("datetime64[M]"))
    return {str(month) for month in months}


def _frame(session: Session, jobs: Jobs, now: datetime) -> gpd.GeoDataFrame:
    columns = {
        "incident_id": jobs["incident_id"],
        **{name: _aware(jobs[name]) for name in ("told_at", "due_at", "closed_at")},
        "outcome": _outcomes(jobs["state"]),
        "reports": jobs["reports"].astype(np.int64),
        "stood_h": job_months.hours_stood(session, jobs, now),
        "ward": _wards(session, jobs["ward_id"]),
        "contractor": jobs["contractor"],
    }
    points = shapely.points(jobs["x"], jobs["y"])
    return gpd.GeoDataFrame(columns, geometry=points, crs=SRID)


def _outcomes(state: np.ndarray) -> np.ndarray:
    outcome = np.full(len(state), None, dtype=object)
    has_ended = np.isin(state.astype(str), ENDED)
    outcome[has_ended] = state[has_ended]
    return outcome


def _moment(at: datetime) -> np.datetime64:
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "ms")


def _aware(moments: np.ndarray) -> pd.Series:
    return pd.Series(moments).dt.tz_localize("UTC")


def _wards(session: Session, ids: np.ndarray) -> np.ndarray:
    wards, of_job = np.unique(ids, return_inverse=True)
    query = select(Place.id, Place.name).where(Place.id.in_(wards.tolist()))
    names = {NOWHERE: ""} | {key: name for key, name in session.execute(query)}  # noqa: C416
    words: np.ndarray = np.array([names[key] for key in wards.tolist()], dtype=object)
    return words[of_job]
