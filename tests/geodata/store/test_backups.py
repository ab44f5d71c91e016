"""A backup is whole or not there; what it holds comes back, and the old store is kept."""

import shutil
import stat
from pathlib import Path

import pytest
import shapely
from sqlalchemy import select, text

from geodata.core.errors import StoreError
from geodata.models import Place
from geodata.store import backups
from geodata.store.engine import Store, open_store


def names(path: Path) -> list[str]:
    store = open_store(f"sqlite:///{path}")
    with store.reading() as session:
        stored = list(session.scalars(select(Place.name).order_by(Place.id)))
    store.close()
    return stored


def add(store: Store, name: str) -> None:
    with store.writing() as session:
        session.add(Place(kind="other", name=name, geometry=shapely.Point(0, 0)))


def test_a_backup_comes_back_and_the_store_that_was_there_is_kept(
    geopackage: Store, tmp_path: Path
) -> None:
    add(geopackage, "saved")
    copy = tmp_path / "copy.gpkg"
    assert backups.back_up(geopackage, copy).findings == []
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    add(geopackage, "later")
    path = geopackage.path
    assert path
    geopackage.close()
    with pytest.raises(StoreError, match="--replace"):
        backups.restore(copy, path)
    aside = backups.restore(copy, path, replaces=True)
    assert names(path) == ["saved"]
    assert aside
    assert names(aside) == ["saved", "later"]


def test_a_backup_that_fails_leaves_nothing(geopackage: Store, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    with geopackage.writing() as session:  # a page of an index is overwritten in the file
        session.execute(text("PRAGMA writable_schema=ON"))
        session.execute(text("DELETE FROM sqlite_master WHERE name = 'rtree_place_geometry_rowid'"))
    with pytest.raises(StoreError):
        backups.back_up(geopackage, tmp_path / "copy.gpkg")
    assert "copy.gpkg" not in {path.name for path in set(tmp_path.iterdir()) - before}


def test_a_damaged_backup_does_not_touch_the_store(geopackage: Store, tmp_path: Path) -> None:
    add(geopackage, "live")
    path = geopackage.path
    assert path
    copy = tmp_path / "copy.gpkg"
    backups.back_up(geopackage, copy)
    geopackage.close()
    copy.write_bytes(copy.read_bytes()[:20_000])
    with pytest.raises(StoreError):
        backups.restore(copy, path, replaces=True)
    assert names(path) == ["live"]


def test_a_store_is_copied_before_it_is_migrated(geopackage: Store, tmp_path: Path) -> None:
    add(geopackage, "old")
    with geopackage.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    old = Path(shutil.copy(geopackage.path or "", tmp_path / "x.gpkg"))
    geopackage.close()
    with pytest.raises(Exception, match="stop_address"):  # its tables are newer than its number
        open_store(f"sqlite:///{geopackage.path}")
    copy = tmp_path / "store.gpkg.before-migration-0005"
    assert (copy.exists(), stat.S_IMODE(copy.stat().st_mode)) == (True, 0o600)
    assert old.exists()
