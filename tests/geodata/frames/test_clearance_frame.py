"""Jobs of a period: what is kept of each month says what the record says, after any history."""

from datetime import UTC, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.frames.clearance_frame import clocked_incidents
from geodata.incidents import job_months
from geodata.models import Incident, IncidentEvent, KeptJobs, Place
from geodata.store.engine import Store
from geodata.store.job_months import differing, forget, stale
from hotspots.effects.clearance_times import clearance_figures
from tests.statements import counted

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FIRST, LAST = NOW - timedelta(days=120), NOW - timedelta(days=60)
STATES = ("open", "paused", "cleared", "not_found", "not_our_land", "lapsed")
HOUR = timedelta(hours=1)


def random_incident(rng: np.random.Generator, number: int) -> Incident:
    """Told of within 300 days before now or a little after; some open, lapsed or never public."""
    reported_at = NOW - int(rng.integers(-100, 300 * 24)) * HOUR
    is_public = rng.random() < 0.9
    incident = Incident(
        key=f"K{number}",
        geometry=shapely.Point(553_000 + int(rng.integers(0, 60)), 174_000),
        first_reported_at=reported_at,
        last_reported_at=reported_at,
        first_public_at=reported_at if is_public else None,
        due_at=reported_at + 48 * HOUR if is_public else None,
        reports=int(rng.integers(1, 4)),
        contractor=str(rng.choice(["Northfield", "Brook"])) if rng.random() < 0.8 else None,
        state="open",
    )
    end(rng, incident)
    return incident


def end(rng: np.random.Generator, incident: Incident) -> None:
    incident.state = str(rng.choice(STATES))
    has_end = incident.state not in {"open", "paused", "lapsed"}
    hours = int(rng.integers(1, 1_200))
    incident.closed_at = incident.first_reported_at + hours * HOUR if has_end else None


def stop(rng: np.random.Generator, session: Session, incident: Incident) -> None:
    if session.scalar(select(IncidentEvent.id).where(IncidentEvent.incident_id == incident.id)):
        return
    at = incident.first_reported_at + int(rng.integers(0, 60)) * HOUR
    for kind, hours in (("paused", 0), ("resumed", 7))[: int(rng.integers(1, 3))]:
        event = IncidentEvent(
            incident_id=incident.id, kind=kind, at=at + hours * HOUR, recorded_at=NOW
        )
        session.add(event)


def change(rng: np.random.Generator, session: Session) -> None:
    """What services, imports and their undoing do to a row, each to a random one."""
    query = select(Incident).where(Incident.merged_into_id.is_(None)).order_by(Incident.id)
    rows = session.scalars(query).all()
    chosen = [rows[at] for at in rng.choice(len(rows), 8, replace=False)]
    ended, moved, paused, merged, counted_, earlier, gone, freed = chosen
    end(rng, ended)
    moved.geometry = shapely.Point(553_000 + int(rng.integers(0, 60)), 174_000)
    stop(rng, session, paused)
    merged.merged_into_id = ended.id
    counted_.reports += 1
    if earlier.first_public_at:
        earlier.first_public_at = earlier.first_public_at - 40 * 24 * HOUR
    session.execute(delete(IncidentEvent).where(IncidentEvent.incident_id == freed.id))
    if not session.scalar(select(Incident.id).where(Incident.merged_into_id == gone.id)):
        session.execute(delete(IncidentEvent).where(IncidentEvent.incident_id == gone.id))
        session.delete(gone)
    session.flush()


def keep(store: Store, months: list[str]) -> None:
    with store.reading() as session:
        rows = [job_months.keep(session, month) for month in months]
    with store.writing() as session:
        for row in rows:
            job_months.put(session, row)


def by_hand(session: Session) -> gpd.GeoDataFrame:
    """Every job, one by one."""
    query = select(Incident, Place.name).outerjoin(Place, Place.id == Incident.ward_id)
    query = query.where(Incident.merged_into_id.is_(None), Incident.due_at.is_not(None))
    rows = [
        {
            "incident_id": job.id,
            "told_at": job.first_public_at,
            "due_at": job.due_at,
            "closed_at": job.closed_at,
            "outcome": None if job.state in {"open", "paused"} else job.state,
            "reports": job.reports,
            "stood_h": stood_h(session, job),
            "ward": ward or "",
            "contractor": job.contractor or "",
            "geometry": job.geometry,
        }
        for job, ward in session.execute(query.order_by(Incident.id))
    ]
    frame = gpd.GeoDataFrame(rows, crs=27700)
    return frame.assign(closed_at=pd.to_datetime(frame["closed_at"], utc=True))


def stood_h(session: Session, job: Incident) -> float:
    """Hour by hour: whether the last word before its end was that the clock stands."""
    query = select(IncidentEvent.at, IncidentEvent.kind).where(IncidentEvent.incident_id == job.id)
    words = list(session.execute(query.order_by(IncidentEvent.id)))
    begins = job.first_public_at or NOW
    is_still, hours, last = False, 0.0, begins
    until = job.closed_at or NOW
    for said_at, kind in [*words, (until, "end")]:
        at = min(max(said_at, begins), max(until, begins))
        hours += (at - last) / HOUR if is_still and at > last else 0.0
        is_still, last = kind == "paused", max(at, last)
    return hours


@pytest.mark.parametrize("seed", range(4))
def test_a_periods_jobs_are_those_of_the_record_after_any_history(store: Store, seed: int) -> None:
    rng = np.random.default_rng(seed)
    with store.writing() as session:
        ward = places.add(session, PlaceKind.WARD, "Riverside", shapely.box(0, 0, 1, 1))
        incidents = [random_incident(rng, number) for number in range(150)]
        for incident in incidents:
            incident.ward_id = ward.id if rng.random() < 0.5 else None
        session.add_all(incidents)
    for _ in range(4):
        with store.reading() as session:
            old = stale(session.connection())
        keep(store, [month for month in old if rng.random() < 0.7])
        with store.writing() as session:
            change(rng, session)
    with store.reading() as session:
        every_job = by_hand(session)
        jobs = clocked_incidents(session, now=NOW, due_from=FIRST, due_before=LAST)
        assert differing(session.connection()) == []
    is_due = (every_job["due_at"] >= FIRST) & (every_job["due_at"] < LAST)
    ids = every_job["incident_id"][is_due]
    assert len(ids) > 10
    kept = jobs.set_index("incident_id").loc[ids].astype(str)
    slow = every_job.set_index("incident_id").loc[ids, kept.columns].astype(str)
    pd.testing.assert_frame_equal(kept, slow)
    period = {"start": FIRST, "end": LAST, "as_of": NOW}
    assert repr(clearance_figures(jobs, **period)) == repr(clearance_figures(every_job, **period))


def test_months_that_are_kept_are_read_in_as_few_statements_however_many_there_are(
    store: Store,
) -> None:
    rng = np.random.default_rng(0)
    with store.writing() as session:
        session.add_all(random_incident(rng, number) for number in range(150))
    with store.reading() as session:
        months = stale(session.connection())
    keep(store, months)
    with store.reading() as session, counted(store) as sent:
        clocked_incidents(session, now=NOW, due_from=FIRST, due_before=LAST)
    assert len(months) >= 10
    assert len([each for each in sent if "FROM incident" in each]) == 0
    assert len(sent) <= 6


def test_what_is_kept_wrong_is_told_and_forgotten(store: Store) -> None:
    rng = np.random.default_rng(0)
    with store.writing() as session:
        session.add_all(random_incident(rng, number) for number in range(150))
    with store.reading() as session:
        months = stale(session.connection())
    keep(store, months)
    with store.writing() as session:
        connection = session.connection()
        assert (stale(connection), differing(connection)) == ([], [])
        session.execute(text("UPDATE kept_jobs SET reports = 7 WHERE month = '2026-03'"))
        session.execute(text("DELETE FROM job_month WHERE month = '2026-04'"))
        assert differing(connection) == ["2026-03", "2026-04"]
        forget(connection)
        assert (stale(connection), differing(connection)) == (months, [])
        assert session.scalar(select(func.count(KeptJobs.id))) == 0
