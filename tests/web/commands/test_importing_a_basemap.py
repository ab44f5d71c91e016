"""``hotspots import basemap`` on the command line."""

import json
from pathlib import Path

import pytest

from geodata.basemap import kept
from geodata.store.engine import Store
from tests.basemaps import zoomstack
from web import cli

# Beside a store on a server the ground lies in the working folder.
pytestmark = pytest.mark.parametrize("store", ["geopackage"], indirect=True)


@pytest.fixture
def named(council: Store, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert council.path is not None
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", f"sqlite:///{council.path}")
    return council.path


def test_the_ground_lies_beside_the_store(
    named: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        cli.main(["import", "basemap", str(zoomstack(tmp_path)), "--json"])
    result = json.loads(capsys.readouterr().out)
    assert result["features"] == 6
    assert Path(result["file"]) == named.with_name("store.basemap.pmtiles")
    assert kept.find(Path(result["file"])) is not None


def test_a_wrong_file_is_refused_in_one_sentence(
    named: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "map.osm.pbf").write_text("hello")
    with pytest.raises(SystemExit, match="1"):
        cli.main(["import", "basemap", str(tmp_path / "map.osm.pbf")])
    assert "Refused: map.osm.pbf cannot be read as a map" in capsys.readouterr().err
    assert not kept.path_beside(named).exists()


def test_options_of_rows_are_refused(
    named: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["import", "basemap", str(tmp_path / "map.osm.pbf"), "--dry-run"])
    assert "a basemap has no rows" in capsys.readouterr().err
