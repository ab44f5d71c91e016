"""A council that had its site to itself moves into a house: nothing of its store is lost."""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import shapely
from flask import Flask
from sqlalchemy import inspect, text
from werkzeug.test import Client

from geodata.accounts import users
from geodata.core.vocabulary import Source
from geodata.people import contacts
from geodata.store.engine import Store, open_store
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.web.house.houses import PASSWORD, WEST, built, lay_out
from web.application import create_app
from web.clock import utc_now
from web.config import Config
from web.house.checking import check_house
from web.house.house_file import read_house
from web.services.reporting.intake import NewReport, take_report

OTHER_KEY = hashlib.sha256(b"the key of the house").hexdigest()


def everything(store: Store) -> dict[str, list[str]]:
    """All rows of all tables as they stand in the file."""
    with store.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {
            name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"'))))
            for name in names
        }


def alone(path: Path) -> tuple[Store, Flask]:
    """A site as it was before: one council, one store, one key."""
    store = open_store(f"sqlite:///{path}")
    lay_out(store, WEST)
    with store.writing() as session:
        users.add(session, "jo", hashed(PASSWORD), "officer", now=datetime.now(UTC))
    return store, create_app(Config(secret_key=SIGNING_KEY, insecure_cookies=True), store=store)


def test_a_store_of_today_moves_in_by_being_named(
    tmp_path: Path, geopackage_template: Path
) -> None:
    store, _ = alone(shutil.copy(geopackage_template, tmp_path / "old.gpkg"))
    at = shapely.Point(552_500, 174_000)
    with store.writing() as session:
        new = NewReport(at, Source.PUBLIC.value, "web", utc_now(), description="A blue crate")
        taken = take_report(session, new, now=utc_now())
        stop = contacts.add(session, taken.report_id, "jo@example.org", now=utc_now())
    before = everything(store)
    store.close()

    path = tmp_path / "house.toml"
    path.write_text(
        f'[authorities.{WEST}]\nname = "Westford Council"\nprefix = "/westford"\n'
        'database_url = "sqlite:///old.gpkg"\n'
    )
    path.chmod(0o600)
    environ = {"HOTSPOTS_SECRET_KEY": OTHER_KEY, "HOTSPOTS_INSECURE_COOKIES": "true"}
    sentences = [fault.sentence for fault in check_house(read_house(path, environ))]
    assert any(f"HOTSPOTS_SECRET_KEY_{WEST}" in each for each in sentences)  # the one thing to do

    house = read_house(path, environ | {f"HOTSPOTS_SECRET_KEY_{WEST}": SIGNING_KEY})
    assert [fault for fault in check_house(house) if not fault.is_warning] == []
    dispatcher = built(house)
    client = Client(dispatcher)
    assert taken.reference in client.get(f"/westford/track/{taken.reference}").text
    assert "jo@example.org" not in client.get(f"/westford/track/stop/{stop}").text
    assert client.get(f"/westford/track/stop/{stop}").status_code == 200
    moved = dispatcher.sites.app(house.site(WEST)).extensions["store"]
    assert everything(moved) == before  # to be named, looked at and served changes no row
    signed = client.post("/westford/sign-in", data={"name": "jo", "password": PASSWORD})
    assert signed.status_code == 302
    job = client.get(f"/westford/officer/incidents/{taken.reference}").text
    assert "A blue crate" in job
    dispatcher.sites.close()
