"""A CRM's export fed every night: added, changed, unchanged and gone, with what was before."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from geodata.core.errors import RefusedError
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult
from geodata.models import AuditEntry, Clearance, Incident
from geodata.store.engine import Store
from tests.geodata.importers.importing import NOW, reports, take, with_borough, written
from web.cli import hotspots
from web.services.imports import importing

HEAD = "ref,reported_at,easting,northing,status,date closed,details\n"
FIRST = (
    HEAD
    + "C1,2026-11-01 08:00,554000,174000,Open,,Heap by the gate\n"
    + "C2,2026-11-02 08:00,555000,174000,Open,,\n"
    + "C3,2026-11-03 08:00,556000,174000,Open,,\n"
)
SECOND = (
    HEAD
    + "C1,2026-11-01 08:00,554900,174000,Open,,Heap by the gate\n"  # moved by 900 m
    + "C2,2026-11-02 08:00,555000,174000,Closed,2026-11-04 12:00,\n"  # closed
    + "C4,2026-11-05 08:00,557000,174000,Open,,\n"  # new; C3 is gone
)


def night(store: Store, folder: Path, content: str) -> ImportResult:
    path = written(folder, content)
    options = ImportOptions(feed="crm")
    return importing.take_in(store, "reports", path, options, now=NOW)


def test_night_says_what_was_added_changed_unchanged_and_gone(store: Store, tmp_path: Path) -> None:
    with_borough(store)
    first = night(store, tmp_path, FIRST)
    assert (first.accepted, first.changed, first.unchanged, first.gone) == (3, 0, 0, ())
    second = night(store, tmp_path, SECOND)
    counts = (second.accepted, second.changed, second.unchanged, second.rejected, second.gone)
    assert counts == (1, 2, 0, 0, ("C3",))
    third = night(store, tmp_path, SECOND)
    counts = (third.accepted, third.changed, third.unchanged, third.rejected, third.gone)
    assert counts == (0, 0, 3, 0, ("C3",))


def test_moved_point_moves_its_incident_and_closing_clears_it(store: Store, tmp_path: Path) -> None:
    with_borough(store)
    night(store, tmp_path, FIRST)
    night(store, tmp_path, SECOND)
    by_reference = {report.external_ref: report for report in reports(store)}
    assert by_reference["C1"].geometry.x == pytest.approx(554_900)
    assert set(by_reference) == {"C1", "C2", "C3", "C4"}  # what is gone stays
    with store.reading() as session:
        incidents = {each.id: each for each in session.scalars(select(Incident))}
        done = session.scalars(select(Clearance)).one()
    moved, closed = (incidents[by_reference[ref].incident_id] for ref in ("C1", "C2"))
    assert moved.geometry.x == pytest.approx(554_900)
    assert (closed.state, done.report_id) == ("cleared", by_reference["C2"].id)
    assert done.occurred_at == datetime(2026, 11, 4, 12, tzinfo=UTC)


def test_what_was_there_before_is_in_the_audit_log(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    night(geopackage, tmp_path, FIRST)
    night(geopackage, tmp_path, SECOND)
    c1 = next(each for each in reports(geopackage) if each.external_ref == "C1")
    with geopackage.reading() as session:
        query = select(AuditEntry).where(AuditEntry.act == "sync", AuditEntry.entity_id == c1.id)
        (entry,) = session.scalars(query)
    assert entry.before["geometry"] == "554000.0 174000.0"
    assert entry.after["geometry"] == "554900.0 174000.0"


def test_words_that_were_taken_out_here_stay_out(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    night(geopackage, tmp_path, FIRST)
    with geopackage.writing() as session:
        for report in session.scalars(select(type(reports(geopackage)[0]))):
            report.description = None
    night(geopackage, tmp_path, SECOND)
    assert {report.description for report in reports(geopackage)} == {None}


def test_same_reference_twice_in_one_file_is_a_problem(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    night(geopackage, tmp_path, FIRST)
    twice = SECOND + "C1,2026-11-01 08:00,558000,174000,Open,,\n"
    result = night(geopackage, tmp_path, twice)
    assert (result.changed, result.rejected) == (2, 1)
    assert "earlier row" in result.problems[0].message


def test_file_that_is_no_feed_changes_nothing_as_before(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    night(geopackage, tmp_path, FIRST)
    result = take(geopackage, written(tmp_path, SECOND))
    assert (result.accepted, result.changed, result.rejected) == (1, 0, 2)
    assert "is here already with other content" in result.problems[0].message


def test_other_kinds_cannot_be_kept_in_step(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    with pytest.raises(RefusedError, match="--sync takes reports"):
        take(geopackage, written(tmp_path, FIRST), "clearances", feed="crm")


def test_command_names_what_is_gone(
    geopackage: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_borough(geopackage)
    url = geopackage.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    for content in (FIRST, SECOND):
        path = written(tmp_path, content)
        done = CliRunner().invoke(hotspots, ["import", "reports", str(path), "--sync"])
        assert done.exit_code == 0, done.output
    assert "1 accepted as batch 2, 0 rejected, 0 here already. 2 changed." in done.output
    assert "1 that earlier files of this feed had are gone from it" in done.output
    assert "stay here: C3" in done.output
