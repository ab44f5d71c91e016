"""Live linking against its twin: a history taken in one by one comes out as a batch says."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.incidents.open_incidents import Candidate
from geodata.models import Incident, Report
from geodata.store.engine import Store
from hotspots.linking.incidents import find_open_incident
from web.services.clearing import NewClearance, record
from web.services.incidents.incident_assignment import chosen
from web.services.incidents.linking import relink
from web.services.reporting.intake import NewReport, take_report

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
OUTCOMES = ("cleared", "not_found", "not_our_land", "no_access", "specialist")
SOURCES = ("public", "public", "partner", "crew")


def live_history(session: Session, seed: int, *, steps: int, lateness_h: float) -> datetime:
    """Reports around three places and what crews did, in the order in which it became known."""
    rng = np.random.default_rng(seed)
    now = START
    waiting: list[tuple[datetime, NewClearance]] = []
    for n in range(steps):
        now += timedelta(minutes=int(rng.integers(1, 600)))
        for known_at, outcome in [item for item in waiting if item[0] <= now]:
            record(session, outcome, now=known_at)
        waiting = [item for item in waiting if item[0] > now]
        if rng.random() < 0.65:
            take_report(session, random_report(rng, now), now=now)
        else:
            busy = {outcome.incident_id for _, outcome in waiting}
            waiting += random_outcome(session, rng, n, now, lateness_h, busy)
    for known_at, outcome in sorted(waiting, key=lambda item: item[0]):
        record(session, outcome, now=known_at)
    return now + timedelta(hours=lateness_h)


def random_report(rng: np.random.Generator, now: datetime) -> NewReport:
    x, y = 1_000 * rng.integers(0, 3) + rng.uniform(-30, 30), rng.uniform(-30, 30)
    return NewReport(
        position=shapely.Point(553_000 + x, 174_000 + y),
        accuracy_m=float(rng.choice([0, 5, 20, 60])),
        source=str(rng.choice(SOURCES)),
        channel="web",
        reported_at=now,
        cylinders=int(rng.integers(0, 5)),
        charger_band=str(rng.choice(["none", "up_to_10", "unknown"])),
        has_needles=bool(rng.random() < 0.1),
        from_vehicle=[None, True, False][rng.integers(0, 3)],
        last_clean_at=now - timedelta(hours=float(rng.uniform(0, 9))),
    )


def random_outcome(
    session: Session,
    rng: np.random.Generator,
    n: int,
    now: datetime,
    lateness_h: float,
    busy: set[int],
) -> list[tuple[datetime, NewClearance]]:
    """One crew goes to one dump: another is sent only when the first has told."""
    query = select(Incident.id).where(Incident.state.in_(("open", "paused"))).order_by(Incident.id)
    open_ids = [key for key in session.scalars(query) if key not in busy]
    if not open_ids:
        return []
    outcome = NewClearance(
        incident_id=int(rng.choice(open_ids)),
        outcome=str(rng.choice(OUTCOMES)),
        occurred_at=now,
        idempotency_key=f"c{n}",
        no_photo_reason="A test",
        land_owner="A test",
    )
    return [(now + timedelta(hours=float(rng.uniform(0, lateness_h))), outcome)]


def described(session: Session) -> dict[str, tuple[object, ...]]:
    """Every incident by its key: its reports, and everything that is kept of them."""
    members: dict[int, set[str]] = {}
    for reference, incident_id in session.execute(select(Report.reference, Report.incident_id)):
        members.setdefault(incident_id, set()).add(reference)
    rows = session.scalars(select(Incident).where(Incident.merged_into_id.is_(None)))
    names = [c.key for c in Incident.__table__.columns if c.key not in {"id", "geometry"}]
    return {
        row.key: (sorted(members[row.id]), *((name, getattr(row, name)) for name in names))
        for row in rows
    }


@pytest.mark.parametrize("lateness_h", [0, 30], ids=["told at once", "told late"])
@pytest.mark.parametrize("seed", range(4))
def test_online_equals_batch(council: Store, seed: int, lateness_h: float) -> None:
    with council.writing() as session:
        now = live_history(session, seed, steps=70, lateness_h=lateness_h)
        session.expire_all()
        online = described(session)
        relink(session, now=now)
        session.expire_all()
        assert described(session) == online
    assert len(online) > 10
    assert any(len(facts[0]) > 1 for facts in online.values())


def test_a_report_joins_what_the_library_finds_among_the_same_incidents() -> None:
    """The store's candidates in plain numbers, against ``find_open_incident`` with a frame."""
    rng = np.random.default_rng(4)
    joined = 0
    for _ in range(60):
        near = [random_candidate(rng, n) for n in range(rng.integers(0, 6))]
        report = Report(
            geometry=shapely.Point(553_000, 174_000),
            accuracy_m=[None, 30.0][rng.integers(2)],
            reported_at=START,
        )
        rows = [asdict(each) | {"incident_id": each.key} for each in near]
        frame = gpd.GeoDataFrame(
            pd.DataFrame(rows, columns=COLUMNS),
            geometry=[shapely.Point(each.x, each.y) for each in near],
            crs=27700,
        )
        for name in COLUMNS[2:5]:
            frame[name] = pd.to_datetime(frame[name], utc=True)
        seen = {
            "geometry": report.geometry,
            "reported_at": START,
            "accuracy_m": report.accuracy_m or 0.0,
        }
        assert chosen(report, near) == find_open_incident(seen, frame)
        joined += chosen(report, near) is not None
    assert 10 < joined < 50


COLUMNS = [
    "incident_id",
    "accuracy_m",
    "first_reported_at",
    "last_reported_at",
    "cleared_at",
    "outcome",
]


def random_candidate(rng: np.random.Generator, number: int) -> Candidate:
    """Within 40 m along either axis; spoken of in the last ten days; some of them closed."""
    first = START - timedelta(days=float(rng.uniform(0, 10)))
    outcome = [None, "cleared", "not_found"][rng.integers(3)]
    return Candidate(
        key=f"I{rng.integers(10)}{number}",
        x=553_000 + float(rng.integers(-4, 5) * 10),
        y=174_000 + float(rng.integers(-4, 5) * 10),
        accuracy_m=float(rng.choice([0, 10])),
        first_reported_at=first,
        last_reported_at=first + timedelta(days=float(rng.uniform(0, 2))),
        cleared_at=outcome and START - timedelta(hours=float(rng.uniform(0, 48))),
        outcome=outcome,
    )
