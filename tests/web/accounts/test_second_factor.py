"""A second factor: set up with the password, asked for at sign-in, each code taken once."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from geodata.accounts import users
from geodata.people.audit import Actor
from geodata.store import settings
from geodata.store.engine import Store
from tests.web.conftest import PASSWORD, SignIn
from web.clock import utc_now
from web.services.accounts import management, second_factor
from web.services.accounts.management import Manager

RIGHT = {"name": "officer-1", "password": PASSWORD}


def secret_on(page: str) -> str:
    match = re.search(r'break-word">([A-Z2-7 ]+)<', page)
    assert match
    return re.sub(r"\s", "", match[1])


def test_a_code_is_asked_for_and_taken_once(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in("officer")
    page = officer.get("/account/second-factor").text
    secret = secret_on(page)
    code = pyotp.TOTP(secret).now()
    shown = officer.post("/account/second-factor", data={"password": PASSWORD, "code": code}).text
    codes = re.findall(r"<li>((?:\w{4}-){3}\w{4})</li>", shown)
    assert len(codes) == 10
    guest = app.test_client()
    assert guest.post("/sign-in", data=RIGHT).location == "/sign-in/code"
    assert guest.get("/officer/hotspots").status_code == 302
    assert guest.post("/sign-in/code", data={"code": code}).status_code == 400  # a replay
    assert guest.post("/sign-in/code", data={"code": codes[0]}).status_code == 302
    assert guest.get("/officer/hotspots").status_code == 200
    again = app.test_client()
    again.post("/sign-in", data=RIGHT)
    assert again.post("/sign-in/code", data={"code": codes[0]}).status_code == 400


def require(council: Store) -> int:
    with council.writing() as session:
        operator = Manager(Actor(None, utc_now()))
        return management.require_second_factor(session, operator, is_required_now=True)


@pytest.mark.parametrize("role", ["officer", "manager", "admin"])
def test_where_it_is_required_a_password_alone_opens_nothing(
    app: Flask, signed_in: SignIn, council: Store, role: str
) -> None:
    client = signed_in(role)
    assert require(council) == 1
    assert client.get("/account").status_code == 302, "what was open without it has ended"
    guest, right = app.test_client(), {"name": f"{role}-1", "password": PASSWORD}
    assert guest.post("/sign-in", data=right).location == "/sign-in/set-up"
    for address in ("/officer/hotspots", "/account", "/account/password"):
        assert guest.get(address).status_code == 302
    page = guest.get("/sign-in/set-up").text
    assert "requires a second factor" in page
    assert guest.get("/sign-in/set-up/qr.svg").mimetype == "image/svg+xml"
    assert guest.post("/sign-in/set-up", data={"code": "000000"}).status_code == 400
    shown = guest.post("/sign-in/set-up", data={"code": pyotp.TOTP(secret_on(page)).now()})
    assert len(re.findall(r"<li>((?:\w{4}-){3}\w{4})</li>", shown.text)) == 10
    assert guest.get("/officer/hotspots").status_code == 200


@pytest.mark.parametrize("role", ["contractor", "partner"])
def test_it_is_not_required_of_crews_and_partners(
    signed_in: SignIn, council: Store, role: str
) -> None:
    client = signed_in(role)
    assert require(council) == 0
    assert client.get("/account").status_code == 200


def test_only_an_admin_says_whether_it_is_required(signed_in: SignIn, council: Store) -> None:
    wanted = {"is_required": "yes"}
    assert (
        signed_in("manager").post("/admin/accounts/second-factor", data=wanted).status_code == 403
    )
    admin = signed_in("admin")
    assert admin.post("/admin/accounts/second-factor", data=wanted).status_code == 302
    with council.reading() as session:
        assert second_factor.is_required(session)


@pytest.fixture
def secured(app: Flask, signed_in: SignIn) -> tuple[FlaskClient, str]:
    """An officer with a second factor, and its secret."""
    officer = signed_in("officer")
    secret = secret_on(officer.get("/account/second-factor").text)
    form = {"password": PASSWORD, "code": pyotp.TOTP(secret).now()}
    assert officer.post("/account/second-factor", data=form).status_code == 200
    return officer, secret


def test_guesses_at_the_code_are_slowed_down_whatever_address_they_come_from(
    app: Flask, secured: tuple[FlaskClient, str]
) -> None:
    answers = []
    for last in range(6):
        guest = app.test_client()
        here = {"REMOTE_ADDR": f"192.0.2.{last}"}
        guest.post("/sign-in", data=RIGHT, environ_base=here)
        answers.append(guest.post("/sign-in/code", data={"code": "000000"}, environ_base=here))
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]


def test_the_wait_between_password_and_code_is_bounded(
    app: Flask, secured: tuple[FlaskClient, str]
) -> None:
    _, secret = secured
    guest = app.test_client()
    guest.post("/sign-in", data=RIGHT)
    with time_machine.travel(utc_now() + timedelta(minutes=16), tick=False):
        code = pyotp.TOTP(secret).now()
        answer = guest.post("/sign-in/code", data={"code": code})
        assert urlsplit(answer.location).path == "/sign-in"
        assert guest.get("/officer/hotspots").status_code == 302


def test_new_recovery_codes_take_a_code_and_end_the_old_ones(
    app: Flask, secured: tuple[FlaskClient, str]
) -> None:
    officer, secret = secured
    page = "/account/second-factor/codes"
    assert officer.post(page, data={"code": "000000"}).status_code == 400
    with time_machine.travel(utc_now() + timedelta(minutes=2), tick=False):
        shown = officer.post(page, data={"code": pyotp.TOTP(secret).now()}).text
    first = re.findall(r"<li>((?:\w{4}-){3}\w{4})</li>", shown)
    with time_machine.travel(utc_now() + timedelta(minutes=4), tick=False):
        shown = officer.post(page, data={"code": first[0].upper().replace("-", " ")}).text
    second = re.findall(r"<li>((?:\w{4}-){3}\w{4})</li>", shown)
    assert (len(second), set(first) & set(second)) == (10, set())
    guest = app.test_client()
    guest.post("/sign-in", data=RIGHT)
    assert guest.post("/sign-in/code", data={"code": first[1]}).status_code == 400
    assert guest.post("/sign-in/code", data={"code": second[0]}).status_code == 302


def test_it_is_removed_with_a_code_unless_the_council_requires_it(
    secured: tuple[FlaskClient, str], council: Store
) -> None:
    officer, secret = secured
    page = "/account/second-factor/remove"
    assert officer.post(page, data={"code": "000000"}).status_code == 400
    require(council)
    with time_machine.travel(utc_now() + timedelta(minutes=2), tick=False):
        refused = officer.post(page, data={"code": pyotp.TOTP(secret).now()})
    assert (refused.status_code, "requires a second factor" in refused.text) == (400, True)
    with council.writing() as session:
        settings.write(session, second_factor.REQUIRED, False)
    with time_machine.travel(utc_now() + timedelta(minutes=4), tick=False):
        assert officer.post(page, data={"code": pyotp.TOTP(secret).now()}).status_code == 302
    with council.reading() as session:
        assert not users.find(session, "officer-1").has_second_factor


def test_an_admin_resets_a_lost_one(
    secured: tuple[FlaskClient, str], signed_in: SignIn, council: Store
) -> None:
    officer, _ = secured
    admin = signed_in("admin", may_read_enforcement=True)
    with council.reading() as session:
        key = users.find(session, "officer-1").id
    assert admin.post(f"/admin/accounts/{key}/reset-second-factor").status_code == 302
    assert officer.get("/officer/hotspots").status_code == 302
    assert officer.post("/sign-in", data=RIGHT).location == "/officer/hotspots"


def test_the_store_holds_nothing_that_makes_codes(
    secured: tuple[FlaskClient, str], council: Store
) -> None:
    _, secret = secured
    with council.engine.connect() as connection:
        kept = [
            connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()
            for table in ("user", "recovery_code", "user_session", "audit_entry")
        ]
    assert secret not in repr(kept)
