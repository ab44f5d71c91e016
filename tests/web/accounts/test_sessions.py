"""A session begins with a key of its own, ends by the clock, and is listed to its holder."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from geodata.accounts import sessions, users
from geodata.accounts.rights import Rights
from geodata.people import audit
from geodata.store.engine import Store
from tests.web.conftest import PASSWORD, SignIn
from tests.web.page import Page

DESK = "/officer/hotspots"
NEW = "three quiet otters"


def acts(store: Store) -> list[str]:
    with store.reading() as session:
        return [entry.act for entry, _ in audit.entries(session, "account")]


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("hotspots")
    assert cookie is not None
    return cookie.value


def calendar_of(client: FlaskClient) -> str:
    match = re.search(
        r"/enforcement/deadlines/[\w.-]+\.ics", client.get("/enforcement/deadlines").text
    )
    assert match
    return match[0]


@pytest.mark.parametrize(
    ("role", "address", "idle", "step", "steps"),
    [
        # Defaults: an hour without a page and 12 hours in any case; crews 72 hours and 30 days.
        ("officer", DESK, timedelta(minutes=60), timedelta(minutes=50), 14),
        ("contractor", "/contractor/", timedelta(hours=72), timedelta(hours=60), 12),
    ],
)
def test_a_session_ends_when_idle_and_in_any_case(
    app: Flask,
    signed_in: SignIn,
    role: str,
    address: str,
    idle: timedelta,
    step: timedelta,
    steps: int,
) -> None:
    begun = datetime.fromisoformat("2026-06-01T06:00+00:00")
    with time_machine.travel(begun, tick=False) as clock:
        client = signed_in(role)
        clock.shift(idle - timedelta(seconds=1))
        assert client.get(address).status_code == 200
        clock.shift(idle + timedelta(seconds=1))
        assert client.get(address).status_code == 302
        again = app.test_client()
        again.post("/sign-in", data={"name": f"{role}-1", "password": PASSWORD})
        seen = []
        for _ in range(steps + 1):
            clock.shift(step)
            seen.append(again.get(address).status_code)
    assert seen == [200] * steps + [302]  # 14 x 50 min = 11 h 40; 12 x 60 h = 30 days exactly


def test_signing_in_gives_a_key_that_nobody_set_before(app: Flask, signed_in: SignIn) -> None:
    thief = signed_in("partner")
    fixed = cookie_of(thief)
    signed_in("officer")
    victim = app.test_client()
    victim.set_cookie("hotspots", fixed)
    victim.post("/sign-in", data={"name": "officer-1", "password": PASSWORD})
    assert cookie_of(victim) != fixed
    assert victim.get(DESK).status_code == 200
    assert thief.get(DESK).status_code == 403  # still the partner that it was


def test_a_new_password_changes_the_key_and_ends_all_other_browsers(
    app: Flask, signed_in: SignIn, council: Store
) -> None:
    here, elsewhere = signed_in("officer"), app.test_client()
    elsewhere.post("/sign-in", data={"name": "officer-1", "password": PASSWORD})
    before = cookie_of(here)
    answer = here.post("/account/password", data={"old": PASSWORD, "new": NEW})
    assert answer.status_code == 302
    assert here.get(DESK).status_code == 200
    assert elsewhere.get(DESK).status_code == 302
    thief = app.test_client()
    thief.set_cookie("hotspots", before)
    assert thief.get(DESK).status_code == 302
    assert "change_own_password" in acts(council)


@pytest.mark.parametrize("new", ["password1234", "short", "officer-1officer-1", PASSWORD])
def test_a_bad_new_password_is_told_at_its_field(signed_in: SignIn, new: str) -> None:
    answer = signed_in("officer").post("/account/password", data={"old": PASSWORD, "new": new})
    assert answer.status_code == 400
    assert Page.of(answer).fields["new"].error


def test_the_password_now_is_asked_for_and_its_guesses_are_slowed_down(signed_in: SignIn) -> None:
    officer = signed_in("officer")
    wrong = {"old": "not the password", "new": NEW}
    tried = [officer.post("/account/password", data=wrong).status_code for _ in range(6)]
    assert tried == [400] * 5 + [429]


def test_a_disabled_account_loses_its_pages_and_calendars_at_once(
    app: Flask, signed_in: SignIn, council: Store
) -> None:
    officer = signed_in("officer", may_read_enforcement=True)
    calendar = calendar_of(officer)
    guest = app.test_client()
    assert guest.get(calendar).status_code == 200
    admin = signed_in("admin", may_read_enforcement=True)
    with council.reading() as session:
        key = users.find(session, "officer-1").id
    assert admin.post(f"/admin/accounts/{key}/disable").status_code == 302
    assert officer.get(DESK).status_code == 302
    assert guest.get(calendar).status_code == 404
    right = {"name": "officer-1", "password": PASSWORD}
    assert guest.post("/sign-in", data=right).status_code == 400
    admin.post(f"/admin/accounts/{key}/enable")
    assert officer.get(DESK).status_code == 302, "what ended stays ended"
    assert guest.get(calendar).status_code == 404
    assert {"disable", "enable"} <= set(acts(council))


def test_taking_the_permission_away_ends_the_calendar(
    app: Flask, signed_in: SignIn, council: Store
) -> None:
    calendar = calendar_of(signed_in("officer", may_read_enforcement=True))
    with council.writing() as session:
        users.set_rights(session, users.find(session, "officer-1").id, Rights("officer", False))
    assert app.test_client().get(calendar).status_code == 404


def test_ones_own_sessions_are_listed_and_ended(app: Flask, signed_in: SignIn) -> None:
    phone = app.test_client()
    officer = signed_in("officer")
    agent = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36"
    right = {"name": "officer-1", "password": PASSWORD}
    phone.post("/sign-in", data=right, headers={"User-Agent": agent})
    page = officer.get("/account").text
    assert "Chrome on Android" in page
    (end,) = re.findall(r"/account/sessions/\d+/end", page)
    assert officer.post(end).status_code == 302
    assert phone.get(DESK).status_code == 302
    phone.post("/sign-in", data=right)
    officer.post("/account/sessions/end-others")
    assert phone.get(DESK).status_code == 302
    assert officer.get(DESK).status_code == 200


def test_nobody_ends_anothers_session(signed_in: SignIn, council: Store) -> None:
    officer, manager = signed_in("officer"), signed_in("manager")
    with council.reading() as session:
        key = sessions.of_user(session, users.find(session, "manager-1").id)[0].id
    officer.post(f"/account/sessions/{key}/end")
    assert manager.get(DESK).status_code == 200


def test_signing_in_and_failing_to_are_in_the_audit_log_without_what_was_typed(
    app: Flask, signed_in: SignIn, council: Store
) -> None:
    signed_in("officer").post("/sign-out")
    guest = app.test_client()
    typed = "my secret password in the wrong box"
    guest.post("/sign-in", data={"name": typed, "password": "not the password"})
    guest.post("/sign-in", data={"name": "officer-1", "password": "not the password"})
    with council.reading() as session:
        entries = [entry for entry, _ in audit.entries(session, "account")]
        key = users.find(session, "officer-1").id
    logged_acts = [(entry.act, entry.entity_id) for entry in entries]
    assert logged_acts.count(("fail_sign_in", None)) == 1
    assert logged_acts.count(("fail_sign_in", key)) == 1
    assert ("sign_in", key) in logged_acts
    assert ("sign_out", key) in logged_acts
    assert typed not in repr([vars(entry) for entry in entries])
