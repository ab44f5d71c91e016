"""What `hotspots house check` says of a house, and that it changes nothing."""

import hashlib
import shutil
from pathlib import Path

import pytest
import shapely

from geodata import places
from geodata.accounts import users
from geodata.core.vocabulary import PlaceKind
from geodata.models import Place
from tests.web.house.houses import (
    AREAS,
    BOTH,
    EAST,
    NAMES,
    WEST,
    add_user,
    read,
    store_of,
    write_house,
)
from web.config import ConfigError
from web.house.building import build_house
from web.house.checking import check_house
from web.house.house_file import House


def faults(house: House) -> list[str]:
    return [fault.sentence for fault in check_house(house) if not fault.is_warning]


def people(house: House) -> None:
    for site in house.sites:
        add_user(site, "jo", "admin")


def seal(house: House) -> None:
    """As the first start of each site does."""
    for site in house.sites:
        with store_of(site) as store, store.writing() as session:
            users.seal_passwords(session, site.config.secret_key)


def test_a_sound_house_has_no_faults_and_is_left_as_it_is(house: House) -> None:
    people(house)
    folder = house.path.parent

    def digests() -> dict[str, str]:
        files = sorted(folder.glob("*.gpkg"))
        return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

    before = digests()
    assert faults(house) == []
    assert digests() == before


def test_what_is_missing_is_said_with_the_command_that_mends_it(house: House) -> None:
    with store_of(house.site(WEST)) as store, store.writing() as session:
        for place in session.query(Place):
            session.delete(place)
    sentences = faults(house)
    assert any(f"{WEST} has no area" in each and "house init" in each for each in sentences)
    for code in (WEST, EAST, BOTH):
        assert any(f"{code} has nobody who may sign in" in each for each in sentences)
    assert not any(f"{BOTH} has no area" in each for each in sentences)


@pytest.mark.parametrize(("width_m", "is_fault"), [(2, False), (500, True)])
def test_areas_overlap_by_slivers_alone(house: House, width_m: int, is_fault: bool) -> None:
    # The border is 2 km long: 2 m across it are 0.4 hectares, 500 m are 1 km².
    people(house)
    with store_of(house.site(EAST)) as store, store.writing() as session:
        west, south, _, north = AREAS[EAST].bounds
        shape = shapely.box(west - width_m, south, west, north)
        places.add(session, PlaceKind.BOROUGH, NAMES[EAST], shape)
    sentences = faults(house)
    assert any("overlap by 1.00 km²" in each for each in sentences) is is_fault
    assert len(sentences) == is_fault


def test_what_two_share_is_a_fault(tmp_path: Path, house: House) -> None:
    text = house.path.read_text().replace("/eastham", "/westford").replace(EAST + ".g", WEST + ".g")
    house.path.write_text(text)
    sentences = faults(read(house.path))
    assert any("have the address /westford in common" in each for each in sentences)
    assert any("have the database" in each for each in sentences)
    with pytest.raises(ConfigError, match="have the database"):
        build_house(read(house.path))  # one would be served the other's record


def test_a_store_that_is_unreadable_or_older_or_strange_is_named(house: House) -> None:
    people(house)
    with store_of(house.site(EAST)) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0023'")
    shutil.copy(__file__, house.path.parent / f"{WEST}.gpkg")
    sentences = faults(house)
    assert len(sentences) == 2
    assert any(WEST in each and "no SQLite file" in each for each in sentences)
    assert any(f"hotspots house upgrade {EAST}" in each for each in sentences)


def test_a_store_that_another_key_sealed_is_named(house: House) -> None:
    people(house)
    seal(house)
    text = house.path.read_text().replace(f'name = "{NAMES[WEST]}"', 'name = "W"\nsecret_key = "x"')
    house.path.write_text(text)
    sentences = faults(read(house.path))
    assert [each.partition(":")[0] for each in sentences] == [WEST]
    assert f"HOTSPOTS_SECRET_KEY_{WEST}" in sentences[0]


def test_members_must_be_councils_of_the_house(house: House) -> None:
    house.path.write_text(house.path.read_text().replace(f'"{EAST}"]', '"E07000999"]'))
    assert any("E07000999, which is no council here" in each for each in faults(read(house.path)))


def test_a_path_of_the_house_itself_is_nobodys(tmp_path: Path) -> None:
    path = write_house(tmp_path)
    path.write_text(path.read_text().replace("/westford", "/assets/westford"))
    assert any("is an address of the house itself" in each for each in faults(read(path)))
