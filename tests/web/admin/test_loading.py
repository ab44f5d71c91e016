"""A long file is loaded in pieces: others work meanwhile, and see all of it or nothing."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from sqlalchemy import func, select

from geodata import frames, incidents
from geodata.core.errors import RefusedError
from geodata.importers.options import ImportOptions
from geodata.models import DayCount, ImportBatch, Incident, IncidentEvent, Report
from geodata.store.engine import Store, open_store
from geodata.store.soundness import findings
from tests.web.incidents.test_linking_around import stored
from web.services.imports import importing, loading
from web.services.imports.importing import take_in
from web.services.incidents.linking import relink
from web.services.reporting.intake import NewReport, take_report

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROWS, PIECE = 8, 3
WRITES = 1 + 3 + 3 + 1
"""The batch begins, three pieces of its reports, three of their incidents, and it ends."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_AT_ONCE", 2)
    for name in ("FIRST_ROWS", "FEWEST_ROWS", "MOST_ROWS"):
        monkeypatch.setattr(loading, name, PIECE)


def file(folder: Path, name: str = "long") -> Path:
    """Reports that are no neighbours of each other; the odd ones are cleared."""
    path = folder / f"{name}.csv"
    cleared = ("", "2026-06-01")
    lines = [
        f"{name}-{n},2026-05-{1 + n:02},{552_100 + 200 * n},174000,{cleared[n % 2]}\n"
        for n in range(ROWS)
    ]
    path.write_text("ref,Date,Easting,Northing,Date cleared\n" + "".join(lines))
    return path


def import_(store: Store, path: Path) -> int | None:
    return take_in(store, "reports", path, ImportOptions(), now=NOW).batch


def between_pieces(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], object]) -> None:
    """Do something after each piece, whose number is told."""
    count = iter(range(1, 100))
    monkeypatch.setattr(loading, "_rest", lambda _: act(next(count)))


def seen(store: Store) -> tuple[int | None, ...]:
    """How much of everything that a file brings can be seen."""
    with store.reading() as session:
        counts = [
            session.scalar(select(func.count()).select_from(model))
            for model in (ImportBatch, Report, Incident, IncidentEvent)
        ]
        days = session.scalar(select(func.sum(DayCount.reports)))
        of_frames = [len(frames.reports(session)), len(frames.clearances(session))]
        assert frames.incidents(session).shape[0] == counts[2]
        return (*counts, *of_frames, days or 0)


def report(store: Store, x: float) -> str:
    with store.writing() as session:
        new = NewReport(shapely.Point(x, 174_500), "public", "web", NOW)
        return take_report(session, new, now=NOW).incident_key


def test_others_report_meanwhile_and_see_all_of_the_file_or_nothing(
    council: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = []

    def act(number: int) -> None:
        report(council, 552_000 + 100 * number)
        states.append(seen(council))
        if number == WRITES // 2:
            with council.engine.connect() as connection:
                assert findings(connection) == []

    between_pieces(monkeypatch, act)
    batch = import_(council, file(tmp_path))
    live = WRITES - 2
    assert states == [(0, n, n, n, n, 0, n) for n in range(1, live + 1)]
    total = live + ROWS
    assert seen(council) == (1, total, total, total, total, ROWS // 2, total)
    with council.writing() as session:
        ours = stored(session)
        assert {row[1] for row in ours.values()} == {"cleared", "lapsed", "open"}
        relink(session, now=NOW)
        assert stored(session) == ours
        assert incidents.count(session) == total
    with council.engine.connect() as connection:
        assert findings(connection) == []
    with council.writing() as session:
        assert importing.undo_batch(session, batch or 0, now=NOW) == ROWS
    assert seen(council)[:3] == (1, live, live)


def test_killed_after_any_piece_nothing_of_a_file_is_seen_and_it_is_taken_out(
    council: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = council.engine.url.render_as_string(hide_password=False)
    council.engine.dispose()
    for last in (1, 4, 6):
        child = os.fork()
        if child == 0:
            between_pieces(
                monkeypatch, lambda n, last=last: n == last and os.kill(os.getpid(), signal.SIGKILL)
            )
            import_(open_store(url), file(tmp_path))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        assert set(seen(council)) == {0}
        with council.engine.connect() as connection:
            assert connection.scalar(select(ImportBatch.is_loading)) is True
            assert findings(connection) == []
    loading.clear_cut_off(council)
    with council.engine.connect() as connection:
        for model in (ImportBatch, Report, Incident):
            assert connection.scalar(select(func.count()).select_from(model)) == 0
    import_(council, file(tmp_path))
    assert seen(council)[:3] == (1, ROWS, ROWS)


def test_what_fails_on_its_way_leaves_nothing(
    council: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the power of the machine")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(loading.linking_in_pieces, "end", fail)
        import_(council, file(tmp_path))
    with council.engine.connect() as connection:
        for model in (ImportBatch, Report, Incident):
            assert connection.scalar(select(func.count()).select_from(model)) == 0


def test_of_two_long_files_of_a_kind_the_second_is_refused(
    council: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = []

    def act(_: int) -> None:
        for most in (2, 1_000):  # in pieces, and at once
            monkeypatch.setattr(importing, "MOST_AT_ONCE", most)
            with pytest.raises(RefusedError, match="try again"):
                import_(council, file(tmp_path, "second"))
            refused.append(most)

    between_pieces(monkeypatch, act)
    import_(council, file(tmp_path))
    assert len(refused) == 2 * (WRITES - 2)
    assert seen(council)[:2] == (1, ROWS)
