"""``hotspots user``: the operator does what the page of accounts does, and the log says so."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask

from geodata.accounts import users
from geodata.people import audit
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.web.conftest import PASSWORD, SignIn
from web.cli import main
from web.clock import utc_now

Run = Callable[..., tuple[int, str, str]]
NEW = "three quiet otters"
DESK = "/officer/hotspots"


@pytest.fixture
def user(
    council: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs ``hotspots user``; its status, its output and its complaints."""
    url = council.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    monkeypatch.setenv("HOTSPOTS_SECRET_KEY", SIGNING_KEY)
    monkeypatch.setenv("HOTSPOTS_BASE_URL", "https://canisters.example.gov.uk")

    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["user", *arguments])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return command


def acts(store: Store) -> list[tuple[str, int | None]]:
    with store.reading() as session:
        entries = audit.entries(session, "account")
        return [(entry.act, entry.user_id) for entry, _ in reversed(entries)]


def test_accounts_are_listed_with_what_they_may(user: Run, council: Store) -> None:
    user("add", "jo", "--role", "officer", "--enforcement", "--password", NEW)
    user("invite", "al", "--role", "partner", "--employer", "Parks")
    user("disable", "jo")
    _, output, _ = user("list", "--json")
    rows = {row["name"]: row for row in json.loads(output)}
    assert rows["jo"] == {
        "name": "jo",
        "role": "officer",
        "employer": None,
        "may_read_enforcement": True,
        "is_active": False,
        "is_invited": False,
        "has_second_factor": False,
        "last_sign_in_at": None,
    }
    assert (rows["al"]["is_invited"], rows["al"]["employer"]) == (True, "Parks")
    _, output, _ = user("list")
    assert "jo: officer, disabled, enforcement; last sign-in never" in output


def test_a_link_from_the_command_line_opens_once(user: Run, app: Flask) -> None:
    status, output, _ = user("invite", "al", "--role", "officer")
    assert status == 0
    assert re.fullmatch(r"https://canisters\.example\.gov\.uk/welcome/[\w-]{43}\n", output)
    path = output.strip().removeprefix("https://canisters.example.gov.uk")
    guest = app.test_client()
    assert guest.post(path, data={"password": NEW}).status_code == 302
    assert guest.post(path, data={"password": NEW}).status_code == 404
    assert "/welcome/" in user("link", "al")[1]


@pytest.mark.parametrize(
    ("change", "act"),
    [
        (("disable", "officer-1"), "disable"),
        (("role", "officer-1", "partner"), "change_rights"),
        (("permission", "officer-1", "--enforcement"), "change_rights"),
        (("sign-out", "officer-1"), "end_sessions"),
        (("password", "officer-1", "--password", NEW), "set_password"),
        (("reset-second-factor", "officer-1"), "reset_second_factor"),
    ],
)
def test_a_change_ends_open_sessions_and_is_in_the_log_as_the_operators(
    user: Run, council: Store, signed_in: SignIn, change: tuple[str, ...], act: str
) -> None:
    officer = signed_in("officer")
    assert officer.get(DESK).status_code == 200
    assert user(*change)[0] == 0
    assert officer.get(DESK).status_code == 302
    assert acts(council)[-1] == (act, None)


def test_a_disabled_account_is_enabled_again_and_details_change(
    user: Run, council: Store, app: Flask
) -> None:
    user("add", "jo", "--role", "contractor", "--password", NEW)
    user("disable", "jo")
    right = {"name": "jo", "password": NEW}
    assert app.test_client().post("/sign-in", data=right).status_code == 400
    user("enable", "jo")
    assert app.test_client().post("/sign-in", data=right).status_code == 302
    user("details", "jo", "--employer", "Cleansweep Ltd")
    with council.reading() as session:
        assert users.find(session, "jo").employer == "Cleansweep Ltd"


def test_whether_a_second_factor_is_required_is_said_here_too(user: Run, signed_in: SignIn) -> None:
    officer = signed_in("officer")
    assert user("second-factor", "--required")[0] == 0
    assert officer.get(DESK).status_code == 302


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("disable", "nobody"), "no user 'nobody'"),
        (("disable", "boss"), "last admin"),
        (("role", "boss", "officer"), "last admin"),
        (("add", "jo", "--role", "officer", "--password", "password1234"), "most common"),
        (("add", "jo", "--role", "officer", "--password", "short"), "5 characters"),
        (("invite", "boss", "--role", "officer"), "already"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    user: Run, council: Store, arguments: tuple[str, ...], words: str
) -> None:
    with council.writing() as session:
        users.add(session, "boss", hashed(PASSWORD), "admin", now=utc_now())
    status, _, complaint = user(*arguments)
    assert status == 1
    assert words in complaint
    with council.reading() as session:
        assert [each.name for each in users.every(session)] == ["boss"]
