"""Linking in the store, on both stores, against what the rule says of four reports."""

from datetime import UTC, datetime, timedelta

import pytest
import shapely
from sqlalchemy import select

from geodata import frames
from geodata.models import Clearance, Incident, IncidentEvent, Report
from geodata.store.engine import Store
from web.services.incidents.linking import relink

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
NOW = START + timedelta(days=5)


def report(reference: str, x: float, days: float, source: str = "public", **rest: object) -> Report:
    return Report(
        reference=reference,
        reported_at=START + timedelta(days=days),
        recorded_at=NOW,
        geometry=shapely.Point(554_000 + x, 174_000),
        source=source,
        channel="import",
        charger_band="unknown",
        **rest,
    )


@pytest.fixture
def filled(store: Store) -> Store:
    """A is seen twice within 10 m, by a crew and then the public, and cleared; C comes after."""
    with store.writing() as session:
        a = report("A", 0, 0, "crew", chargers=5)
        b = report("B", 10, 0.5, cylinders=2)
        session.add_all([a, b, report("C", 5, 3), report("D", 500, 1)])
        session.flush()
        cleared_at = START + timedelta(days=2)
        session.add(
            Clearance(report_id=a.id, outcome="cleared", occurred_at=cleared_at, recorded_at=NOW)
        )
    return store


def test_reports_of_one_dump_become_one_incident(filled: Store) -> None:
    with filled.writing() as session:
        assert relink(session, now=NOW) == 3
    with filled.reading() as session:
        rows = {row.key: row for row in session.scalars(select(Incident))}
        assert set(rows) == {"A", "C", "D"}
        assert (rows["A"].reports, rows["A"].proactive_reports) == (2, 1)
        assert (rows["A"].chargers, rows["A"].cylinders) == (5, 2)
        assert (rows["A"].state, rows["C"].state) == ("cleared", "open")
        # The crew's own find starts no clock: the public told half a day later.
        assert rows["A"].first_public_at == START + timedelta(days=0.5)
        joined = dict(session.execute(select(Report.reference, Report.incident_id)).all())
        assert joined["B"] == rows["A"].id


def test_linking_again_changes_nothing_and_keeps_the_history(filled: Store) -> None:
    with filled.writing() as session:
        relink(session, now=NOW)
        before = session.execute(select(Incident.id, Incident.key).order_by(Incident.id)).all()
    with filled.writing() as session:
        relink(session, now=NOW)
        after = session.execute(select(Incident.id, Incident.key).order_by(Incident.id)).all()
        assert after == before
        assert len(session.scalars(select(IncidentEvent)).all()) == 3


def test_an_open_incident_lapses_when_nobody_speaks_of_it(filled: Store) -> None:
    with filled.writing() as session:
        relink(session, now=NOW + timedelta(days=30))
        states = dict(session.execute(select(Incident.key, Incident.state)).all())
    assert states == {"A": "cleared", "C": "lapsed", "D": "lapsed"}


def test_the_frame_says_what_the_rows_say(filled: Store) -> None:
    with filled.writing() as session:
        relink(session, now=NOW)
    with filled.reading() as session:
        frame = frames.incidents(session)
    assert frame.crs.to_epsg() == 27700
    assert str(frame["first_reported_at"].dt.tz) == "UTC"
    assert frame.geometry.x.tolist() == [554_000, 554_500, 554_005]
    assert frame["reports"].tolist() == [2, 1, 1]
    assert frame["cleared_at"].notna().tolist() == [True, False, False]


def test_an_empty_store_gives_empty_frames(store: Store) -> None:
    with store.writing() as session:
        assert relink(session, now=NOW) == 0
        assert len(frames.incidents(session)) == 0
        assert len(frames.clearances(session)) == 0
