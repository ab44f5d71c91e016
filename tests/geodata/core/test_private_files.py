"""Files that other accounts of the machine cannot read, and that are whole or not there."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from geodata.core import private_files
from geodata.store.engine import open_store


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_umask")
def test_a_new_store_and_its_journals_are_its_owners_alone(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/new.gpkg", create=True)
    with store.reading() as session:
        session.execute(text("SELECT count(*) FROM report"))
        files = {path.name: mode(path) for path in tmp_path.iterdir()}
    store.close()
    assert set(files.values()) == {0o600}
    assert {"new.gpkg", "new.gpkg-wal", "new.gpkg-shm"} <= set(files)


def test_an_older_store_is_taken_from_the_others_when_it_is_opened(
    geopackage_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "old.gpkg"
    path.write_bytes(geopackage_template.read_bytes())
    path.chmod(0o664)
    open_store(f"sqlite:///{path}").close()
    assert mode(path) == 0o600


@pytest.mark.usefixtures("_umask")
def test_what_is_written_is_its_owners_alone_and_alone_in_the_folder(tmp_path: Path) -> None:
    with private_files.written(tmp_path / "out.csv") as half:
        assert mode(half.parent) == 0o700
        half.write_text("a")
    assert [(path.name, mode(path)) for path in tmp_path.iterdir()] == [("out.csv", 0o600)]


@pytest.mark.parametrize("replaces", [False, True])
def test_a_failed_write_leaves_what_stood_there(tmp_path: Path, *, replaces: bool) -> None:
    (tmp_path / "out.csv").write_text("older")
    with (
        pytest.raises(RuntimeError),
        private_files.written(tmp_path / "out.csv", replaces=replaces) as half,
    ):
        half.write_text("half of it")
        raise RuntimeError
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.csv", "older")]


@pytest.mark.parametrize("has_links", [True, False], ids=["links", "memory-stick"])
def test_a_name_that_is_taken_meanwhile_is_not_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_links: bool
) -> None:
    if not has_links:

        def refuse(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
    with (
        pytest.raises(FileExistsError),
        private_files.written(tmp_path / "out.csv") as half,
    ):
        half.write_text("mine")
        (tmp_path / "out.csv").write_text("theirs")
    assert (tmp_path / "out.csv").read_text() == "theirs"


def test_what_a_killed_process_left_is_removed_after_a_day(tmp_path: Path) -> None:
    old, young = (tmp_path / f".{name}.csv.x.unfinished" for name in ("old", "young"))
    for folder in (old, young):
        folder.mkdir()
    two_days_ago = time.time() - 2 * 86_400
    os.utime(old, (two_days_ago, two_days_ago))
    with private_files.written(tmp_path / "out.csv") as half:
        half.write_text("a")
    assert (old.exists(), young.exists()) == (False, True)
