"""A store of before: its addresses are sealed on the way, and its bytes hold them no more."""

from pathlib import Path

import pytest
import shapely
from alembic import command
from sqlalchemy import Connection, create_engine, select, text

from geodata.core import geopackage
from geodata.core.types import SRID
from geodata.migrations import alembic_config, drift
from geodata.models import OutboxMessage, ReportDraft, ReporterContact, User
from geodata.people import contacts, identities
from geodata.store.engine import open_store

KEY, PLANTED, TOKEN = "a key of the site", "pat.planted@example.org", "t0ken-of-a-link"
DRAFT = f'{{"email": "{PLANTED}"}}'
AT = "2026-01-02T10:00:00.000Z"
ACCOUNT = {
    "password_hash": "",
    "session_token": "s",
    "role": "officer",
    "may_read_enforcement": False,
    "is_active": True,
    "created_at": AT,
}
REPORT = {
    "id": 1,
    "reference": "R1",
    "reported_at": AT,
    "recorded_at": AT,
    "source": "public",
    "channel": "web",
    "charger_band": "unknown",
    "description_state": "pending",
    **dict.fromkeys(("has_balloons", "has_needles", "has_glass", "is_leaking", "is_pinned"), False),
}
MAIL = {"kind": "x", "subject": "s", "created_at": AT, "next_attempt_at": AT, "attempts": 0}
ROWS: list[tuple[str, dict[str, object]]] = [
    ("user", {"id": 1, "name": "pat", "email": PLANTED, **ACCOUNT}),
    ("user", {"id": 2, "name": "al", "email": None, **ACCOUNT}),
    ("report", REPORT),
    (
        "reporter_contact",
        {
            "id": 1,
            "report_id": 1,
            "email": PLANTED,
            "token": TOKEN,
            "wants_updates": True,
            "created_at": AT,
        },
    ),
    (
        "outbox_message",
        {"id": 1, "dedupe_key": "k", "recipient": PLANTED, "body": f"{PLANTED} ü", **MAIL},
    ),
    ("outbox_message", {"id": 2, "dedupe_key": "l", "recipient": "", "body": "", **MAIL}),
    (
        "report_draft",
        {"id": 1, "key": "d", "answers": DRAFT, "created_at": AT, "changed_at": AT},
    ),
]


def fill(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), "0013")
    point = shapely.Point(553_000, 174_000)
    is_file = connection.dialect.name == "sqlite"
    at = geopackage.encode(point, SRID) if is_file else f"SRID={SRID};{point.wkt}"
    for table, values in ROWS:
        row = values | ({"geometry": at} if table == "report" else {})
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({marks})'), row)


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
@pytest.mark.parametrize("key", [KEY, ""], ids=["with a key", "without one"])
def test_all_is_read_as_before_and_nothing_stands_there_plain(
    old: str, key: str, request: pytest.FixtureRequest
) -> None:
    store = open_store(request.getfixturevalue(old), site_key=key)
    with store.writing() as session:
        assert drift(session.connection()) == []
        assert session.scalars(select(User.email).order_by(User.id)).all() == [PLANTED, None]
        assert session.scalars(select(ReporterContact.token)).all() == [TOKEN]
        assert session.scalars(select(ReportDraft.answers)).all() == [{"email": PLANTED}]
        mails = select(OutboxMessage.recipient, OutboxMessage.body).order_by(OutboxMessage.id)
        assert session.execute(mails).all() == [(PLANTED, f"{PLANTED} ü"), ("", "")]
        assert contacts.stop_updates(session, TOKEN)
        assert [each.name for each in identities.unlinked_with_email(session, PLANTED)] == ["pat"]
        kept = session.execute(text("SELECT email, token, token_hash FROM reporter_contact")).one()
    store.close()
    assert (PLANTED in kept) == (TOKEN in kept) == (not key)
    assert kept.token_hash != TOKEN


def test_the_file_is_written_anew_and_the_copy_beside_it_is_as_it_was(old_geopackage: str) -> None:
    open_store(old_geopackage, site_key=KEY).close()
    path = Path(old_geopackage.removeprefix("sqlite:///"))
    assert PLANTED.encode() not in path.read_bytes()
    assert PLANTED.encode() in path.with_name("old.gpkg.before-migration-0013").read_bytes()
