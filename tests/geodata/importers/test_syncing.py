"""A CRM's export fed every night: added, changed, unchanged and gone, with what was before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from geodata.core.errors import RefusedError
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult
from geodata.models import AuditEntry, Clearance, FeedChange, Incident, Report
from geodata.store.engine import Store
from tests.geodata.importers.importing import NOW, reports, take, with_borough, written
from web.cli import hotspots
from web.services.admin import retention
from web.services.admin.retention_schedule import Terms
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


FOUR = FIRST + "C5,2026-11-04 08:00,558000,174000,Open,,\n"
"""One more than the first night, so that one of four is gone in the second."""


def undone(store: Store, batch: int | None) -> importing.Undone:
    with store.writing() as session:
        return importing.undo_import(session, batch or 0, now=NOW)


def as_they_stand(store: Store) -> dict[str | None, tuple[object, ...]]:
    """What a feed says of each report, and how its incident stands."""
    with store.reading() as session:
        incidents = {each.id: each.state for each in session.scalars(select(Incident))}
    return {
        each.external_ref: (
            *(each.id, each.reference, each.geometry.wkt, each.reported_at, each.description),
            *(each.description_state, each.fingerprint, incidents[each.incident_id or 0]),
        )
        for each in reports(store)
    }


def test_undone_night_leaves_all_as_it_was(store: Store, tmp_path: Path) -> None:
    with_borough(store)
    night(store, tmp_path, FIRST)
    before = as_they_stand(store)
    second = night(store, tmp_path, SECOND.replace("Heap by the gate", "Heap by the old gate"))
    assert as_they_stand(store).keys() ^ before.keys() == {"C4"}
    done = undone(store, second.batch)
    assert (done.rows, done.back.changed, done.back.later) == (1, 2, ())
    assert as_they_stand(store) == before
    with store.reading() as session:
        assert session.scalars(select(Clearance)).all() == []
        acts = [each.act for each in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert acts == ["sync", "sync", "undo_sync", "undo_sync"]


def test_what_a_later_night_changed_stays_and_is_named(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    night(geopackage, tmp_path, FIRST)
    second = night(geopackage, tmp_path, SECOND)
    third = night(geopackage, tmp_path, SECOND.replace("554900", "554500"))
    before = as_they_stand(geopackage)["C1"]
    done = undone(geopackage, second.batch)
    assert (done.back.changed, done.back.later) == (1, ("C1",))
    assert as_they_stand(geopackage)["C1"] == before
    assert (
        undone(geopackage, third.batch).back.changed == 1
    )  # to what the second night had made of it
    c1 = next(each for each in reports(geopackage) if each.external_ref == "C1")
    assert c1.geometry.x == pytest.approx(554_900)


def test_gone_is_withdrawn_where_it_is_wished_and_comes_back(store: Store, tmp_path: Path) -> None:
    with_borough(store)
    night(store, tmp_path, FOUR)
    before = as_they_stand(store)
    options = ImportOptions(feed="crm", withdraws_gone=True)
    path = written(tmp_path, FOUR.replace("C3,", "C9,"))
    result = importing.take_in(store, "reports", path, options, now=NOW)
    assert (result.gone, result.withdrawn, result.accepted) == (("C3",), 1, 1)
    assert as_they_stand(store).keys() == {"C1", "C2", "C5", "C9"}
    done = undone(store, result.batch)
    assert (done.rows, done.back.withdrawn, done.back.later) == (1, 1, ())
    assert as_they_stand(store) == before
    with store.reading() as session:
        acts = select(AuditEntry.act, AuditEntry.reason).order_by(AuditEntry.id)
        assert [tuple(row) for row in session.execute(acts)] == [
            ("withdraw", "gone from the feed crm"),
            ("reinstate", None),
        ]


def test_copies_for_undoing_go_after_thirty_days(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    night(geopackage, tmp_path, FIRST)
    night(geopackage, tmp_path, SECOND)
    for days, copies in ((29, 2), (31, 0)):
        with geopackage.writing() as session:
            retention.clean_up(session, Terms(), now=NOW + timedelta(days=days))
            assert len(session.scalars(select(FeedChange)).all()) == copies


def test_what_somebody_answered_is_not_withdrawn(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    closed = FOUR.replace("556000,174000,Open,", "556000,174000,Closed,2026-11-04 12:00")
    night(geopackage, tmp_path, closed)
    with geopackage.writing() as session:
        query = select(Report).where(Report.external_ref == "C5")
        session.scalars(query).one().is_pinned = True  # an officer placed it
    options = ImportOptions(feed="crm", withdraws_gone=True)
    path = written(tmp_path, "".join(FOUR.splitlines(keepends=True)[:3]))
    result = importing.take_in(geopackage, "reports", path, options, now=NOW)
    assert (result.gone, result.withdrawn) == (("C3", "C5"), 0)
    assert len(reports(geopackage)) == 4


def test_file_that_was_cut_short_withdraws_nothing(geopackage: Store, tmp_path: Path) -> None:
    with_borough(geopackage)
    night(geopackage, tmp_path, FOUR)
    options = ImportOptions(feed="crm", withdraws_gone=True)
    path = written(tmp_path, "".join(FOUR.splitlines(keepends=True)[:2]))
    with pytest.raises(RefusedError, match="3 of the 4 that the feed crm had"):
        importing.take_in(geopackage, "reports", path, options, now=NOW)


def test_command_withdraws_undoes_and_counts(
    geopackage: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_borough(geopackage)
    url = geopackage.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)

    def run(*words: str) -> str:
        done = CliRunner().invoke(hotspots, ["import", *words])
        assert done.exit_code == 0, done.output
        return done.output

    run("reports", str(written(tmp_path, FOUR)), "--sync")
    lacks_one = str(written(tmp_path, SECOND + "C5,2026-11-04 08:00,558000,174000,Open,,\n"))
    tried = run("reports", lacks_one, "--sync", "--withdraw-gone", "--dry-run")
    assert "1 would be withdrawn: C3" in tried
    assert "1 are withdrawn: C3" in run("reports", lacks_one, "--sync", "--withdraw-gone")
    undo = run("--undo", "2")
    assert "Batch 2 is undone: 1 rows taken out.\n2 that it had changed are again as" in undo
    assert "1 that it had withdrawn are here again." in undo
    assert {each.external_ref for each in reports(geopackage)} == {"C1", "C2", "C3", "C5"}
    refused = CliRunner().invoke(hotspots, ["import", "reports", lacks_one, "--withdraw-gone"])
    assert "goes with --sync" in refused.output
