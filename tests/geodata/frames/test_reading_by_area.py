"""Reading a part of the record gives what filtering the whole of it gives, on both stores."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import event

from geodata import frames
from geodata.core.types import SRID
from geodata.models import (
    Clearance,
    DetectionRun,
    Hotspot,
    HotspotIdentity,
    HotspotIncident,
    Incident,
    Report,
)
from geodata.store.engine import Store
from tests.filled_stores import filled_once

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
AREA = shapely.Polygon([(554_000, 174_000), (554_300, 174_050), (554_150, 174_400)])
"""A triangle, so that its box holds more than it does."""


@pytest.fixture
@filled_once
def record(store: Store) -> Store:
    """200 incidents in a square kilometre, an hour apart, every other one cleared."""
    rng = np.random.default_rng(7)
    with store.writing() as session:
        for n, (x, y) in enumerate(rng.uniform((553_700, 173_700), (554_700, 174_700), (200, 2))):
            at = MONDAY + timedelta(hours=n)
            session.add(
                Incident(
                    id=n + 1,
                    key=f"I{n}",
                    geometry=shapely.Point(x, y),
                    first_seen_at=at,
                    first_reported_at=at,
                    last_reported_at=at,
                    state="open",
                    reports=1,
                )
            )
            session.add(
                Report(
                    reference=f"R{n}",
                    geometry=shapely.Point(x, y),
                    reported_at=at,
                    recorded_at=at,
                    channel="web",
                    source="public",
                    charger_band="1-10",
                )
            )
        session.flush()
        for n in range(0, 200, 2):
            at = MONDAY + timedelta(hours=n, minutes=30)
            session.add(
                Clearance(incident_id=n + 1, outcome="cleared", occurred_at=at, recorded_at=at)
            )
    return store


def test_an_area_holds_the_incidents_of_the_whole_record_that_lie_in_it(record: Store) -> None:
    with record.reading() as session:
        record_frame = frames.incidents(session)
        part = frames.incidents(session, within=AREA)
    expected = record_frame[record_frame.intersects(AREA)].reset_index(drop=True)
    assert 3 < len(expected) < 50  # some, and not all that the box holds
    assert (
        len(expected) < shapely.intersects(shapely.box(*AREA.bounds), record_frame.geometry).sum()
    )
    pd.testing.assert_frame_equal(part, expected)


def test_clean_moments_just_outside_an_area_still_tell_of_incidents_in_it(store: Store) -> None:
    inside, outside = shapely.Point(554_005, 174_000), shapely.Point(553_985, 174_000)
    with store.writing() as session:
        for n, place in enumerate((outside, inside)):
            at = MONDAY + timedelta(hours=10 * n)
            seen = {"first_seen_at": at, "first_reported_at": at, "last_reported_at": at}
            session.add(
                Incident(id=n + 1, key=f"I{n}", geometry=place, state="open", reports=1, **seen)
            )
        session.flush()
        at = MONDAY + timedelta(hours=2)
        session.add(Clearance(incident_id=1, outcome="cleared", occurred_at=at, recorded_at=at))
    with store.reading() as session:
        row = frames.incidents(session, within=shapely.box(554_000, 173_900, 554_100, 174_100))
    assert row["incident_id"].tolist() == [2]
    assert row["last_clean_at"].tolist() == [pd.Timestamp(at)]  # 20 m away, 8 hours before


def test_the_later_bound_belongs_to_a_time_and_the_earlier_does_not(record: Store) -> None:
    first, last = MONDAY + timedelta(hours=10), MONDAY + timedelta(hours=20)
    with record.reading() as session:
        part = frames.incidents(session, after=first, until=last)
    assert part["incident_id"].tolist() == list(range(12, 22))  # hours 11 to 20


def test_the_incidents_of_a_run_are_those_of_its_hotspots(record: Store) -> None:
    with record.writing() as session:
        runs = [
            DetectionRun(
                as_of=MONDAY,
                run_at=MONDAY,
                params={},
                data_fingerprint="",
                code_version="0",
                summary={},
                incidents=200,
            )
            for _ in range(2)
        ]
        identity = HotspotIdentity(code="H-1", name="Here", first_seen_on=MONDAY.date())
        session.add_all([*runs, identity])
        session.flush()
        for run, members in zip(runs, ((3, 5), (7,)), strict=True):
            hotspot = Hotspot(
                run_id=run.id,
                identity_id=identity.id,
                rank=1,
                geometry=AREA,
                radius_m=50,
                incidents=2,
                reports=2,
                nights=2,
                expected=0.1,
                p_value=0.01,
                q_value=0.01,
                area_m2=AREA.area,
                centre_x=0,
                centre_y=0,
                reason="",
                evidence={},
            )
            session.add(hotspot)
            session.flush()
            session.add_all(HotspotIncident(hotspot_id=hotspot.id, incident_id=m) for m in members)
        session.flush()
        part = frames.incidents(session, flagged_in=runs[0].id)
    assert part["incident_id"].tolist() == [3, 5]


def test_no_area_at_all_holds_nothing(record: Store) -> None:
    with record.reading() as session:
        nothing = frames.incidents(session, within=shapely.Polygon())
        record_frame = frames.incidents(session)
    assert len(nothing) == 0
    assert nothing.crs == SRID
    assert list(nothing.columns) == list(record_frame.columns)


def test_channels_of_an_area_are_those_of_its_reports(record: Store) -> None:
    with record.reading() as session:
        record_frame = frames.report_channels(session)
        part = frames.report_channels(session, within=AREA)
    expected = record_frame[record_frame.intersects(AREA)].reset_index(drop=True)
    assert len(expected) > 3
    assert part["reported_at"].tolist() == expected["reported_at"].tolist()


def test_the_record_begins_with_its_first_report(record: Store) -> None:
    with record.reading() as session:
        assert frames.record_begins(session) == MONDAY


def test_an_empty_store_has_no_record(store: Store) -> None:
    with store.reading() as session:
        assert frames.record_begins(session) is None


def test_the_store_reads_an_area_by_its_spatial_index(geopackage: Store) -> None:
    statements = []
    event.listen(
        geopackage.engine,
        "before_cursor_execute",
        lambda _c, _u, sql, values, *_: statements.append((sql, values)),
    )
    with geopackage.reading() as session:
        frames.incidents(session, within=AREA)
        reads = [(sql, values) for sql, values in statements if "FROM incident" in sql]
        for sql, values in reads:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            assert not [step for *_, step in plan if step.startswith("SCAN incident")], sql
    assert reads
