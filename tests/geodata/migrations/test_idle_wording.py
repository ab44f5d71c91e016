"""A store of the revision before loses a column that nothing read, and nothing else."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text

from geodata import posters
from geodata.core import geopackage
from geodata.core.types import SRID
from geodata.migrations import alembic_config, drift
from geodata.store.engine import open_store

CAMPAIGN = (
    "INSERT INTO campaign (id, name, valid_from, wording, siting)"
    " VALUES (1, 'Spring', '2026-01-01', '{}', '{\"view_m\": 40}')"
)
MAIL = (
    "INSERT INTO outbox_message (id, dedupe_key, kind, recipient, subject, body, created_at,"
    " next_attempt_at, attempts) VALUES (1, 'k', 'test', 'a@b.c', 's', 'b',"
    " '2026-01-02T10:00:00.000Z', '2026-01-02T10:00:00.000Z', 0)"
)


def fill(connection: Connection) -> None:
    """The revision before, with a campaign and a mail that waits."""
    command.upgrade(alembic_config(connection), "0005")
    for statement in (CAMPAIGN, MAIL):
        connection.execute(text(statement))


@pytest.fixture
def old_geopackage(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'old.gpkg'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        geopackage.register_functions(connection.connection.dbapi_connection)
        geopackage.create_core_tables(connection, SRID)
        fill(connection)
    engine.dispose()
    return url


@pytest.fixture
def old_postgis(empty_postgis: str) -> str:
    engine = create_engine(empty_postgis)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE EXTENSION postgis")
        fill(connection)
    engine.dispose()
    return empty_postgis


@pytest.mark.parametrize(
    "old", ["old_geopackage", pytest.param("old_postgis", marks=pytest.mark.postgis)]
)
def test_the_column_goes_and_what_is_kept_stays(old: str, request: pytest.FixtureRequest) -> None:
    store = open_store(request.getfixturevalue(old))
    with store.writing() as session:
        assert drift(session.connection()) == []
        assert posters.view_m(posters.find_campaign(session, 1)) == 40
        assert session.execute(text("SELECT subject, stop_address FROM outbox_message")).all() == [
            ("s", None)
        ]
    store.close()


def test_the_layers_of_a_geopackage_are_listed_and_indexed_as_before(old_geopackage: str) -> None:
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rtree%'"
    listed = "SELECT table_name FROM gpkg_contents ORDER BY table_name"
    engine = create_engine(old_geopackage)
    with engine.begin() as connection:
        geopackage.register_functions(connection.connection.dbapi_connection)
        before = [sorted(connection.execute(text(query)).all()) for query in (triggers, listed)]
        command.upgrade(alembic_config(connection), "0006")
        after = [sorted(connection.execute(text(query)).all()) for query in (triggers, listed)]
    engine.dispose()
    assert len(before[0]) > 7, "each layer has seven"
    assert after == before
