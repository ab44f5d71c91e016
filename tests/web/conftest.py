"""An application on a store of its own, and people who may sign in to it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from flask import Flask
from flask import session as cookie
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from geodata import places
from geodata.accounts import users
from geodata.accounts.sessions import Method
from geodata.basemap.kept import path_beside
from geodata.core.vocabulary import PlaceKind
from geodata.store import settings
from geodata.store.engine import Store, open_store
from tests.filled_stores import filled_once
from tests.made_once import made_once
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.web.browsing import (
    DEMO_NOW,
    DESK,
    NewPage,
    Size,
    build_demo,
    build_demo_by_command,
    served,
)
from tests.web.detections import remember_all
from web.application import create_app
from web.auth.signed_in import carry
from web.config import Config
from web.council import name_in
from web.extensions import limiter
from web.services.accounts import signing_in
from web.services.accounts.devices import device_in_words

CONFIG = Config(secret_key=SIGNING_KEY, insecure_cookies=True)
PASSWORD = "a long enough password"  # of accounts that live as long as one test
SignIn = Callable[..., FlaskClient]


@pytest.fixture(scope="session", autouse=True)
def _detections_reckoned_once() -> Iterator[None]:
    """Of the same incidents in the same area; it was half of what a page with hotspots costs."""
    with pytest.MonkeyPatch.context() as patch:
        remember_all(patch)
        yield


def found_council(store: Store) -> None:
    """A borough of two wards, 2 km by 2 km each, side by side."""
    store.seal_by(CONFIG.secret_key)
    lay_wards_out(store)


def lay_wards_out(store: Store) -> None:
    west, east = (
        shapely.box(552_000, 173_000, 554_000, 175_000),
        shapely.box(554_000, 173_000, 556_000, 175_000),
    )
    with store.writing() as session:
        settings.write(session, settings.COUNCIL_NAME, "Testford")
        places.add(session, PlaceKind.BOROUGH, "Testford", shapely.union(west, east))
        places.add(session, PlaceKind.WARD, "West", west)
        places.add(session, PlaceKind.WARD, "East", east)


@pytest.fixture
@filled_once
def _wards(store: Store) -> Store:
    lay_wards_out(store)
    return store


@pytest.fixture
def council(_wards: Store) -> Store:
    """A borough of two wards, 2 km by 2 km each, side by side."""
    _wards.seal_by(CONFIG.secret_key)
    return _wards


def make_app(store: Store) -> Flask:
    """A new application. CSRF is off, which has tests of its own."""
    made = create_app(CONFIG, store=store)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture(scope="session")
def _shared_app(geopackage_template: Path) -> Flask:
    """One application for all tests: to make it and load its templates costs 25 pages' time."""
    store = open_store(f"sqlite:///{geopackage_template}")
    made = make_app(store)
    store.close()
    return made


@pytest.fixture
def app(_shared_app: Flask, council: Store) -> Iterator[Flask]:
    """The application on the store of one test; limits count from nothing.

    What a test configures is undone. A test that adds routes makes an application of its own.
    """
    configured = dict(_shared_app.config)
    with council.reading() as session:
        _shared_app.config["COUNCIL_NAME"] = name_in(session, CONFIG)
    _shared_app.extensions["store"] = council
    limiter.reset()
    yield _shared_app
    _shared_app.config.clear()
    _shared_app.config.update(configured)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return app.test_client()


def client_with(app: Flask, begun: signing_in.Begun) -> FlaskClient:
    """A client that carries a session as the page Sign in leaves it with a browser."""
    client = app.test_client()
    with app.test_request_context():
        carry(begun)
        kept = app.session_interface
        assert isinstance(kept, SecureCookieSessionInterface)
        signer = kept.get_signing_serializer(app)
        assert signer is not None
        client.set_cookie(kept.get_cookie_name(app), str(signer.dumps(dict(cookie))))
    return client


@pytest.fixture
def signed_in(app: Flask, council: Store) -> SignIn:
    """Makes an account with a role and returns a client that is signed in with it.

    By what the page Sign in calls, not by the page: that is half the time of a small test.
    """

    def sign_in(role: str, **rights: bool) -> FlaskClient:
        now, password = datetime.now(UTC), hashed(PASSWORD)
        with council.writing() as session:
            account = users.add(session, f"{role}-1", password, role, now=now, **rights)
            begun = signing_in.begin(
                session, account, Method.PASSWORD, device_in_words(""), now=now
            )
        return client_with(app, begun)

    return sign_in


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once: Playwright allows no second one beside it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens a page of a size, each in a context of its own; all are closed after the test."""
    contexts: list[BrowserContext] = []

    def open_page(size: Size = DESK, **options: Any) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        contexts.append(browser.new_context(viewport=viewport, **options))
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def demo_by_command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo of today; copy what is to be changed."""
    return made_once(tmp_path_factory, "demo-by-command", build_demo_by_command)


@pytest.fixture(scope="session")
def _demo(demo_by_command: Path) -> Path:
    """Of today, with the ground of its maps."""
    return demo_by_command / "demo.gpkg"


@pytest.fixture(scope="session")
def _demo_of_a_moment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made_once(tmp_path_factory, "demo", lambda part: build_demo(part, DEMO_NOW))
    return folder / "demo.gpkg"


@pytest.fixture(scope="module")
def demo_store(
    _demo_of_a_moment: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """The demo of ``DEMO_NOW``, every module's own."""
    path = shutil.copy(_demo_of_a_moment, tmp_path_factory.mktemp("demo"))
    store = open_store(f"sqlite:///{path}")
    yield store
    store.close()


@pytest.fixture(scope="module")
def site(_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, served; every module's own."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(path_beside(_demo), folder)
    with served(Path(shutil.copy(_demo, folder))) as address:
        yield address
