"""Stores as the revision before addresses were sealed left them, with addresses in each table."""

from pathlib import Path

import shapely
from alembic import command
from sqlalchemy import Connection, create_engine, text

from geodata.core import geopackage
from geodata.core.types import SRID
from geodata.migrations import alembic_config

PLANTED, TOKEN = "pat.planted@example.org", "t0ken-of-a-link"
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


def make_file(path: Path) -> str:
    """A GeoPackage of that revision; its address."""
    url = f"sqlite:///{path}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id={geopackage.APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version={geopackage.USER_VERSION}")
        geopackage.register_functions(connection.connection.dbapi_connection)
        geopackage.create_core_tables(connection, SRID)
        fill(connection)
    engine.dispose()
    return url


def make_database(url: str) -> str:
    """An empty database brought to that revision; its address."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
        fill(connection)
    engine.dispose()
    return url
