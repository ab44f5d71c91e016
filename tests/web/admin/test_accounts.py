"""Signing in and out."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geodata.accounts import users
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.web.page import Page
from web.application import create_app
from web.config import Config, ConfigError


def test_a_wrong_name_and_a_wrong_password_sound_the_same(signed_in, app: Flask) -> None:
    signed_in("officer")
    guest = app.test_client()
    answers = [
        guest.post("/sign-in", data={"name": name, "password": "not the password"})
        for name in ("officer-1", "nobody")
    ]
    for answer in answers:
        assert answer.status_code == 400
        assert "The user name or the password is wrong" in answer.text


def test_the_sixth_wrong_password_must_wait(signed_in, app: Flask) -> None:
    signed_in("officer")
    guest = app.test_client()
    wrong = {"name": "officer-1", "password": "not the password"}
    statuses = [guest.post("/sign-in", data=wrong).status_code for _ in range(6)]
    assert statuses == [400] * 5 + [429]


def test_tries_from_one_address_are_limited(app: Flask) -> None:
    guest = app.test_client()
    statuses = [guest.post("/sign-in", data={"name": str(n)}).status_code for n in range(31)]
    assert statuses == [400] * 30 + [429]


def test_signing_out_ends_the_session(signed_in) -> None:
    officer = signed_in("officer")
    assert officer.get("/officer/hotspots").status_code == 200
    assert officer.post("/sign-out").status_code == 302
    assert officer.get("/officer/hotspots").status_code == 302


def test_a_new_password_ends_every_session(signed_in, council: Store) -> None:
    officer = signed_in("officer")
    with council.writing() as session:
        users.set_password(
            session,
            users.find(session, "officer-1").id,
            hashed("another long password"),
        )
    assert officer.get("/officer/hotspots").status_code == 302


@pytest.mark.parametrize(
    ("target", "landing"),
    [
        ("/officer/hotspots?a=1", "/officer/hotspots?a=1"),
        ("//evil.example", "/officer/hotspots"),
        ("/\\evil.example", "/officer/hotspots"),
        ("https://evil.example/", "/officer/hotspots"),
    ],
)
def test_signing_in_leads_to_our_own_pages_only(
    app: Flask, council: Store, target: str, landing: str
) -> None:
    with council.writing() as session:
        users.add(
            session,
            "jo",
            hashed("a long enough password"),
            "officer",
            now=datetime.now(UTC),
        )
    answer = app.test_client().post(
        "/sign-in",
        query_string={"next": target},
        data={"name": "jo", "password": "a long enough password"},
    )
    assert answer.location == landing


def test_a_form_without_its_token_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/sign-in", data={"name": "jo", "password": "a long enough password"})
    assert answer.status_code == 400
    assert "The form was open for too long" in answer.text
    token = Page.of(client.get("/sign-in")).value("csrf_token")
    assert token
    data = {"name": "jo", "password": "a long enough password", "csrf_token": token}
    assert "password is wrong" in client.post("/sign-in", data=data).text


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(council: Store) -> None:
    app = create_app(Config(secret_key=SIGNING_KEY), store=council)
    cookie = app.test_client().get("/sign-in").headers["Set-Cookie"]
    for part in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert part in cookie


def test_without_a_secret_nothing_is_served(council: Store) -> None:
    with pytest.raises(ConfigError, match="HOTSPOTS_SECRET_KEY"):
        create_app(Config(), store=council)
