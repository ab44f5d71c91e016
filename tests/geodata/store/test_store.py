"""Both stores keep what they are given, and refuse what is not theirs."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DataError, DBAPIError, StatementError

from geodata.core.errors import (
    ForeignStoreError,
    NewerStoreError,
    StoreError,
    UnreachableStoreError,
)
from geodata.core.spatial import box_intersects
from geodata.migrations import drift, migrate
from geodata.models import AuditEntry, Place
from geodata.store.engine import Store, open_store

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def place(x: float, y: float, name: str = "here") -> Place:
    return Place(kind="other", name=name, geometry=shapely.Point(x, y))


def test_a_migrated_store_has_the_shape_of_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        assert drift(connection) == []


def test_migrating_again_changes_nothing(store: Store) -> None:
    with store.engine.execution_options(is_writer=True).begin() as connection:
        migrate(connection)
        assert drift(connection) == []


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.Point(554000.123, 174000.456),
        shapely.box(0, 0, 10, 20),
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
        shapely.LineString([(0, 0), (1, 5)]),
    ],
)
def test_geometry_comes_back_as_it_went_in(store: Store, geometry: shapely.Geometry) -> None:
    with store.writing() as session:
        session.add(Place(kind="other", name="x", geometry=geometry))
    with store.reading() as session:
        assert session.scalars(select(Place.geometry)).one().equals(geometry)


def test_an_instant_comes_back_as_the_same_instant_in_utc(store: Store) -> None:
    summer = datetime(2026, 7, 1, 0, 30, 0, 123000, tzinfo=timezone(timedelta(hours=1)))
    with store.writing() as session:
        session.add(AuditEntry(at=summer, act="read", entity="x", before={"a": [1, "£"]}))
    with store.reading() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert entry.at == datetime(2026, 6, 30, 23, 30, 0, 123000, tzinfo=UTC)
    assert entry.at.utcoffset() == timedelta(0)
    assert entry.before == {"a": [1, "£"]}


def test_a_naive_time_is_refused(store: Store) -> None:
    entry = AuditEntry(at=datetime(2026, 7, 1), act="read", entity="x")  # noqa: DTZ001
    with pytest.raises(StatementError, match="no time zone"), store.writing() as session:
        session.add(entry)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry"]
)
def test_the_audit_cannot_be_altered(store: Store, statement: str) -> None:
    with store.writing() as session:
        session.add(AuditEntry(at=NOON, act="read", entity="x"))
    with pytest.raises(DBAPIError, match="append-only"), store.writing() as session:
        session.execute(text(statement))


def test_a_failed_unit_of_work_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing() as session:
        session.add(place(0, 0))
        session.flush()
        raise RuntimeError
    with store.reading() as session:
        assert session.scalars(select(Place)).all() == []


whole_metres = st.integers(0, 50)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    points=st.lists(st.tuples(whole_metres, whole_metres), max_size=12),
    corner=st.tuples(whole_metres, whole_metres),
    size=st.tuples(whole_metres, whole_metres),
)
def test_a_box_finds_what_comparing_every_point_finds(
    store: Store, points: list[tuple[int, int]], corner: tuple[int, int], size: tuple[int, int]
) -> None:
    (x0, y0), (x1, y1) = corner, (corner[0] + size[0], corner[1] + size[1])
    session = store.session(is_writer=True)
    session.add_all([place(x, y, str(i)) for i, (x, y) in enumerate(points)])
    session.flush()
    names = session.scalars(
        select(Place.name).where(box_intersects(Place.geometry, (x0, y0, x1, y1)))
    )
    expected = {str(i) for i, (x, y) in enumerate(points) if x0 <= x <= x1 and y0 <= y <= y1}
    assert set(names) == expected
    session.rollback()
    session.close()


def test_a_moved_or_deleted_row_leaves_its_old_box(store: Store) -> None:
    with store.writing() as session:
        session.add_all([place(0, 0, "moved"), place(1, 1, "gone")])
    with store.writing() as session:
        moved, gone = session.scalars(select(Place).order_by(Place.id))
        moved.geometry = shapely.Point(100, 100)
        session.delete(gone)
    with store.reading() as session:
        inside = box_intersects(Place.geometry, (-5, -5, 5, 5))
        assert session.scalars(select(Place).where(inside)).all() == []


def test_other_programs_read_every_layer(geopackage: Store) -> None:
    with geopackage.writing() as session:
        session.add(place(554000, 174000))
    layers = dict(pyogrio.list_layers(geopackage.path))
    assert layers["place"] == "Unknown"  # any geometry
    assert layers["audit_entry"] is None
    frame = pyogrio.read_dataframe(geopackage.path, layer="place")
    assert frame.crs.to_epsg() == 27700
    assert frame.geometry.iloc[0].equals(shapely.Point(554000, 174000))


def test_gdals_validator_finds_no_fault(geopackage: Store) -> None:
    pytest.importorskip("osgeo_utils", reason="gdal-utils is not installed (pip --no-deps)")
    with geopackage.writing() as session:
        session.add_all([place(554000, 174000), AuditEntry(at=NOON, act="read", entity="x")])
    command = [sys.executable, "-m", "osgeo_utils.samples.validate_gpkg", str(geopackage.path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr


def test_a_missing_file_is_refused_unless_it_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(UnreachableStoreError, match="hotspots init"):
        open_store(f"sqlite:///{tmp_path}/none.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "letter.gpkg"
    path.write_bytes(b"Dear council, " * 20)
    with pytest.raises(ForeignStoreError, match="not a GeoPackage"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == b"Dear council, " * 20


def test_somebody_elses_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(ForeignStoreError, match="invoices"):
        open_store(f"sqlite:///{path}")
    tables = sqlite3.connect(path).execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("invoices",)]


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "damaged.gpkg"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    with pytest.raises(ForeignStoreError):
        open_store(f"sqlite:///{path}")


def test_a_store_of_a_newer_version_is_refused(store: Store) -> None:
    with store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    address = store.engine.url.render_as_string(hide_password=False)
    with pytest.raises(NewerStoreError, match="9999"):
        open_store(address)


def test_a_full_disk_is_said_and_nothing_is_half_written(geopackage: Store) -> None:
    with pytest.raises(UnreachableStoreError, match="full"), geopackage.writing() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
        session.add_all([place(i, i, "x" * 200) for i in range(2000)])
    with geopackage.reading() as session:
        assert session.scalars(select(Place)).all() == []


@pytest.mark.parametrize("address", ["hello", "mysql://a/b", "sqlite://"])
def test_an_address_that_is_no_store_is_refused(address: str) -> None:
    with pytest.raises(StoreError):
        open_store(address)


@pytest.mark.postgis
def test_a_server_that_does_not_answer_is_said_without_its_password() -> None:
    with pytest.raises(UnreachableStoreError) as caught:
        open_store("postgresql://someone:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)


@pytest.mark.postgis
def test_a_server_without_postgis_is_refused_with_the_remedy(bare_database: str) -> None:
    with pytest.raises(StoreError, match=r"has no PostGIS: .* CREATE EXTENSION postgis"):
        open_store(bare_database)


@pytest.mark.postgis
def test_a_missing_database_is_not_taken_for_one_without_postgis(bare_database: str) -> None:
    address = make_url(bare_database).set(database="postgis_that_is_not")
    with pytest.raises(UnreachableStoreError, match='"postgis_that_is_not" does not exist'):
        open_store(address.render_as_string(hide_password=False))


@pytest.mark.postgis
def test_a_value_that_no_database_takes_does_not_say_that_the_server_is_away(
    postgis: Store,
) -> None:
    with pytest.raises(DataError), postgis.reading() as session:
        session.execute(text("SELECT :words"), {"words": "a\x00b"})
