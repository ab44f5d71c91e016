"""Managers set what the council sets for itself, and the log keeps what it was."""

import json
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from geodata import places
from geodata.accounts import users
from geodata.core.errors import UnreachableStoreError
from geodata.core.vocabulary import PlaceKind
from geodata.people import audit
from geodata.store import settings
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.web.page import Page
from web.application import create_app
from web.cli import hotspots as cli
from web.config import Config
from web.server.senders import sender
from web.services.clearing.depots import Depot
from web.services.patrols.shift_hours import ShiftHours
from web.services.settings import council_settings, setting_days

PAGE = "/admin/settings"
FORM = {
    "council_name": "Testford Borough Council",
    "patrol_start_place": "Civic Centre",
    "patrol_contacts": "Control room: 01632 960001\r\nPolice, not urgent: 101\r\n",
    "patrol_shift_start": "10pm",
    "patrol_shift_end": "02:30",
    "round_depot": "TQ 5350 7450",
    "reason": "Decision 7",
}


@pytest.fixture
def hall(council: Store) -> Store:
    with council.writing() as session:
        middle = places.borough(session).centroid
        places.add(session, PlaceKind.BUILDING, "Civic Centre", middle)
    return council


def test_a_manager_sets_them_and_they_hold_at_once(hall: Store, signed_in) -> None:
    manager: FlaskClient = signed_in("manager")
    assert Page.of(manager.get("/officer/more")).leads_to("/admin/settings")
    assert "Emergency: 999" in manager.get(PAGE).text
    answer = manager.post(PAGE, data=FORM, follow_redirects=True)
    assert "The settings are saved." in answer.text
    page = Page.of(answer)
    assert page.link("Testford Borough Council") == "/"  # in the header of the next page
    assert "Control room: 01632 960001" in page.value("patrol_contacts")
    assert page.value("patrol_start_place") == "Civic Centre"
    assert {"22:00", "02:30", "TQ 5350 7450"} <= page.typed
    with hall.reading() as session:
        now = council_settings.current(session)
        log = audit.entries(session, "setting")
    assert now.patrol_start_place == "Civic Centre"
    assert now.patrol_contacts[1] == ("Police, not urgent", "101")
    assert now.patrol_shift == ShiftHours(time(22), time(2, 30))
    # the middle of the ten metres that the reference names
    assert now.round_depot == Depot("TQ 5350 7450", 553_505, 174_505)
    assert {entry.reason for entry, _ in log} == {"Decision 7"}
    changes = {name: value for entry, _ in log for name, value in entry.before.items()}
    assert changes["council_name"] == "Testford"
    assert changes["patrol_start_place"] is None
    assert {who for _, who in log} == {"manager-1"}


def test_a_new_name_shows_at_once_in_every_process(hall: Store, signed_in) -> None:
    config = Config(secret_key=SIGNING_KEY, insecure_cookies=True)
    other = create_app(config, store=hall)  # as a second process has it
    assert Page.of(other.test_client().get("/cookies")).link("Testford") == "/"
    signed_in("manager").post(PAGE, data=FORM)
    renamed = Page.of(other.test_client().get("/cookies"))
    assert renamed.link("Testford Borough Council") == "/"
    assert (
        "Dumped canisters in Testford Borough Council" in other.test_client().get("/feed.atom").text
    )
    with other.test_request_context():
        assert sender().council == "Testford Borough Council"


def test_a_page_about_a_lost_store_shows_the_name_read_last(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> None:
        raise UnreachableStoreError("it does not answer")

    client = app.test_client()
    assert Page.of(client.get("/cookies")).link("Testford") == "/"
    for reader in ("web.council.open_session", "web.public.read_session"):
        monkeypatch.setattr(reader, lost)
    answer = client.get("/")
    assert answer.status_code == 503
    assert Page.of(answer).link("Testford") == "/"


def test_what_stays_as_it_was_is_no_entry_of_the_log(hall: Store, signed_in) -> None:
    manager = signed_in("manager")
    manager.post(PAGE, data=FORM)
    answer = manager.post(PAGE, data=FORM, follow_redirects=True)
    assert "Nothing was changed." in answer.text
    with hall.reading() as session:
        assert len(audit.entries(session, "setting")) == 5


def test_empty_fields_take_the_shift_and_the_depot_back(hall: Store, signed_in) -> None:
    manager = signed_in("manager")
    manager.post(PAGE, data=FORM)
    empty = dict.fromkeys(("patrol_shift_start", "patrol_shift_end", "round_depot"), " ")
    assert manager.post(PAGE, data=FORM | empty).status_code == 302
    with hall.reading() as session:
        now = council_settings.current(session)
    assert (now.patrol_shift, now.round_depot) == (None, None)


HISTORY = "What was changed, the newest first"


def test_a_change_is_seen_before_and_undone_after(hall: Store, signed_in) -> None:
    manager = signed_in("manager")
    preview = Page.of(manager.post(PAGE, data=FORM | {"preview": "yes"}))
    rows = {r["Setting"]: (r["Now"], r["Then"]) for r in preview.table("What this would").rows}
    assert rows["Usual shift of a patrol"] == ("not set", "22:00 to 02:30")
    assert rows["Where patrols start and end"] == ("not set", "Civic Centre")
    with hall.reading() as session:
        assert audit.entries(session, "setting") == []
    page = Page.of(manager.post(PAGE, data=FORM, follow_redirects=True))
    assert {row["Reason"] for row in page.table(HISTORY).rows} == {"Decision 7"}
    with hall.reading() as session:
        entry = next(e.id for e, _ in audit.entries(session, "setting") if "round_depot" in e.after)
    undo = f"{PAGE}/{entry}/undo"
    assert undo in page.actions
    undone = Page.of(manager.post(undo, follow_redirects=True))
    assert undo not in undone.actions
    assert undone.table(HISTORY).rows[0]["Then"] == "not set"
    with hall.reading() as session:
        assert council_settings.current(session).round_depot is None
    assert manager.post(undo).status_code == 409


def test_a_change_for_a_day_to_come_holds_from_the_tick_of_that_day(hall: Store, signed_in) -> None:
    with time_machine.travel(datetime(2026, 6, 13, 12, tzinfo=UTC), tick=False):
        manager = signed_in("manager")
        page = manager.post(PAGE, data=FORM | {"valid_from": "2026-07-01"}, follow_redirects=True)
    assert len(Page.of(page).table("Decided, for a day").rows) == 5

    def shift_after(day: date) -> ShiftHours | None:
        with hall.writing() as session:
            setting_days.settle(session, day)
            return council_settings.current(session).patrol_shift

    assert shift_after(date(2026, 6, 30)) is None
    assert shift_after(date(2026, 7, 1)) == ShiftHours(time(22), time(2, 30))


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"council_name": " "}, "council_name", "write from 1 to 100"),
        ({"council_name": "x" * 101}, "council_name", "has 101 characters"),
        ({"patrol_contacts": "Control room"}, "patrol_contacts", "is no contact"),
        ({"patrol_contacts": "Control room: none"}, "patrol_contacts", "is no contact"),
        ({"patrol_contacts": ""}, "patrol_contacts", "0 lines"),
        ({"patrol_contacts": "a: 101\n" * 13}, "patrol_contacts", "13 lines"),
        ({"patrol_start_place": "Nowhere"}, "patrol_start_place", "Choose one of the list"),
        ({"patrol_shift_start": "late"}, "patrol_shift_start", "Enter a time such as 20:30"),
        ({"patrol_shift_end": ""}, "patrol_shift_end", "Only 22:00 is given"),
        ({"patrol_shift_start": ""}, "patrol_shift_start", "Only 02:30 is given"),
        ({"patrol_shift_end": "23:00"}, "patrol_shift_end", "from 2 to 12 hours"),
        ({"patrol_shift_end": "11:00"}, "patrol_shift_end", "from 2 to 12 hours"),
        ({"reason": ""}, "reason", "write why"),
        ({"valid_from": "2026-01-01"}, "valid_from", "has passed"),
        ({"round_depot": "Nowhere"}, "round_depot", "no known place"),
        ({"round_depot": "SD 0000 0000"}, "round_depot", "km outside the borough"),
    ],
)
def test_a_bad_value_is_told_at_its_field_and_nothing_is_set(
    hall: Store, signed_in, change: dict[str, str], field: str, words: str
) -> None:
    answer = signed_in("manager").post(PAGE, data=FORM | change)
    assert answer.status_code == 400
    page = Page.of(answer)
    assert words in page.fields[field].error
    assert f"#{field}" in {link.href for link in page.error_summary}
    assert "Testford Borough Council" in answer.text or field == "council_name"
    with hall.reading() as session:
        assert settings.read(session, settings.COUNCIL_NAME) == "Testford"
        assert audit.entries(session, "setting") == []


def test_only_managers_and_admins_see_the_page(hall: Store, signed_in, client) -> None:
    assert signed_in("admin").get(PAGE).status_code == 200
    for role in ("officer", "contractor", "partner"):
        assert signed_in(role).get(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 302


def test_no_secret_of_the_installation_is_shown(hall: Store, signed_in) -> None:
    page = signed_in("admin").get(PAGE).text
    assert "HOTSPOTS_CONTACT_EMAIL" in page
    assert SIGNING_KEY not in page  # the test application's secret key


def test_a_name_that_the_installation_fixes_is_not_changed_here(hall: Store) -> None:
    config = Config(secret_key=SIGNING_KEY, insecure_cookies=True, council_name="Fixed Council")
    app = create_app(config, store=hall)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with hall.writing() as session:
        users.add(
            session,
            "boss",
            hashed("a long enough password"),
            "manager",
            now=datetime.now(UTC),
        )
    client = app.test_client()
    client.post("/sign-in", data={"name": "boss", "password": "a long enough password"})
    page = client.post(PAGE, data=FORM, follow_redirects=True).text
    assert "HOTSPOTS_COUNCIL_NAME: Fixed Council" in page
    with hall.reading() as session:
        assert settings.read(session, settings.COUNCIL_NAME) == "Testford"


def test_the_command_sets_the_same_and_prints_what_holds(
    hall: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = hall.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("HOTSPOTS_DATABASE_URL", url)
    plain = CliRunner().invoke(cli, ["settings"])
    assert "Patrols start at:   the middle of the hotspots" in plain.output
    with hall.reading() as session:
        assert audit.entries(session, "setting") == []  # only looked at
    options = ["--start-place", "Civic Centre", "--contact", "Control room: 01632 960001"]
    more = ["--shift", "9pm-01:00", "--depot", "civic centre", "--text-messages", "--json"]
    result = CliRunner().invoke(cli, ["settings", *options, *more])
    assert json.loads(result.output) == {
        "council_name": "Testford",
        "patrol_start_place": "Civic Centre",
        "patrol_contacts": [["Control room", "01632 960001"]],
        "patrol_shift": ["21:00", "01:00"],
        # the middle of the borough that the fixture draws
        "round_depot": {"where": "civic centre", "x": 554_000.0, "y": 174_000.0},
        "device_gap_hours": 12,
        "text_messages": True,
    }
    with hall.reading() as session:
        assert council_settings.current(session).patrol_start_place == "Civic Centre"
        assert [who for _, who in audit.entries(session, "setting")] == [None] * 5
    shown = CliRunner().invoke(cli, ["settings"]).output
    assert "A patrol's shift:   21:00 to 01:00" in shown
    assert "Rounds start at:    civic centre" in shown
    dry = CliRunner().invoke(cli, ["settings", "--shift", "22:00-02:00", "--dry-run"]).output
    assert dry == "Usual shift of a patrol: now 21:00 to 01:00, then 22:00 to 02:00\n"
    log = CliRunner().invoke(cli, ["settings", "--changes"]).output
    assert "round_depot was not set, is civic centre" in log
    number = next(line for line in log.splitlines() if "round_depot" in line).split(":")[0]
    undone = CliRunner().invoke(cli, ["settings", "--undo", number]).output
    assert "civic centre" not in undone
    CliRunner().invoke(cli, ["settings", "--shift", "", "--depot", ""])
    with hall.reading() as session:
        assert council_settings.current(session).round_depot is None
    assert CliRunner().invoke(cli, ["settings", "--shift", "late"]).exit_code == 2
    refused = CliRunner().invoke(cli, ["settings", "--start-place", "Nowhere"])
    assert "no place called 'Nowhere'" in str(refused.exception)
