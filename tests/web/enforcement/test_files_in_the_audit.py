"""Enforcement data that comes and goes in files leaves its trace in the audit."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from geodata import frames
from geodata.importers.options import ImportOptions
from geodata.people import audit
from tests.web.enforcement.conftest import NOW, Enforcing
from web.services.admin import exporting
from web.services.imports import importing

ROWS = (
    "Date of offence,Type,Easting,Northing,Amount,Vehicle involved,Other act reason\n"
    "2026-06-12 23:40,litter,553500,174000,£100,no,\n"
    "2026-06-13 00:20,pspo,553500,174000,£100,yes,Another person 40 minutes later\n"
)


def log(enforcing: Enforcing) -> list[tuple[str, dict | None, dict | None]]:
    with enforcing.store.reading() as session:
        entries = audit.entries(session, "enforcement_action")
    return [(entry.act, entry.before, entry.after) for entry, _ in entries][::-1]


def test_an_import_an_export_and_an_undoing_are_logged(
    enforcing: Enforcing, tmp_path: Path
) -> None:
    path = tmp_path / "notices.csv"
    path.write_text(ROWS, encoding="utf-8")
    result = importing.take_in(enforcing.store, "actions", path, ImportOptions(), now=NOW)
    exporting.export(enforcing.store, "actions", tmp_path / "out.csv", now=NOW)
    exporting.export(enforcing.store, "places", tmp_path / "places.csv", now=NOW)  # nobody's
    with enforcing.store.writing() as session:
        importing.undo_batch(session, result.batch, now=NOW)
    assert log(enforcing) == [
        ("import", None, {"batch": result.batch, "rows": 2}),
        ("export", None, {"layer": "actions", "rows": 2}),
        ("undo_import", {"batch": result.batch, "rows": 2}, None),
    ]


def test_the_analysis_gets_actions_without_any_text(enforcing: Enforcing, tmp_path: Path) -> None:
    path = tmp_path / "notices.csv"
    path.write_text(ROWS, encoding="utf-8")
    importing.take_in(enforcing.store, "actions", path, ImportOptions(), now=NOW)
    with enforcing.store.reading() as session:
        actions = frames.actions(session)
    assert list(actions.columns) == ["id", "geometry", "offence_at", "kind", "order_version_id"]
    assert actions["kind"].tolist() == ["litter_fpn", "pspo_fpn"]
    assert actions["offence_at"][0] == pd.Timestamp(datetime(2026, 6, 12, 22, 40, tzinfo=UTC))
    assert actions["order_version_id"].isna().tolist() == [True, False]
    assert actions.crs.to_epsg() == 27700
