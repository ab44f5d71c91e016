"""What a house file may hold, and what it is refused for."""

from pathlib import Path

import pytest

from tests.signing_key import SIGNING_KEY
from tests.web.house.houses import EAST, WEST, read, write_house
from web.config import ConfigError
from web.house.house_file import read_house


def of(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "house.toml"
    path.write_text(text, encoding="utf-8")
    return path


ONE = '[authorities.E07000107]\nname = "D"\nprefix = "/d"\ndatabase_url = "sqlite:///d.gpkg"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "not TOML"),
        ("", "names no council"),
        ("authority = 1", "unknown entries authority"),
        (ONE.replace("E07000107", "DART"), "'DART' is no GSS code"),
        (ONE.replace('prefix = "/d"', ""), "has no address"),
        (ONE.replace("/d", "/Dartford Town"), "is no path"),
        (ONE.replace('name = "D"', ""), "has no name"),
        (ONE.replace("database_url", "database"), "unknown settings database"),
        (ONE.replace('database_url = "sqlite:///d.gpkg"', ""), "has no database_url"),
        (ONE + 'members = ["E07000109"]', "is a council and has no members"),
        (ONE + '[partnerships.p]\nname = "P"', "needs a name of small letters"),
        (ONE + '[partnerships.kent]\nname = "P"', "lists no members"),
        (ONE + "retention_months = 'six'", "write a whole number"),
        ('settings = "all"\n' + ONE, "write [settings]"),
        (ONE + '[settings]\ndatabase_url = "x"', "cannot be set for all"),
        (ONE + 'schema = "a b"', "is no name of small letters"),
        ("authorities = 3", "write [authorities.CODE]"),
    ],
)
def test_bad_entries_are_refused_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_house(of(tmp_path, text), {})
    assert words in str(refused.value)


def test_a_setting_is_looked_for_nearest_first(tmp_path: Path) -> None:
    lines = 'database_url = "sqlite:///a.gpkg"\ncsu_email = "west@x.example"'
    path = write_house(tmp_path, **{WEST: lines})
    shared = '[settings]\ncsu_email = "all@x.example"\nsmtp_host = "mail.example"\n'
    path.write_text(path.read_text() + "\n" + shared)
    environ = {
        "HOTSPOTS_SMTP_HOST": "relay.example",
        f"HOTSPOTS_SMTP_HOST_{EAST}": "own.example",
        "HOTSPOTS_DATABASE_URL": "sqlite:///of-one-council-alone.gpkg",
    }
    house = read_house(path, environ)
    west, east = house.site(WEST).config, house.site(EAST).config
    assert (west.csu_email, east.csu_email) == ("west@x.example", "all@x.example")
    assert (west.smtp_host, east.smtp_host) == ("relay.example", "own.example")
    assert west.database_url == f"sqlite:///{tmp_path / 'a.gpkg'}"
    assert east.database_url == f"sqlite:///{tmp_path / f'{EAST}.gpkg'}"
    assert west.base_url == "https://house.example/westford"


def test_a_key_of_ones_own_stays_what_it_was(tmp_path: Path) -> None:
    own = "ab" * 32
    path = write_house(tmp_path)
    key = f"HOTSPOTS_SECRET_KEY_{WEST}"
    house = read_house(path, {"HOTSPOTS_SECRET_KEY": SIGNING_KEY, key: own})
    assert house.site(WEST).config.secret_key == own
    assert house.site(EAST).config.secret_key == read(path).site(EAST).config.secret_key


def test_councils_of_one_database_keep_their_files_apart(tmp_path: Path) -> None:
    lines = 'database_url = "postgresql://{0}@localhost/canisters"\nschema = "{0}"'
    house = read(write_house(tmp_path, **{WEST: lines.format("w"), EAST: lines.format("e")}))
    west, east = house.site(WEST).config, house.site(EAST).config
    assert west.database_url.endswith("/canisters?options=-csearch_path%3Dw,public")
    assert west.import_folder != east.import_folder
    assert west.basemap_file != east.basemap_file
