"""What a leaver keeps, a thief copies and a guesser tries ends at the server."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from geodata.accounts import users
from geodata.accounts.rights import Rights, may_manage
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Role
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.web.conftest import PASSWORD, SignIn

DESK = "/officer/hotspots"


def test_a_cookie_copied_before_signing_out_works_no_longer(app: Flask, signed_in: SignIn) -> None:
    officer, thief = signed_in("officer"), app.test_client()
    cookie = officer.get_cookie("hotspots")
    thief.set_cookie("hotspots", cookie.value)
    assert thief.get(DESK).status_code == 200
    officer.post("/sign-out")
    thief.set_cookie("hotspots", cookie.value)
    assert thief.get(DESK).status_code == 302


def test_a_wrong_password_from_elsewhere_locks_nobody_out(app: Flask, signed_in: SignIn) -> None:
    signed_in("officer")
    wrong = {"name": "officer-1", "password": "not the password"}
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    guesser = app.test_client()
    tries = [guesser.post("/sign-in", data=wrong, environ_base=elsewhere) for _ in range(6)]
    assert [answer.status_code for answer in tries] == [400] * 5 + [429]
    right = app.test_client().post("/sign-in", data=wrong | {"password": PASSWORD})
    assert right.status_code == 302


def test_a_name_that_does_not_exist_is_slowed_down_alike(app: Flask) -> None:
    guest, wrong = app.test_client(), {"name": "nobody", "password": "not the password"}
    statuses = [guest.post("/sign-in", data=wrong).status_code for _ in range(6)]
    assert statuses == [400] * 5 + [429]


@pytest.mark.parametrize("change", ["disable", "role"])
def test_a_live_session_ends_with_the_rights_it_began_with(
    signed_in: SignIn, council: Store, change: str
) -> None:
    officer = signed_in("officer")
    with council.writing() as session:
        key = users.find(session, "officer-1").id
        if change == "disable":
            users.set_active(session, key, is_active=False)
        else:
            users.set_rights(session, key, Rights("partner", False))
    assert officer.get(DESK).status_code == 302


def test_the_last_admin_stays(council: Store) -> None:
    with council.writing() as session:
        key = users.add(session, "a", hashed(PASSWORD), "admin", now=datetime.now(UTC)).id
    with pytest.raises(RefusedError, match="last admin"), council.writing() as session:
        users.set_active(session, key, is_active=False)


def test_an_invitation_works_once(app: Flask, signed_in: SignIn) -> None:
    admin = signed_in("admin")
    page = admin.post("/admin/accounts/invite", data={"name": "new", "role": "officer"}).text
    (link,) = re.findall(r"/welcome/[\w-]+", page)
    guest = app.test_client()
    assert guest.get(link).status_code == 200
    assert guest.post(link, data={"password": "three quiet otters"}).status_code == 302
    assert guest.post(link, data={"password": "three other otters"}).status_code == 404
    right = {"name": "new", "password": "three quiet otters"}
    assert guest.post("/sign-in", data=right).status_code == 302


def test_nobody_manages_an_account_of_rights_that_they_could_not_give() -> None:
    # By hand: a manager manages partners, contractors and officers; an admin everybody.
    below = {"manager": {"partner", "member", "contractor", "officer"}, "admin": set(Role)}
    for giver in Role:
        for other in Role:
            is_allowed = other in below.get(giver, set())
            for has, needs in ((True, True), (True, False), (False, False), (False, True)):
                allowed = may_manage(Rights(giver, has), Rights(other, needs))
                assert allowed == (is_allowed and (has or not needs)), (giver, other, has, needs)


def test_own_pages_and_pages_of_accounts_open(signed_in: SignIn) -> None:
    admin = signed_in("admin")
    for address in (
        "/account",
        "/account/password",
        "/account/second-factor",
        "/account/second-factor/qr.svg",
        "/admin/accounts",
        "/admin/accounts/1",
        "/admin/accounts/invite",
    ):
        assert admin.get(address).status_code == 200, address
