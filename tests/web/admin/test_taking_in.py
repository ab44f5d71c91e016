"""Files are read while others write, and go in whole or not at all."""

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from geodata import frames
from geodata.core.errors import RefusedError
from geodata.importers import reading
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ReadFile
from geodata.models import ImportBatch, Report
from geodata.store import settings
from geodata.store.engine import Store, open_store
from web.services.imports.importing import TRIES, take_in, undo_batch

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROWS, KILLS = 40, 5


def csv(folder: Path, name: str, rows: int = 2) -> Path:
    path = folder / f"{name}.csv"
    lines = [f"{name}-{n},2026-05-{1 + n % 28:02},{552_100 + 40 * n},174000\n" for n in range(rows)]
    path.write_text("ref,Date,Easting,Northing\n" + "".join(lines))
    return path


def import_(store: Store, path: Path) -> reading.ImportResult:
    return take_in(store, "reports", path, ImportOptions(), now=NOW)


def meanwhile(patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have something done by somebody else each time that a file has been read."""
    read = reading.read_file

    def read_meanwhile(*args: Any, **kwargs: Any) -> ReadFile:
        done = read(*args, **kwargs)
        with patch.context() as undone:
            undone.setattr(reading, "read_file", read)
            act()
        return done

    patch.setattr(reading, "read_file", read_meanwhile)


def test_others_write_while_a_file_is_read(
    council: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> None:
        with council.writing() as session:
            settings.write(session, "written", value=True)

    meanwhile(monkeypatch, write)
    assert import_(council, csv(tmp_path, "a")).accepted == 2
    with council.reading() as session:
        assert settings.read(session, "written") is True


def test_a_file_that_came_in_meanwhile_adds_nothing_twice(
    council: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = csv(tmp_path, "a")
    meanwhile(monkeypatch, lambda: import_(council, path))
    result = import_(council, path)
    assert (result.accepted, result.unchanged, result.batch) == (0, 2, None)
    with council.reading() as session:
        assert len(frames.reports(session)) == 2


def test_a_store_that_never_stands_still_is_said_to(
    council: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = iter(csv(tmp_path, f"other-{n}") for n in range(TRIES))
    meanwhile(monkeypatch, lambda: import_(council, next(others)))
    with pytest.raises(RefusedError, match="other files were taken in"):
        import_(council, csv(tmp_path, "a"))


def test_killed_at_any_point_an_import_is_in_whole_or_not_at_all(
    council: Store, tmp_path: Path
) -> None:
    url, chance = council.engine.url.render_as_string(hide_password=False), random.Random(13)
    took = time.monotonic()
    import_(council, csv(tmp_path, "first", ROWS))
    took = time.monotonic() - took
    council.engine.dispose()
    for number in range(KILLS):
        path = csv(tmp_path, f"kill-{number}", ROWS)
        child = os.fork()
        if child == 0:
            import_(open_store(url), path)
            os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(chance.uniform(0, 2 * took))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with council.reading() as session:
            per_batch = session.execute(
                select(func.count(), func.count(Report.incident_id)).group_by(Report.batch_id)
            ).all()
            kept = session.scalars(select(ImportBatch.id)).all()
        assert per_batch == [(ROWS, ROWS)] * len(kept)
    with council.writing() as session:
        for batch in reversed(kept):
            undo_batch(session, batch, now=NOW)
        assert frames.reports(session).empty
