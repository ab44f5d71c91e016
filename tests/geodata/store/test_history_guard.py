"""Penalties, events and versions, attacked by raw SQL as a GIS would, column by column."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
import shapely
from sqlalchemy import delete, select, text

from geodata.models import (
    ActionEvent,
    ActionEvidence,
    AuditEntry,
    Base,
    Campaign,
    CampaignWording,
    Clearance,
    EnforcementAction,
    ImportBatch,
    Incident,
    IncidentEvent,
    Order,
    OrderVersion,
    PosterEvent,
    PosterSite,
    Prohibition,
    RuleRow,
)
from geodata.store.append_only import unguarded
from geodata.store.engine import Store
from geodata.store.redaction import changes_allowed

NOON, DAY = datetime(2026, 6, 1, 12, tzinfo=UTC), date(2026, 6, 1)
HERE = shapely.Point(553_000, 174_000)
AREA = shapely.MultiPolygon([HERE.buffer(50)])
SECOND_WORD = {
    "rule_row": {"withdrawn_at"},
    "campaign_wording": {"checked_at", "checked_by_id"},
    "enforcement_action": {"given_on"},
    "order_version": {"withdrawn_at"},
    # A clearance follows its report to another incident; its free words may be erased.
    "clearance": {
        "voided_at",
        "time_accepted_at",
        "time_accepted_by_id",
        "time_reason",
        "incident_id",
        "accuracy_m",
        "land_owner",
        "no_photo_reason",
        "note",
    },
}
TABLES = (
    "action_event",
    "action_evidence",
    "incident_event",
    "prohibition",
    "poster_event",
    "audit_entry",
    *SECOND_WORD,
)
COLUMNS = [
    (table, column.name)
    for table in TABLES
    for column in Base.metadata.tables[table].columns
    if column.name not in SECOND_WORD.get(table, ())
]
Raw = Callable[[str], int]


@pytest.fixture
def record(store: Store) -> Store:
    """One row of each table."""
    with store.writing() as session:
        batch = ImportBatch(
            kind="actions",
            file_name="a.csv",
            sha256="0" * 64,
            imported_at=NOON,
            read=1,
            accepted=1,
            rejected=0,
            unchanged=0,
            warnings=[],
        )
        incident = Incident(
            key="R1",
            geometry=HERE,
            first_reported_at=NOON,
            last_reported_at=NOON,
            reports=1,
            state="open",
        )
        order = Order(name="PSPO 1")
        campaign = Campaign(name="Summer", valid_from=DAY)
        site = PosterSite(code="S1", name="Gate", geometry=HERE)
        session.add_all([batch, incident, order, campaign, site])
        session.flush()
        action = EnforcementAction(
            reference="N1",
            kind="litter_fpn",
            offence_at=NOON,
            geometry=HERE,
            age_band="adult",
            amount_pence=10_000,
            batch_id=batch.id,
        )
        version = OrderVersion(
            order_id=order.id,
            number=1,
            change="made",
            geometry=AREA,
            valid_from=DAY,
            batch_id=batch.id,
        )
        session.add_all([action, version])
        session.flush()
        session.add_all(
            [
                ActionEvent(action_id=action.id, state="issued", at=NOON, recorded_at=NOON),
                ActionEvidence(
                    action_id=action.id,
                    grounds="Seen",
                    pick_up="given",
                    recording="no_recording",
                    recorded_at=NOON,
                ),
                IncidentEvent(incident_id=incident.id, kind="paused", at=NOON, recorded_at=NOON),
                Prohibition(version_id=version.id, code="p1", text="No canisters"),
                PosterEvent(site_id=site.id, kind="installed", at=NOON),
                AuditEntry(at=NOON, act="read", entity="x"),
                RuleRow(table_name="t", values={"a": 1}, source="Act", created_at=NOON),
                CampaignWording(
                    campaign_id=campaign.id,
                    language="en",
                    heading="h",
                    law="l",
                    call="c",
                    source="s",
                ),
                Clearance(outcome="cleared", occurred_at=NOON, recorded_at=NOON),
            ]
        )
    return store


@pytest.fixture
def raw(record: Store) -> Raw:
    """Runs one statement past the program, as a GIS does; how many rows it changed."""
    url = record.engine.url

    def on_file(statement: str) -> int:
        with sqlite3.connect(Path(url.database or "")) as connection:
            for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY", "ST_IsEmpty"):
                connection.create_function(name, 1, lambda _: 0)  # a GIS has them
            changed = connection.execute(statement).rowcount
        connection.close()
        return changed

    def on_server(statement: str) -> int:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            return connection.execute(statement.encode()).rowcount

    return on_file if record.is_embedded else on_server


REFUSED = (sqlite3.IntegrityError, psycopg.errors.RaiseException)


def test_no_column_of_history_can_be_changed(raw: Raw) -> None:
    for table, column in COLUMNS:
        with pytest.raises(REFUSED, match=f"{table} is append-only"):
            raw(f'UPDATE "{table}" SET "{column}" = "{column}"')


def test_no_row_of_history_can_be_deleted(raw: Raw) -> None:
    for table in TABLES:
        with pytest.raises(REFUSED, match=f"{table} is append-only"):
            raw(f'DELETE FROM "{table}"')


def test_a_penalty_of_100_pounds_stays_one_of_100(record: Store, raw: Raw) -> None:
    with pytest.raises(REFUSED):
        raw("UPDATE enforcement_action SET amount_pence = 100 WHERE reference = 'N1'")
    with record.reading() as session:
        assert session.scalar(select(EnforcementAction.amount_pence)) == 10_000


def test_no_row_of_history_can_be_replaced_by_another_of_its_key(record: Store, raw: Raw) -> None:
    again = "ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id"
    for table in TABLES:
        replacing = "INSERT OR REPLACE" if record.is_embedded else "INSERT"
        ending = "" if record.is_embedded else again
        with pytest.raises(REFUSED, match=f"{table} is append-only"):
            raw(f'{replacing} INTO "{table}" SELECT * FROM "{table}" {ending}')


def test_the_second_word_is_said_once(raw: Raw) -> None:
    for table, column in (
        ("rule_row", "withdrawn_at"),
        ("campaign_wording", "checked_at"),
        ("clearance", "voided_at"),
        ("enforcement_action", "given_on"),
    ):
        assert raw(f"UPDATE {table} SET {column} = '2026-06-02T12:00:00.000Z'") == 1
        with pytest.raises(REFUSED, match="append-only"):
            raw(f"UPDATE {table} SET {column} = NULL")


def test_rows_go_with_the_import_that_is_undone(record: Store, raw: Raw) -> None:
    # A statement is written here, never imported: an action that has one is not undone.
    with record.writing() as session, changes_allowed(session, "action_evidence"):
        session.execute(delete(ActionEvidence))
    raw("UPDATE import_batch SET undone_at = '2026-06-02T12:00:00.000Z'")
    for table in ("action_event", "enforcement_action", "prohibition", "order_version"):
        assert raw(f'DELETE FROM "{table}"') == 1


def test_a_lost_guard_is_noticed(record: Store, raw: Raw) -> None:
    with record.engine.connect() as connection:
        assert unguarded(connection) == []
    of = "" if record.is_embedded else " ON order_version"
    raw(f"DROP TRIGGER order_version_no_delete{of}")
    with record.engine.connect() as connection:
        assert unguarded(connection) == ["order_version"]


def test_the_opening_of_a_dump_that_nobody_speaks_of_goes_with_it(record: Store, raw: Raw) -> None:
    with record.writing() as session:
        session.execute(
            text(
                "INSERT INTO incident (key, geometry, first_reported_at, last_reported_at, reports,"
                " proactive_reports, has_needles, has_glass, is_leaking, state) SELECT 'R2', "
                "geometry, first_reported_at, last_reported_at, 1, 0, has_needles, has_glass, "
                "is_leaking, 'open' FROM incident"
            )
        )
        second = session.scalar(select(Incident.id).where(Incident.key == "R2"))
        opened = IncidentEvent(incident_id=second, kind="opened", at=NOON, recorded_at=NOON)
        session.add(opened)
    assert raw("DELETE FROM incident_event WHERE kind = 'opened'") == 1
