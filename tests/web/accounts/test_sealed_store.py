"""What a copied store tells of passwords: nothing that can be guessed against without the key."""

import pytest
from flask import Flask
from sqlalchemy import text

from geodata.accounts import users
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.web.conftest import CONFIG, PASSWORD, make_app
from web.cli import main
from web.clock import utc_now

OLD_KEY = "5f2b9c1e7a0d4836" * 4
NEW = "three quiet otters"


def add(store: Store, name: str) -> None:
    with store.writing() as session:
        users.add(session, name, hashed(PASSWORD), "officer", now=utc_now())


def status(app: Flask, password: str) -> int:
    data = {"name": "jo", "password": password}
    return app.test_client().post("/sign-in", data=data).status_code


def stored(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(text('SELECT password_hash FROM "user" ORDER BY id')))


def test_passwords_of_an_older_version_are_sealed_when_the_site_starts(council: Store) -> None:
    add(council, "jo")
    assert stored(council)[0].startswith("$argon2id$")
    app = make_app(council)
    assert stored(council)[0].startswith("$sealed$")
    assert (status(app, PASSWORD), status(app, NEW)) == (302, 400)


def test_a_password_that_is_changed_is_sealed(app: Flask, council: Store) -> None:
    add(council, "jo")
    client = app.test_client()
    client.post("/sign-in", data={"name": "jo", "password": PASSWORD})
    client.post("/account/password", data={"old": PASSWORD, "new": NEW})
    assert stored(council)[0].startswith("$sealed$")
    assert (status(app, NEW), status(app, PASSWORD)) == (302, 400)


def test_a_new_key_keeps_the_passwords_that_are_sealed_again(
    council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(council, "jo")
    with council.writing() as session:
        users.seal_passwords(session, OLD_KEY)
    app = make_app(council)
    assert status(app, PASSWORD) == 400
    url = council.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    monkeypatch.setenv("HOTSPOTS_SECRET_KEY", SIGNING_KEY)
    monkeypatch.setenv("HOTSPOTS_OLD_SECRET_KEY", OLD_KEY)
    with pytest.raises(SystemExit) as ended:
        main(["user", "reseal"])
    assert not ended.value.code
    assert status(app, PASSWORD) == 302
    assert CONFIG.secret_key == SIGNING_KEY  # what the site runs with


def test_a_new_key_keeps_mail_addresses_too(
    council: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.seal_by(OLD_KEY)
    with council.writing() as session:
        users.add(session, "jo", None, "officer", now=utc_now(), email="jo@example.org")
    monkeypatch.setenv(
        "HOTSPOTS_DATABASE_URL", council.engine.url.render_as_string(hide_password=False)
    )
    monkeypatch.setenv("HOTSPOTS_SECRET_KEY", SIGNING_KEY)
    monkeypatch.setenv("HOTSPOTS_OLD_SECRET_KEY", OLD_KEY)
    with pytest.raises(SystemExit) as ended:
        main(["user", "reseal"])
    assert not ended.value.code
    council.seal_by(SIGNING_KEY)
    with council.reading() as session:
        assert users.find(session, "jo").email == "jo@example.org"


def test_what_a_command_without_the_key_wrote_is_sealed_when_the_site_starts(
    council: Store,
) -> None:
    council.seal_by("")
    with council.writing() as session:
        users.add(session, "jo", None, "officer", now=utc_now(), email="jo@example.org")
    query = text('SELECT email FROM "user"')
    with council.reading() as session:
        assert session.scalars(query).all() == ["jo@example.org"]
    make_app(council)
    with council.reading() as session:
        assert session.scalars(query).one().startswith("$sealed1$")
