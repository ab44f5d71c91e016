"""``hotspots report committee``: files in a folder, and refusals in a sentence."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from geodata.models import AuditEntry
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.desk import run_now, scattered, store_incidents
from web.cli import main
from web.commands.results import report

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HALF_YEAR = ("--from", "2026-04-01", "--to", "2026-09-30")


@pytest.fixture
def run(council: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs the command on the store of a test; its status, its output and its complaints."""
    monkeypatch.setattr(report, "utc_now", lambda: NOW)
    monkeypatch.setattr(report, "open_configured_store", lambda: council)

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["report", "committee", *arguments])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


@pytest.fixture
@filled_once
def detected(council: Store) -> Store:
    august = datetime(2026, 8, 20, 12, tzinfo=UTC)
    store_incidents(council, scattered(august), now=NOW, state="cleared")
    with council.writing() as session:
        run_now(session, Actor(None, august), as_of=august)
    return council


def test_four_files_and_the_map_are_written_into_a_new_folder(
    run, detected: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "a" / "pack"
    status, out, _ = run(*HALF_YEAR, "-o", str(folder), "--json")
    assert status == 0
    names = sorted(Path(name).name for name in json.loads(out)["files"])
    stem = "committee-public-2026-04-01-to-2026-09-30"
    endings = ("-map-a3.pdf", ".docx", ".html", ".odt", ".pdf")
    assert names == [f"{stem}{ending}" for ending in endings]
    assert sorted(path.name for path in folder.iterdir()) == names


def test_an_exempt_one_is_in_the_audit(run, detected: Store, tmp_path: Path) -> None:
    status, out, _ = run(*HALF_YEAR, "--audience", "exempt", "--format", "pdf", "-o", str(tmp_path))
    assert (status, Path(out.strip()).suffix) == (0, ".pdf")
    with detected.reading() as session:
        (entry,) = session.scalars(
            select(AuditEntry).where(AuditEntry.entity == "committee_report")
        )
        assert entry.user_id is None
        assert entry.after["format"] == "pdf"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (
            ("--from", "2026-09-30", "--to", "2026-04-01"),
            1,
            "the report would end on 1 April 2026, before it begins on 30 September 2026: exchange",
        ),
        (
            HALF_YEAR,
            1,
            "no detection run looks from a day up to 30 September 2026: make one with hotspots det",
        ),
        (
            ("--from", "2026-10-01", "--to", "2026-11-24"),
            1,
            "24 November 2026 is not over yet: let the report end on 23 November 2026",
        ),
        (
            (*HALF_YEAR, "--format", "pdf,rtf"),
            2,
            "'rtf' is no format: choose of html, docx, odt, pdf, map",
        ),
        ((*HALF_YEAR, "--audience", "press"), 2, "'press' is not one of 'public', 'exempt'"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    run, tmp_path: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    ended, out, complaint = run(*arguments, "-o", str(tmp_path / "pack"))
    assert (ended, out) == (status, "")
    assert words in complaint
    assert complaint.startswith("Refused: ") == (status == 1)
    assert not (tmp_path / "pack").exists()
