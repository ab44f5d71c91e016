"""Two councils side by side in one house, and a partnership that shows both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import shapely
from flask import Flask
from werkzeug.test import Client

from geodata import places
from geodata.accounts import users
from geodata.core.vocabulary import PlaceKind
from geodata.store import settings
from geodata.store.engine import Store, open_store
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from web.house.building import build_house
from web.house.dispatch import Dispatcher
from web.house.house_file import House, Site, read_house

WEST, EAST, BOTH = "E07000107", "E07000109", "both-sides"
NAMES = {WEST: "Westford Council", EAST: "Eastham Council", BOTH: "Both Sides Partnership"}
PREFIXES = {WEST: "/westford", EAST: "/eastham", BOTH: "/both"}
AREAS = {  # two boroughs of 2 km by 2 km that touch at easting 554,000
    WEST: shapely.box(552_000, 173_000, 554_000, 175_000),
    EAST: shapely.box(554_000, 173_000, 556_000, 175_000),
}
PASSWORD = "a long enough password"
ENVIRONMENT = {"HOTSPOTS_SECRET_KEY": SIGNING_KEY, "HOTSPOTS_INSECURE_COOKIES": "true"}
NewFile = Callable[[str], str]
"""Makes an empty store; takes a code, gives a database address."""


def write_house(folder: Path, **more: str) -> Path:
    """A house file of both councils; ``more`` are lines of each council's table, by code."""
    lines = ['name = "Two councils"', 'base_url = "https://house.example"']
    for code in (WEST, EAST):
        lines += [
            f"[authorities.{code}]",
            f'name = "{NAMES[code]}"',
            f'prefix = "{PREFIXES[code]}"',
            more.get(code, f'database_url = "sqlite:///{code}.gpkg"'),
        ]
    lines += [
        f"[partnerships.{BOTH}]",
        f'name = "{NAMES[BOTH]}"',
        f'prefix = "{PREFIXES[BOTH]}"',
        f'members = ["{WEST}", "{EAST}"]',
        more.get(BOTH, f'database_url = "sqlite:///{BOTH}.gpkg"'),
    ]
    path = folder / "house.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(0o600)
    return path


def lay_out(store: Store, code: str) -> None:
    """A council's borough, which is its only ward; an admin; nothing else."""
    with store.writing() as session:
        settings.write(session, settings.COUNCIL_NAME, NAMES[code])
        if code in AREAS:
            places.add(session, PlaceKind.BOROUGH, NAMES[code], AREAS[code])
            places.add(session, PlaceKind.WARD, f"Ward of {code}", AREAS[code])


def read(path: Path) -> House:
    return read_house(path, ENVIRONMENT)


@contextmanager
def store_of(site: Site) -> Iterator[Store]:
    """A site's store with its key, open while a test looks or writes."""
    store = open_store(site.config.database_url, site_key=site.config.secret_key)
    yield store
    store.close()


def add_user(site: Site, name: str, role: str, **rights: object) -> None:
    with store_of(site) as store, store.writing() as session:
        users.add(
            session,
            name,
            hashed(PASSWORD),
            role,
            now=datetime.now(UTC),
            **rights,
        )


def built(house: House, **options: int) -> Dispatcher:
    """Its application, without the check of forms' tokens, which has tests of its own."""
    dispatcher = build_house(house, **options)
    make = dispatcher.sites._make

    def without_tokens(site: Site) -> Flask:
        app = make(site)
        app.config["WTF_CSRF_ENABLED"] = False
        return app

    dispatcher.sites._make = without_tokens
    return dispatcher


def signed_in(dispatcher: Dispatcher, site: Site, name: str) -> Client:
    client = Client(dispatcher)
    data = {"name": name, "password": PASSWORD}
    answer = client.post(f"{site.prefix}/sign-in", data=data)
    assert answer.status_code == 302, answer.text
    return client
