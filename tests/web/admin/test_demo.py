"""The demonstration: fills an empty store, says everywhere that nothing of it happened."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
import shapely
from sqlalchemy import func, select

from geodata import frames, places
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import PlaceKind
from geodata.demo.borough import OUTLINE, ward_shapes
from geodata.models import Base, Clearance, EnforcementAction, Report
from geodata.store.engine import Store, open_store
from tests.conftest import POSTGIS_URL
from tests.databases import address_of, drop_database, new_database
from tests.web.page import Page
from web.application import create_app
from web.cli import main
from web.config import Config
from web.services.admin.demonstration import ensure_demo

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
IMPORTED = [m.class_ for m in Base.registry.mappers if "external_ref" in m.columns]


@pytest.fixture(scope="module", params=["file", pytest.param("server", marks=pytest.mark.postgis)])
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """The demo of a moment in a store of each kind, built once: no test here changes it."""
    if request.param == "file":
        store = open_store(f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.gpkg", create=True)
    else:
        name = new_database(POSTGIS_URL, like=request.getfixturevalue("migrated_postgis"))
        store = open_store(address_of(POSTGIS_URL, name))
    with store.writing() as session:
        built = ensure_demo(session, now=NOW)
    assert built is not None
    assert built.hotspots >= 5
    yield store
    store.close()
    if request.param == "server":
        drop_database(POSTGIS_URL, name)


def test_the_demo_fills_the_store_by_the_domains_rates_up_to_now(demo: Store) -> None:
    with demo.reading() as session:
        incidents = frames.incidents(session)
        reports = session.scalar(select(func.count(Report.id)))
        last = session.scalar(select(func.max(Report.reported_at)))
        cleared = session.scalar(select(func.max(Clearance.occurred_at)))
        given = session.scalars(select(EnforcementAction.issued_on)).all()
    per_year = len(incidents) / 6
    assert 350 <= per_year <= 450
    assert reports / len(incidents) == pytest.approx(1.3, abs=0.1)
    assert NOW - timedelta(days=3) < last <= NOW
    assert cleared <= NOW
    assert given
    assert pd.Series([day.year for day in given]).value_counts().max() <= 5
    open_now = incidents["cleared_at"].isna() & (
        incidents["last_reported_at"] > NOW - timedelta(days=2)
    )
    assert open_now.any(), "a demo of clearing needs something to clear"


def test_every_row_says_that_it_is_synthetic(demo: Store) -> None:
    with demo.reading() as session:
        refs = {m.__tablename__: session.scalars(select(m.external_ref)).all() for m in IMPORTED}
    empty = {table for table, found in refs.items() if not found}
    assert empty == {"gazetteer_entry", "street"}  # real files only, which a demo has none of
    for table, found in refs.items():
        assert all(ref and ref.startswith("SYNTHETIC") for ref in found), table


def test_every_page_of_the_demo_says_so_and_its_accounts_work(demo: Store) -> None:
    client = create_app(Config(insecure_cookies=True), store=demo).test_client()
    sign_in = client.get("/sign-in")
    accounts = "officer, contractor, manager, admin, partner; the password is synthetic-demo"
    assert accounts in sign_in.text
    token = Page.of(sign_in).value("csrf_token")
    answer = client.post(
        "/sign-in", data={"name": "officer", "password": "synthetic-demo", "csrf_token": token}
    )
    assert answer.status_code == 302
    for page in ("/", "/sign-in", "/officer/hotspots", "/no-such-page"):
        assert "Synthetic demo data" in client.get(page).text
    assert "Westgate car park" in client.get("/officer/hotspots").text


def test_a_second_start_changes_nothing(demo: Store) -> None:
    with demo.writing() as session:
        before = frames.incidents(session)
        assert ensure_demo(session, now=NOW) is None
        pd.testing.assert_frame_equal(frames.incidents(session), before)


def test_real_data_are_never_mixed_with_the_demos(store: Store) -> None:
    with store.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Realborough", shapely.box(0, 0, 1, 1))
    with store.writing() as session, pytest.raises(RefusedError, match="not the demo's"):
        ensure_demo(session, now=NOW)


def test_wards_tile_the_borough() -> None:
    shapes = list(ward_shapes().values())
    assert len(shapes) == 20
    assert sum(shape.area for shape in shapes) == pytest.approx(OUTLINE.area)
    assert shapely.union_all(shapes).symmetric_difference(OUTLINE).area < 1
    assert {shape.geom_type for shape in shapes} <= {"Polygon", "MultiPolygon"}


def test_the_command_builds_a_store_that_gdal_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOTSPOTS_DATABASE_URL", raising=False)
    for expected in ("synthetic incidents", "holds the synthetic demo already"):
        with pytest.raises(SystemExit) as ended:
            main(["demo", "--no-serve"])
        assert ended.value.code == 0
        assert expected in capsys.readouterr().out
    import pyogrio

    layers = {name for name, _ in pyogrio.list_layers(tmp_path / "hotspots-demo.gpkg")}
    assert {"report", "incident", "hotspot", "place"} <= layers
