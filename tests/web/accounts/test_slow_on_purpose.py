"""Argon2 takes its 50 ms while nobody waits for the store, and takes them for unknown names too."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from geodata.accounts import passwords, users
from geodata.accounts.rights import Rights
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.web.conftest import PASSWORD
from web.clock import utc_now

NEW = "three quiet otters"


class Watched:
    """The hasher, and how often it worked; fails where somebody would wait for the store."""

    def __init__(self, hasher: PasswordHasher, store: Store) -> None:
        self.hasher, self.store, self.calls = hasher, store, list[str]()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def work(*given: Any) -> Any:
            assert not getattr(self.store._queue._mine, "has_turn", False), f"{name} in the lock"
            with self.store.writing() as session:  # SQLite would let nobody in
                users.names(session)
            self.calls.append(name)
            return getattr(self.hasher, name)(*given)

        return work


@pytest.fixture
def watched(council: Store, monkeypatch: pytest.MonkeyPatch) -> Watched:
    watching = Watched(passwords._HASHER, council)
    monkeypatch.setattr(passwords, "_HASHER", watching)
    return watching


def add(store: Store, name: str, password: str) -> None:
    made = hashed(password)
    with store.writing() as session:
        users.add(session, name, made, "officer", now=utc_now())


def test_no_password_is_hashed_while_the_store_is_locked(
    app: Flask, watched: Watched, council: Store
) -> None:
    add(council, "jo", PASSWORD)
    jo, guest = app.test_client(), app.test_client()
    jo.post("/sign-in", data={"name": "jo", "password": PASSWORD})
    jo.post("/account/password", data={"old": PASSWORD, "new": NEW})
    jo.post("/account/second-factor", data={"password": NEW, "code": "000000"})
    add(council, "ada", PASSWORD)
    with council.writing() as session:
        users.set_rights(
            session, users.find(session, "ada").id, Rights("admin", may_read_enforcement=True)
        )
    ada = app.test_client()
    ada.post("/sign-in", data={"name": "ada", "password": PASSWORD})
    page = ada.post("/admin/accounts/invite", data={"name": "al", "role": "officer"}).text
    guest.post(re.findall(r"/welcome/[\w-]+", page)[0], data={"password": NEW})
    # By hand: two accounts made; two sign-ins; the old password, and the new one hashed; the
    # password before a second factor; the password chosen by the link.
    assert watched.calls.count("hash") == 2 + 1 + 1
    assert watched.calls.count("verify") == 2 + 1 + 1


@pytest.mark.parametrize(
    "name", ["jo", "nobody", "switched off", "no password", "Jo\x85", "x" * 900]
)
def test_whatever_the_name_the_same_work_is_done_and_the_same_is_said(
    app: Flask, watched: Watched, council: Store, name: str
) -> None:
    add(council, "jo", PASSWORD)
    add(council, "switched off", PASSWORD)
    with council.writing() as session:
        off = users.find(session, "switched off").id
        users.add(session, "no password", None, "officer", now=utc_now())
        users.add(session, "ada", None, "admin", now=utc_now())
        users.set_active(session, off, is_active=False)
    watched.calls.clear()
    password = "not the password" if name == "jo" else PASSWORD
    answers = [
        app.test_client().post("/sign-in", data={"name": name, "password": password})
        for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    assert watched.calls == ["verify"] * 5
    assert "The user name or the password is wrong" in answers[0].text
    assert "Too many wrong tries: wait 1 minute and try again" in answers[5].text


def test_a_password_of_a_megabyte_is_refused_before_any_work(app: Flask, watched: Watched) -> None:
    answer = app.test_client().post("/sign-in", data={"name": "jo", "password": "x" * 10**6})
    assert answer.status_code == 400
    assert watched.calls == []
