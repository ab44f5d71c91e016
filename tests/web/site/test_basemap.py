"""The ground under maps: served in ranges from our own host, and said where there is none."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geodata.basemap import kept
from geodata.basemap.making import make_basemap
from geodata.store.engine import Store
from tests.basemaps import zoomstack
from tests.signing_key import SIGNING_KEY
from tests.web.page import Page
from tests.web.reporting import begin
from web.application import create_app
from web.config import Config

BOX = (552_000.0, 173_000.0, 556_000.0, 175_000.0)
OS_LINE = "Contains OS data © Crown copyright and database right 2025"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ground")
    make_basemap(zoomstack(folder), BOX, folder / "made.pmtiles")
    return folder / "made.pmtiles"


@pytest.fixture
def ground(council: Store, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ground beside the store; beside a server's store, in the working folder."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copy(made, kept.path_beside(council.path)))


def test_a_range_of_the_ground_is_answered_with_its_bytes(
    client: FlaskClient, ground: Path
) -> None:
    with client.get("/basemap.pmtiles", headers={"Range": "bytes=0-126"}) as answer:
        assert answer.status_code == 206
        assert answer.data == ground.read_bytes()[:127]
        assert answer.headers["Content-Range"] == f"bytes 0-126/{ground.stat().st_size}"


def test_the_ground_is_kept_by_browsers_and_asked_for_by_its_etag(
    signed_in: Callable[..., FlaskClient], ground: Path
) -> None:
    client = signed_in("officer")  # whose pages stay in no cache
    with client.get("/basemap.pmtiles") as answer:
        assert "max-age=86400" in answer.headers["Cache-Control"]
        assert "no-store" not in answer.headers["Cache-Control"]
        etag = answer.headers["ETag"]
    with client.get("/basemap.pmtiles", headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304


def test_another_ground_has_another_address(client: FlaskClient, ground: Path) -> None:
    before = client.get("/").text
    ground.write_bytes(ground.read_bytes() + b" ")
    after = client.get("/").text
    marks = [
        text.partition("basemap.pmtiles?version=")[2].split('"')[0] for text in (before, after)
    ]
    versions = set(marks)
    assert len(versions) == 2
    assert "" not in versions


def test_pages_with_maps_name_whose_map_it_is(client: FlaskClient, ground: Path) -> None:
    page = client.get("/").text
    assert f'data-attribution="{OS_LINE}"' in page
    order = ("leaflet/leaflet.js", "protomaps-leaflet.js", "/basemap.js", '"/map.js"')
    places = [page.index(name) for name in order]
    assert places == sorted(places)
    assert "self.basemapUnder" in client.get("/map.js").text


@pytest.mark.usefixtures("ground")
def test_tiles_of_another_host_take_the_grounds_place(council: Store) -> None:
    config = Config(
        secret_key=SIGNING_KEY,
        tile_url="https://tiles.example.org/{z}/{x}/{y}.png",
        tile_attribution="© Makers of maps",
    )
    client = create_app(config, store=council).test_client()
    assert "protomaps" not in client.get("/").text
    assert client.get("/basemap.pmtiles").status_code == 404


def test_a_setting_names_another_file(council: Store, made: Path) -> None:
    config = Config(secret_key=SIGNING_KEY, basemap_file=str(made))
    client = create_app(config, store=council).test_client()
    with client.get("/basemap.pmtiles") as answer:
        assert answer.data == made.read_bytes()


def test_a_torn_ground_is_none(client: FlaskClient, ground: Path) -> None:
    ground.write_bytes(ground.read_bytes()[:200])
    assert client.get("/basemap.pmtiles").status_code == 404
    assert "protomaps" not in client.get("/").text


def test_a_resident_is_not_sent_to_an_empty_sheet(client: FlaskClient) -> None:
    key = begin(client)
    assert "map" not in Page.of(client.get(f"/report/{key}/place")).text.lower()
    sent = client.get(f"/report/{key}/spot", follow_redirects=True)
    assert sent.request.path == f"/report/{key}/place"
    text = Page.of(sent).text
    assert "There is no map here to tap" in text
    assert "write a postcode" in text


@pytest.mark.usefixtures("ground")
def test_a_resident_may_tap_where_there_is_a_ground(client: FlaskClient) -> None:
    key = begin(client)
    assert "Tap the place on a map" in client.get(f"/report/{key}/place").text
    assert "Tap the place on the map" in client.get(f"/report/{key}/spot").text


TAPPED = (
    "/officer/interventions/new",
    "/patrols/new",
    "/enforcement/evidence",
    "/enforcement/orders/new",
    "/admin/settings",
)


@pytest.mark.parametrize("address", TAPPED)
def test_staff_learn_what_is_missing_and_what_else_to_do(
    signed_in: Callable[..., FlaskClient], app: Flask, address: str
) -> None:
    client = signed_in("manager", may_read_enforcement=True)
    page = client.get(address)
    assert page.status_code == 200
    assert "no background map is loaded" in page.text
    assert "hotspots import basemap FILE" in page.text
    assert 'id="map_main"' not in page.text
    assert "leaflet.js" not in page.text
