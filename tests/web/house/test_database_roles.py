"""Councils that share a PostGIS database: a schema and a role each, and no way between them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import Client

from geodata.core.errors import StoreError
from geodata.models import Place
from geodata.store import engine
from geodata.store.engine import open_store
from tests.conftest import POSTGIS_URL
from tests.databases import address_of, drop_database, new_database
from tests.web.house.houses import (
    EAST,
    NAMES,
    WEST,
    built,
    lay_out,
    read,
    store_of,
    write_house,
)
from web.config import ConfigError
from web.house.checking import check_house
from web.house.database_roles import role_of, statements
from web.house.house_file import House
from web.house.opening import migrated_site_store, open_site_store

ROLES = {WEST: "hotspots_test_west", EAST: "hotspots_test_east"}
SECRET = "of-a-test"


def lines_of(server: str, code: str) -> str:
    """What the house file says of a council's database."""
    url = make_url(server).set(username=ROLES[code], password=SECRET)
    schema = ROLES[code].removeprefix("hotspots_test_")
    shown = url.render_as_string(hide_password=False)
    return f'database_url = "{shown}"\nschema = "{schema}"'


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose councils share a database, set up by the statements that a command prints."""
    database = new_database(POSTGIS_URL)
    server = address_of(POSTGIS_URL, database)
    folder = tmp_path_factory.mktemp("house")
    house = read(write_house(folder, **{code: lines_of(server, code) for code in ROLES}))
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for _ in range(2):  # twice: nothing is in the way the second time
            for line in statements(house):
                connection.execute(text(line.replace(":", r"\:")))
        for role in ROLES.values():
            connection.execute(text(f"ALTER ROLE {role} PASSWORD '{SECRET}'"))
    for code in ROLES:
        site = house.site(code)
        store = open_store(site.config.database_url, create=True)
        lay_out(store, site.code)
        store.close()
    yield house
    with admin.connect() as connection:
        for role in ROLES.values():
            connection.execute(text(f"DROP OWNED BY {role} CASCADE"))
            connection.execute(text(f"DROP ROLE {role}"))
    admin.dispose()
    drop_database(POSTGIS_URL, database)


@pytest.mark.postgis
def test_a_councils_role_cannot_look_into_anothers_schema(shared_house: House) -> None:
    for own, other in ((WEST, "east"), (EAST, "west")):
        with store_of(shared_house.site(own)) as store, store.reading() as session:
            names = session.scalars(select(Place.name).where(Place.kind == "borough")).all()
            assert names == [NAMES[own]]
        for statement in (
            f"SELECT * FROM {other}.place",
            f"SET search_path = {other}; SELECT * FROM place",
            f"SET ROLE {ROLES[EAST if own == WEST else WEST]}",
            f"INSERT INTO {other}.setting (name, value) VALUES ('a', '1')",
            "CREATE TABLE public.planted (a int)",
        ):
            with store_of(shared_house.site(own)) as store:
                with pytest.raises(DBAPIError) as refused, store.engine.begin() as connection:
                    connection.exec_driver_sql(statement)
                assert "InsufficientPrivilege" in str(refused.value) or (
                    "UndefinedTable" in str(refused.value)
                ), statement
    assert [fault for fault in check_house(shared_house) if "schema" in fault.sentence] == []


@pytest.mark.postgis
def test_both_sites_are_served_from_one_database(shared_house: House) -> None:
    dispatcher = built(shared_house)
    client = Client(dispatcher)
    for prefix, name, other in (
        ("/westford", NAMES[WEST], NAMES[EAST]),
        ("/eastham", NAMES[EAST], NAMES[WEST]),
    ):
        page = client.get(f"{prefix}/").text
        assert name in page
        assert other not in page
        assert client.post(f"{prefix}/report").status_code == 302
    dispatcher.sites.close()


@pytest.mark.postgis
def test_two_councils_of_one_database_do_not_wait_for_each_other(shared_house: House) -> None:
    west, east = shared_house.site(WEST), shared_house.site(EAST)
    with store_of(west) as one, store_of(east) as other, one.writing() as first:
        engine.lock(first, "incidents")
        with other.writing() as second:
            second.execute(text("SET LOCAL lock_timeout = 500"))
            engine.lock(second, "incidents")


@pytest.mark.postgis
def test_a_schema_that_is_missing_is_not_taken_for_public(shared_house: House) -> None:
    west = shared_house.site(WEST)
    url = west.config.database_url.replace("search_path%3Dwest", "search_path%3Dnowhere")
    lost = replace(west, schema="nowhere", config=replace(west.config, database_url=url))
    for opened in (open_site_store, partial(migrated_site_store, create=True)):
        with pytest.raises(StoreError, match="hotspots house sql"):
            opened(lost)


def test_two_councils_of_one_role_are_refused(tmp_path: Path) -> None:
    lines = 'database_url = "postgresql://one@localhost/canisters"\nschema = "{}"'
    house = read(write_house(tmp_path, **{WEST: lines.format("w"), EAST: lines.format("e")}))
    assert role_of(house.site(WEST)) == "one"
    with pytest.raises(ConfigError, match="give each an account of its own"):
        [*statements(house)]
