"""The GeoPackage that a GIS user opens instead of the store: by role, styled, nobody in it."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyogrio
import pytest
import shapely
from sqlalchemy import func, select

from geodata.clearances.contracts import firms_of
from geodata.core.base import Base
from geodata.core.errors import RefusedError
from geodata.exporters import ROLES
from geodata.exporters.gis_layers import GIS_LAYERS
from geodata.models import (
    ContractPeriod,
    EnforcementAction,
    HotspotIdentity,
    Incident,
    Place,
    Report,
    ReporterContact,
    User,
)
from geodata.store.engine import Store
from tests.web.browsing import DEMO_NOW
from web.services.admin.exporting import export_for_gis

NOW = DEMO_NOW
MARKER = "Jane Doe 07700 900123"
NAMES = {"external_ref", "note", "description", "landmark", "owner", "access", "purpose"} | {
    "camera_ref",
    "export_ref",
    "recipient_ref",
    "act_ref",
    "dismissed_reason",
    "land_owner",
    "no_photo_reason",
    "suspicion",
    "time_reason",
    "due_rule",
    "disposal",
}
"""Texts that people write, or that lead to somebody; planted wherever a table has one."""


def plant(row: Base) -> None:
    for name in NAMES & set(row.__table__.columns.keys()):
        setattr(row, name, MARKER)


@pytest.fixture(scope="module")
def demo(demo_store: Store) -> Store:
    """A demo store in which every row of a layer's table hides somebody."""
    with demo_store.writing() as session:
        for table in (Place, Report, Incident, HotspotIdentity):
            for row in session.scalars(select(table).order_by(table.id)):
                plant(row)
        report = session.scalars(select(Report).order_by(Report.id)).all()[0]
        session.add(
            ReporterContact(report_id=report.id, email=MARKER, token=MARKER, created_at=NOW)
        )
        session.add(
            Place(kind="building", name=f"Flat of {MARKER}", geometry=shapely.Point(5.5e5, 1.7e5))
        )
    return demo_store


@pytest.fixture(scope="module")
def files(demo: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    with demo.reading() as session:
        for role in ROLES:
            (firm,) = firms_of(session, NOW.date())
            export_for_gis(session, role, folder / f"{role}.gpkg", firm=firm, now=NOW)
    return {role: folder / f"{role}.gpkg" for role in ROLES}


def layers_of(path: Path) -> list[str]:
    return [name for name, kind in pyogrio.list_layers(path) if kind is not None]


def test_wards_borough_and_places_are_layers_apart(files: dict[str, Path], demo: Store) -> None:
    with demo.reading() as session:
        kinds = dict(session.execute(select(Place.kind, func.count()).group_by(Place.kind)).all())
    for path in files.values():
        assert len(gpd.read_file(path, layer="wards")) == kinds["ward"]
        assert len(gpd.read_file(path, layer="borough")) == kinds["borough"]
        assert "kind" not in gpd.read_file(path, layer="wards")
        places = gpd.read_file(path, layer="places")
        assert not {"ward", "borough", "neighbour"} & set(places["kind"])
        assert places.crs.to_epsg() == 27700


def test_public_file_has_no_canisters_crews_and_hotspots(files: dict[str, Path]) -> None:
    subjects = {name.removesuffix("_points") for name in layers_of(files["public"])}

    assert subjects == {"borough", "wards", "places", "orders"}


def test_only_kinds_of_place_where_nobody_lives_are_public(files: dict[str, Path]) -> None:
    content = b"".join(Path(files["public"]).read_bytes().split(b"\0"))

    assert b"Flat of" not in content
    assert "Flat of" in "".join(gpd.read_file(files["officer"], layer="places_points")["name"])


@pytest.mark.parametrize("role", ROLES)
def test_nobody_and_no_key_is_in_the_file(files: dict[str, Path], demo: Store, role: str) -> None:
    content = files[role].read_bytes()
    with demo.reading() as session:
        users = session.scalars(select(User).order_by(User.id)).all()
        keys = {text for user in users for text in (user.password_hash, user.session_token)}
        references = session.scalars(select(EnforcementAction.reference)).all()

    # The name of a place is the one text of people's that leaves, and not the public's.
    content = content.replace(b"Flat of " + MARKER.encode(), b"")
    assert MARKER.encode() not in content
    assert MARKER[:11].encode() not in content
    assert [key for key in keys if key and key.encode() in content] == []
    assert [one for one in references if one.encode() in content] == []
    assert b"argon2" not in content


@pytest.mark.parametrize("role", ROLES)
def test_every_layer_is_styled_for_qgis_and_for_others(files: dict[str, Path], role: str) -> None:
    with closing(sqlite3.connect(files[role])) as connection:
        rows = connection.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, styleSLD FROM layer_styles "
            "WHERE useAsDefault = 1"
        ).fetchall()
    assert sorted(row[0] for row in rows) == sorted(layers_of(files[role]))
    for layer, geometry, qml, sld in rows:
        info = pyogrio.read_info(files[role], layer=layer)
        assert info["geometry_name"] == geometry
        looks = ET.fromstring(qml)
        kind = {"Point": "marker", "LineString": "line", "Polygon": "fill"}
        wanted = kind[info["geometry_type"].removeprefix("Multi")]
        assert {symbol.get("type") for symbol in looks.iter("symbol")} == {wanted}
        renderer = looks.find("renderer-v2")
        assert renderer is not None
        assert renderer.get("attr") in {None, *info["fields"]}
        labels = {style.get("fieldName") for style in looks.iter("text-style")}
        assert labels <= set(info["fields"])
        described = ET.fromstring(sld)
        assert described.tag == "{http://www.opengis.net/sld}StyledLayerDescriptor"
        assert len(list(described.iter("{http://www.opengis.net/sld}Rule"))) == len(
            list(looks.iter("symbol"))
        )


def test_gdals_validator_finds_no_fault(files: dict[str, Path]) -> None:
    pytest.importorskip("osgeo_utils")
    command = [sys.executable, "-m", "osgeo_utils.samples.validate_gpkg", str(files["officer"])]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("role", ROLES)
def test_no_other_account_of_the_machine_may_read_it(files: dict[str, Path], role: str) -> None:
    assert files[role].stat().st_mode & 0o777 == 0o600


def test_layers_hold_no_column_that_people_write_freely() -> None:
    columns = {
        (role, name, column.key)
        for role, layers in GIS_LAYERS.items()
        for name, layer in layers.items()
        for column in layer.columns
    }

    assert [one for one in columns if one[2] in NAMES | {"email", "user_id", "details"}] == []


def test_a_crew_gets_the_open_jobs_of_its_own_contract(store: Store, tmp_path: Path) -> None:
    with store.writing() as session:
        for firm in ("Clean Ltd", "Tidy Ltd"):
            session.add(ContractPeriod(contractor=firm))
        for key, firm_of_job, state in (
            ("N-1", "Clean Ltd", "open"),
            ("N-2", "Tidy Ltd", "open"),
            ("N-3", "Clean Ltd", "cleared"),
            ("N-4", "Clean Ltd", "paused"),
            ("N-5", None, "open"),
        ):
            times = {"first_reported_at": NOW, "last_reported_at": NOW}
            session.add(
                Incident(
                    key=key,
                    contractor=firm_of_job,
                    state=state,
                    reports=1,
                    geometry=shapely.Point(553_000, 174_000),
                    **times,
                )
            )
    path = tmp_path / "crew.gpkg"
    with store.reading() as session:
        rows = export_for_gis(session, "contractor", path, firm="Clean Ltd", now=NOW)

        with pytest.raises(RefusedError, match="of Clean Ltd, Tidy Ltd"):
            export_for_gis(session, "contractor", tmp_path / "x.gpkg", firm=None, now=NOW)
    assert sorted(gpd.read_file(path, layer="jobs")["key"]) == ["N-1", "N-4"]
    assert rows["jobs"] == 2


def test_shapes_of_several_kinds_are_drawn_as_layers_of_one(store: Store, tmp_path: Path) -> None:
    square = shapely.box(553_000, 174_000, 553_100, 174_100)
    line = shapely.LineString([(553_000, 174_000), (553_100, 174_000)])
    shapes = {
        "point": shapely.Point(553_000, 174_000),
        "line": line,
        "area": square,
        "both": shapely.GeometryCollection([square, line]),
    }
    with store.writing() as session:
        for name, shape in shapes.items():
            session.add(Place(kind="park", name=name, geometry=shape))
    path = tmp_path / "public.gpkg"
    with store.reading() as session:
        rows = export_for_gis(session, "public", path, firm=None, now=NOW)

    assert rows == {
        "borough": 0,
        "wards": 0,
        "places": 2,
        "places_lines": 1,
        "places_points": 1,
        "orders": 0,
    }
    assert gpd.read_file(path, layer="places").area.tolist() == [10_000, 10_000]


def test_wrong_wishes_are_refused(geopackage: Store, tmp_path: Path) -> None:
    there = tmp_path / "there.gpkg"
    there.write_text("mine")
    with geopackage.reading() as session:
        for role, path, words in (
            ("admin", tmp_path / "a.gpkg", "no role 'admin'"),
            ("public", tmp_path / "a.geojson", "no GeoPackage"),
            ("public", there, "is there already"),
            ("public", tmp_path / "no" / "a.gpkg", "cannot be written"),
        ):
            with pytest.raises(RefusedError, match=words):
                export_for_gis(session, role, path, firm=None, now=NOW)
    assert there.read_text() == "mine"
