"""Accounts of others: nobody gives what they lack, and every change is in the audit log."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from geodata.accounts import users
from geodata.accounts.account import Account
from geodata.core.errors import NotFoundError
from geodata.people import audit
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.web.conftest import PASSWORD, SignIn
from web.clock import utc_now

PAGE = "/admin/accounts"
NEW = "three quiet otters"


def account_of(store: Store, name: str) -> Account:
    with store.reading() as session:
        return users.find(session, name)


def add(store: Store, name: str, role: str, **rights: bool) -> int:
    with store.writing() as session:
        return users.add(session, name, hashed(PASSWORD), role, now=utc_now(), **rights).id


def acts(store: Store) -> list[str]:
    with store.reading() as session:
        return [entry.act for entry, _ in audit.entries(session, "account")]


@pytest.mark.parametrize("role", ["public", "partner", "contractor", "officer"])
def test_only_managers_and_admins_see_accounts(
    app: Flask, signed_in: SignIn, council: Store, role: str
) -> None:
    key = add(council, "jo", "partner")
    client = app.test_client() if role == "public" else signed_in(role)
    looks = [client.get(each) for each in (PAGE, f"{PAGE}/{key}", f"{PAGE}/invite")]
    changes = ("link", "disable", "enable", "end-sessions", "reset-second-factor", "unlink")
    looks += [client.post(f"{PAGE}/{key}/{change}") for change in changes]
    looks += [client.post(f"{PAGE}/second-factor", data={"is_required": "yes"})]
    expected = 302 if role == "public" else 403
    assert [answer.status_code for answer in looks] == [expected] * len(looks)
    assert account_of(council, "jo").is_active


@pytest.mark.parametrize(
    "form",
    [{"role": "admin"}, {"role": "manager"}, {"role": "officer", "is_enforcer": "y"}],
    ids=["admin", "manager", "enforcement"],
)
def test_a_manager_gives_no_right_by_a_field_that_the_form_does_not_offer(
    signed_in: SignIn, council: Store, form: dict[str, str]
) -> None:
    key = add(council, "jo", "partner")
    manager = signed_in("manager")
    manager.post(f"{PAGE}/{key}", data=form)
    manager.post(f"{PAGE}/invite", data={"name": "al"} | form)
    assert account_of(council, "jo").role in {"partner", "officer"}
    assert not account_of(council, "jo").may_read_enforcement
    with council.reading() as session:
        made = {each.name: each for each in users.every(session)}
    assert "al" not in made or made["al"].rights.role == "officer"
    assert "al" not in made or not made["al"].may_read_enforcement


@pytest.mark.parametrize(
    "change", ["", "/link", "/disable", "/end-sessions", "/reset-second-factor", "/unlink"]
)
def test_nobody_takes_over_an_account_of_more_rights_or_changes_their_own(
    signed_in: SignIn, council: Store, change: str
) -> None:
    above = add(council, "boss", "admin")
    enforcer = add(council, "jo", "officer", may_read_enforcement=True)
    manager = signed_in("manager")
    own = account_of(council, "manager-1").id
    for key in (above, enforcer, own):
        answer = manager.post(f"{PAGE}/{key}{change}", data={"role": "officer"})
        assert answer.status_code in {400, 403, 409, 422}, (key, answer.status_code)
        assert "/welcome/" not in answer.text
    assert account_of(council, "boss").is_active
    assert account_of(council, "jo").is_active
    assert account_of(council, "manager-1").role == "manager"


def test_an_admin_gives_a_role_and_the_permission_and_the_log_says_what_changed(
    signed_in: SignIn, council: Store
) -> None:
    key = add(council, "jo", "partner")
    admin = signed_in("admin", may_read_enforcement=True)
    form = {"role": "officer", "is_enforcer": "y", "email": "jo@example.org", "employer": ""}
    assert admin.post(f"{PAGE}/{key}", data=form).status_code == 302
    jo = account_of(council, "jo")
    assert (jo.role, jo.may_read_enforcement, jo.email) == ("officer", True, "jo@example.org")
    with council.reading() as session:
        entry = next(e for e, _ in audit.entries(session, "account") if e.act == "change_rights")
    assert entry.before == {"role": "partner", "may_read_enforcement": False}
    assert entry.after == {"role": "officer", "may_read_enforcement": True}
    assert entry.user_id == account_of(council, "admin-1").id


def test_the_last_admin_is_not_disabled_by_themselves_or_by_anybody(
    signed_in: SignIn, council: Store
) -> None:
    admin = signed_in("admin")
    own = account_of(council, "admin-1").id
    assert admin.post(f"{PAGE}/{own}/disable").status_code >= 400
    assert admin.get(PAGE).status_code == 200
    assert account_of(council, "admin-1").is_active


def test_an_invitation_ends_after_three_days_and_with_a_newer_one(
    app: Flask, signed_in: SignIn, council: Store
) -> None:
    admin, guest = signed_in("admin"), app.test_client()
    form = {"name": "al", "role": "officer"}
    first = re.findall(r"/welcome/[\w-]+", admin.post(f"{PAGE}/invite", data=form).text)[0]
    assert guest.get(first).status_code == 200
    key = account_of(council, "al").id
    second = re.findall(r"/welcome/[\w-]+", admin.post(f"{PAGE}/{key}/link").text)[0]
    assert guest.get(first).status_code == 404
    with time_machine.travel(utc_now() + timedelta(days=3, seconds=1), tick=False):
        assert guest.get(second).status_code == 404
        assert guest.post(second, data={"password": NEW}).status_code == 404
    assert not account_of(council, "al").has_password
    assert guest.post(second, data={"password": NEW}).status_code == 302
    assert acts(council).count("accept_invitation") == 1


def test_an_invitation_of_a_disabled_account_ends(
    app: Flask, signed_in: SignIn, council: Store
) -> None:
    admin = signed_in("admin")
    page = admin.post(f"{PAGE}/invite", data={"name": "al", "role": "officer"}).text
    link = re.findall(r"/welcome/[\w-]+", page)[0]
    admin.post(f"{PAGE}/{account_of(council, 'al').id}/disable")
    assert app.test_client().get(link).status_code == 404


def test_a_link_is_no_key_that_the_store_can_give_away(signed_in: SignIn, council: Store) -> None:
    page = signed_in("admin").post(f"{PAGE}/invite", data={"name": "al", "role": "officer"}).text
    token = re.findall(r"/welcome/([\w-]+)", page)[0]
    with council.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM invitation").all()
    assert kept
    assert token not in repr(kept)


def test_an_account_that_is_not_there_is_not_found(signed_in: SignIn, council: Store) -> None:
    assert signed_in("admin").get(f"{PAGE}/999").status_code == 404
    with pytest.raises(NotFoundError, match="no user 'nobody'"), council.reading() as session:
        users.find(session, "nobody")
