"""A damaged store of each kind is found, and told in one sentence; a whole one passes."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from sqlalchemy import text

from geodata.core import geopackage as geopackage_format
from geodata.media import photos
from geodata.media.pictures import CleanPicture
from geodata.models import (
    ActionEvent,
    AuditEntry,
    EnforcementAction,
    Incident,
    IncidentEvent,
    Order,
    OrderVersion,
    Report,
)
from geodata.store.engine import Store, open_store
from geodata.store.soundness import CHECKS, findings
from tests.filled_stores import filled_once

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
HERE = shapely.Point(553_000, 174_000)


@pytest.fixture
@filled_once
def sound_store(store: Store) -> Store:
    """Two reports of one dump, its clock paused, a notice, an order of two versions, a photo."""
    with store.writing() as session:
        incident = Incident(
            key="R1",
            geometry=HERE,
            first_reported_at=NOON,
            last_reported_at=LATER,
            reports=2,
            proactive_reports=1,
            state="paused",
        )
        order = Order(name="PSPO 1")
        session.add_all([incident, order])
        session.flush()
        reports = [("R1", NOON, "public"), ("R2", LATER, "crew")]
        session.add_all(
            Report(
                reference=reference,
                reported_at=at,
                recorded_at=at,
                geometry=HERE,
                source=source,
                channel="web",
                charger_band="none",
                incident_id=incident.id,
            )
            for reference, at, source in reports
        )
        for kind in ("opened", "paused"):
            session.add(
                IncidentEvent(incident_id=incident.id, kind=kind, at=NOON, recorded_at=NOON)
            )
        action = EnforcementAction(
            reference="N1", kind="litter_fpn", offence_at=NOON, geometry=HERE, age_band="adult"
        )
        session.add(action)
        session.flush()
        session.add(ActionEvent(action_id=action.id, state="issued", at=NOON, recorded_at=NOON))
        area = shapely.MultiPolygon([HERE.buffer(50)])
        for number in (1, 2):
            session.add(
                OrderVersion(
                    order_id=order.id,
                    number=number,
                    change="made",
                    geometry=area,
                    valid_from=NOON.date(),
                )
            )
            session.add(AuditEntry(at=NOON, act="read", entity="x"))
        picture = CleanPicture(b"jpeg", b"small", 1, 1, None)
        photos.add(session, picture, now=NOON, report_id=1)
    return store


@pytest.fixture
def look(sound_store: Store) -> Callable[[], list[tuple[str, str]]]:
    """What the checks say now: check and sentence."""

    def findings_now() -> list[tuple[str, str]]:
        with sound_store.engine.connect() as connection:
            return [(finding.check, finding.sentence) for finding in findings(connection)]

    return findings_now


@pytest.fixture
def harm(sound_store: Store) -> Callable[..., None]:
    """Alters rows past every guard, as a broken disk or a hand in the database does."""

    def on_server(*statements: str) -> None:
        with sound_store.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for statement in statements:
                connection.exec_driver_sql(statement)

    def on_file(*statements: str) -> None:
        with sqlite3.connect(sound_store.path) as connection:
            geopackage_format.register_functions(connection)
            named = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            guards = dict(connection.execute(named).fetchall())
            for statement in (
                *(f'DROP TRIGGER "{name}"' for name in guards),
                *statements,
                *guards.values(),
            ):
                connection.execute(statement)
        connection.close()

    return on_file if sound_store.is_embedded else on_server


HARMS = {
    "guards": (["DROP TRIGGER prohibition_no_update{on}"], "prohibition can be altered"),
    "references": (
        ["UPDATE report SET incident_id = 77 WHERE reference = 'R2'"],
        "1 rows of report",
    ),
    "incident_totals": (["UPDATE incident SET reports = 9"], "the first is R1"),
    "incidents_without_reports": (["UPDATE report SET incident_id = NULL"], "1 incidents have no"),
    "incident_states": (["UPDATE incident SET state = 'open'"], "not as their last event says"),
    "day_counts_add_up": (["UPDATE day_count SET reports = 9"], "are wrong: run  hotspots rebuild"),
    "kept_jobs_add_up": (
        [
            """INSERT INTO kept_jobs (month, changes, jobs, closed, reports, names, content)
            VALUES ('1999-01', 0, 7, 0, 7, '{}', '')"""
        ],
        "are kept wrong: run  hotspots rebuild",
    ),
    "notices": (["DELETE FROM action_event"], "1 notices have no event of their issue"),
    "order_versions": (["DELETE FROM order_version WHERE number = 1"], "the first is PSPO 1"),
    "missing_pictures": (["DELETE FROM photo_content"], "1 photos have lost their picture"),
    "ownerless_photos": (["UPDATE photo SET report_id = NULL"], "1 photos belong to nothing"),
    "altered_pictures": (["UPDATE photo_content SET jpeg = thumbnail"], "1 pictures are not what"),
    "at_head": (["UPDATE alembic_version SET version_num = '0003'"], "of revision 0003"),
    "tables": (["ALTER TABLE street DROP COLUMN road_class"], "road_class"),
}
HARMS_OF_A_FILE = {
    "audit_log": (["DELETE FROM audit_entry WHERE id = 1"], "1 entries of the audit log"),
    "file_marks": (["PRAGMA user_version = 7"], "user_version is 7"),
    "layer_list": (["DELETE FROM gpkg_geometry_columns WHERE table_name = 'report'"], "of report"),
    "geometries": (["UPDATE enforcement_action SET geometry = X'4750'"], "1 geometries of enforc"),
    "spatial_index": (["DELETE FROM rtree_report_geometry"], "2 rows are not where it says"),
}


def test_a_whole_store_has_nothing_to_say(look: Callable[[], list[tuple[str, str]]]) -> None:
    assert look() == []


@pytest.mark.parametrize("check", HARMS)
def test_what_is_damaged_is_found(
    sound_store: Store,
    look: Callable[[], list[tuple[str, str]]],
    harm: Callable[..., None],
    check: str,
) -> None:
    statements, words = HARMS[check]
    on = "" if sound_store.is_embedded else " ON prohibition"
    if check == "guards":
        with sound_store.writing() as session:
            session.execute(text(statements[0].format(on=on)))
    else:
        harm(*statements)
    faults = look()
    assert check in {name for name, _ in faults}
    assert any(words in sentence for _, sentence in faults), faults


@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
@pytest.mark.parametrize("check", HARMS_OF_A_FILE)
def test_what_is_damaged_in_a_geopackage_is_found(
    look: Callable[[], list[tuple[str, str]]], harm: Callable[..., None], check: str
) -> None:
    statements, words = HARMS_OF_A_FILE[check]
    harm(*statements)
    faults = look()
    assert check in {name for name, _ in faults}
    assert any(words in sentence for _, sentence in faults), faults


def test_a_page_that_is_overwritten_is_found(geopackage_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "torn.gpkg"
    content = bytearray(geopackage_template.read_bytes())
    with sqlite3.connect(geopackage_template) as connection:
        find = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_report_reported_at'"
        (root,) = connection.execute(find).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content[(root - 1) * size : (root - 1) * size + 8] = b"\xff" * 8
    path.write_bytes(content)
    store = open_store(f"sqlite:///{path}", migrates=False)
    with store.engine.connect() as connection:
        faults = findings(connection)
    store.close()
    assert {finding.check for finding in faults} == {"pages"}
    assert faults[0].sentence.startswith("the file is damaged: ")


def test_every_check_has_a_damage_that_it_finds() -> None:
    tried = {*HARMS, *HARMS_OF_A_FILE, "pages"}
    assert {check.__name__ for check in CHECKS} == tried
