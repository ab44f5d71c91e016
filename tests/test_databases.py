"""What one test leaves in a PostGIS database, the next one does not find."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from geodata.accounts import users
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.conftest import POSTGIS_URL
from tests.databases import LARGE_BYTES, TABLES, EmptyDatabases
from tests.passwords import hashed

pytestmark = pytest.mark.postgis
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def databases(migrated_postgis: str) -> Iterator[EmptyDatabases]:
    made = EmptyDatabases(POSTGIS_URL, migrated_postgis)
    yield made
    made.drop()


def opened(databases: EmptyDatabases) -> Store:
    return Store(databases.empty())


def add_user(store: Store, name: str) -> int:
    with store.writing() as session:
        return users.add(session, name, hashed("a long enough password"), "officer", now=NOW).id


@pytest.mark.parametrize("large_bytes", [0, LARGE_BYTES], ids=["truncated", "deleted"])
def test_rows_are_gone_even_those_that_nobody_may_delete(
    databases: EmptyDatabases, monkeypatch: pytest.MonkeyPatch, large_bytes: int
) -> None:
    monkeypatch.setattr("tests.databases.LARGE_BYTES", large_bytes)
    store = opened(databases)
    key = add_user(store, "jo")
    with store.writing() as session:
        audit.write(session, Actor(key, NOW), "made", "user", key, after={"name": "jo"})
    store.close()
    again = opened(databases)
    with again.reading() as session:
        counts = {name: session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in TABLES}
    again.close()
    assert again.engine.url == store.engine.url
    assert {name for name, count in counts.items() if count} == set()


def test_keys_begin_at_1_again_even_where_the_rows_were_taken_back(
    databases: EmptyDatabases,
) -> None:
    store = opened(databases)
    assert add_user(store, "jo") == 1
    with store.session(is_writer=True) as session:
        session.execute(text('DELETE FROM "user"'))
        session.commit()
    store.close()
    again = opened(databases)
    assert add_user(again, "al") == 1
    again.close()


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE detection_run CASCADE",
        "ALTER TABLE report ADD COLUMN whim integer",
        "DROP TRIGGER audit_entry_no_update ON audit_entry",
        "UPDATE alembic_version SET version_num = '9999'",
        "DROP TABLE alembic_version",
    ],
)
def test_tables_that_were_changed_are_made_anew(databases: EmptyDatabases, change: str) -> None:
    store = opened(databases)
    with store.writing() as session:
        session.execute(text(change))
    store.close()
    again = opened(databases)
    again.close()
    assert again.engine.url != store.engine.url


def test_a_transaction_that_was_left_open_is_told_and_does_not_stop_the_run(
    migrated_postgis: str,
) -> None:
    databases = EmptyDatabases(POSTGIS_URL, migrated_postgis, patience_s=0.1)
    store = opened(databases)
    add_user(store, "jo")
    with store.reading() as session:
        session.execute(text('SELECT FROM "user"'))
        with pytest.raises(OperationalError, match="lock timeout"):
            databases.empty()
    store.close()
    databases.drop()
