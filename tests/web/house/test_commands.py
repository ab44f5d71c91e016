"""``hotspots house``: a house founded, looked at, upgraded and worked on from the command line."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest

from tests.signing_key import SIGNING_KEY
from tests.web.house.houses import AREAS, BOTH, EAST, NAMES, WEST, store_of, write_house
from web.cli import main
from web.house.house_file import read_house

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; its status, its output and its complaints."""
    path = write_house(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTSPOTS_HOUSE", str(path))
    monkeypatch.setenv("HOTSPOTS_SECRET_KEY", SIGNING_KEY)

    def command(*arguments: str) -> tuple[int, str, str]:
        environ = dict(os.environ)
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        os.environ.clear()
        os.environ.update(environ)  # `house run` hands a site's settings on by them
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


def test_a_house_from_nothing(run: Run, tmp_path: Path) -> None:
    assert run("house", "init", WEST)[0] == 1  # a council without an area
    for code, area in AREAS.items():
        frame = gpd.GeoDataFrame({"name": ["A ward"]}, geometry=[area], crs=27700)
        frame.to_file(tmp_path / f"{code}.geojson")
        status, output, _ = run("house", "init", code, "--area", f"{code}.geojson")
        assert (status, f"{NAMES[code]} ({code}) is ready, 4.00 km²" in output) == (0, True)
    assert run("house", "init", BOTH)[0] == 0
    assert run("house", "init", "E07000999")[0] == 1

    status, output, _ = run("house", "check", "--json")
    assert status == 1
    looked = json.loads(output)
    assert [site["code"] for site in looked["sites"]] == [EAST, WEST, BOTH]
    faults = [fault["sentence"] for fault in looked["faults"] if not fault["is_warning"]]
    assert len(faults) == 3  # nobody may sign in anywhere
    for code in (WEST, EAST, BOTH):
        arguments = ("user", "add", "jo", "--role", "admin", "--password", "owls fly by 9 pm!")
        status, _, complaint = run("house", "run", code, "--", *arguments)
        assert (status, complaint) == (0, "")
    status, output, _ = run("house", "check")
    assert (status, "FAULT" in output) == (0, False)

    house = read_house(tmp_path / "house.toml")
    with store_of(house.site(EAST)) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('9999')")
    status, output, complaint = run("house", "tick", "--json")
    assert status == 1
    assert f"Refused: {EAST}" in complaint
    ticked = json.loads(output)
    assert (ticked[WEST]["has_run"], "refused" in ticked[EAST]) == (True, True)
    status, output, complaint = run("house", "upgrade")
    assert status == 1
    assert f"{WEST} is of this version" in output
    assert "newer version" in complaint


def test_a_house_must_be_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTSPOTS_HOUSE")
    status, _, complaint = run("house", "check")
    assert status == 1
    assert "give --file house.toml" in complaint
    status, _, complaint = run("house", "check", "no-such.toml")
    assert status == 1
    assert "No such file" in complaint
    assert run("house", "sql", "house.toml")[0] == 1  # no council shares a database
