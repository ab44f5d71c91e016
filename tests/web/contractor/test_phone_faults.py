# ruff: noqa: F811
"""What goes wrong with a crew's phone in the street, in Chromium: nothing is lost, nothing doubled.

Full storage, two tabs on one entry, a clock that is wrong, another session half way through the
sending, and a new version of the program while entries wait.
"""

from datetime import UTC, datetime, timedelta
from importlib import metadata

import pytest
from playwright.sync_api import Page

from geodata.store.engine import Store
from tests.signing_key import SIGNING_KEY
from tests.web.contractor.test_offline import (  # noqa: F401
    SENT,
    Server,
    job,
    phone,
    record,
    recorded,
    send_now,
    server,
    until,
)
from web.application import create_app
from web.config import Config

pytestmark = pytest.mark.browser
WAITING = "Outbox.all().then((items) => items.map((item) => Outbox.field(item, '%s')))"


def fill_up(page: Page, server: Server) -> None:
    """Leave this site no room on the phone."""
    quota = {"origin": server.address, "quotaSize": 1}
    page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", quota)


def fill_in_with_photo(page: Page, server: Server, job: str) -> None:
    page.goto(f"{server.address}/contractor/jobs/{job}")
    page.get_by_label("Cleared", exact=True).check()
    files = [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": page.screenshot(type="jpeg")}]
    page.get_by_label("Photo of the place now").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="Remove photo 1").wait_for()


def test_a_full_phone_says_so_without_signal_and_sends_from_the_open_page(
    phone: Page,
    server: Server,
    job: str,
    geopackage: Store,
) -> None:
    fill_in_with_photo(phone, server, job)
    fill_up(phone, server)
    server.stop()
    phone.get_by_role("button", name="Save").click()
    phone.locator("#form-problem", has_text="no room").wait_for()
    assert phone.get_by_label("Cleared", exact=True).is_checked()
    phone.get_by_role("button", name="Remove photo 1").wait_for()
    server.start()
    phone.get_by_role("button", name="Save").click()
    phone.wait_for_url(f"{server.address}/contractor/jobs/{job}/saved")
    assert [row.outcome for row in recorded(geopackage)] == ["cleared"]


def test_two_tabs_that_change_one_entry_leave_what_was_saved_last(
    phone: Page,
    server: Server,
    job: str,
    geopackage: Store,
) -> None:
    server.stop()
    record(phone, server, job)
    phone.wait_for_url(server.address + "/contractor/")
    [key] = phone.evaluate("Outbox.all().then((items) => items.map((item) => item.key))")
    other = phone.context.new_page()
    for tab in (phone, other):
        tab.goto(f"{server.address}/contractor/jobs/{job}#entry-{key}")
        tab.get_by_role("button", name="Discard this entry").wait_for()
    for tab, note in ((phone, "By the wall"), (other, "By the gate")):
        tab.get_by_label("Anything else").fill(note)
        tab.get_by_role("button", name="Save").click()
        tab.wait_for_url(server.address + "/contractor/")
    assert phone.evaluate(WAITING % "note") == ["By the gate"]
    server.start()
    send_now(other)
    until(other, SENT)
    assert [row.note for row in recorded(geopackage)] == ["By the gate"]


@pytest.mark.parametrize("is_changed", [False, True])
def test_an_entry_that_another_tab_has_sent_is_corrected_and_not_made_twice(
    phone: Page, server: Server, job: str, geopackage: Store, *, is_changed: bool
) -> None:
    server.stop()
    record(phone, server, job, "Could not get in")
    phone.wait_for_url(server.address + "/contractor/")
    [key] = phone.evaluate("Outbox.all().then((items) => items.map((item) => item.key))")
    entry = f"{server.address}/contractor/jobs/{job}#entry-{key}"
    early, late = phone.context.new_page(), phone.context.new_page()
    early.goto(entry)
    early.get_by_role("button", name="Discard this entry").wait_for()
    if is_changed:  # it goes out under a new key
        phone.goto(entry)
        phone.get_by_label("Anything else").fill("The gate is locked")
        phone.get_by_role("button", name="Save").click()
        phone.wait_for_url(server.address + "/contractor/")
    server.start()
    send_now(phone)
    until(phone, "(await Outbox.all()).length === 0")
    late.goto(entry)
    late.wait_for_url("**/jobs/*?replaces=*")
    assert late.get_by_label("Could not get in", exact=True).is_checked()
    early.get_by_label("Not found", exact=True).check()
    early.get_by_role("button", name="Save").click()
    early.wait_for_url("**/saved*")
    first, second = sorted(recorded(geopackage), key=lambda row: row.id)
    assert (first.outcome, second.outcome) == ("no_access", "not_found")
    assert second.replaces_id == first.id
    late.goto(entry)  # the correction is the newest now
    late.wait_for_url(f"**/jobs/*?replaces={second.id}")


def test_an_entry_that_was_sent_is_no_empty_form_without_signal(
    phone: Page, server: Server, job: str
) -> None:
    server.stop()
    record(phone, server, job)
    phone.wait_for_url(server.address + "/contractor/")
    [key] = phone.evaluate("Outbox.all().then((items) => items.map((item) => item.key))")
    server.start()
    send_now(phone)
    until(phone, "(await Outbox.all()).length === 0")
    server.stop()
    phone.goto(f"{server.address}/contractor/jobs/{job}#entry-{key}")
    phone.get_by_text("That entry was sent. Open it again where there is signal").wait_for()
    assert not phone.get_by_role("button", name="Save").is_visible()


def test_a_clock_set_right_in_between_does_not_turn_the_order_round(
    phone: Page,
    server: Server,
    job: str,
    geopackage: Store,
) -> None:
    now = datetime.now(UTC)
    server.stop()
    for outcome, clock in (("Could not get in", now + timedelta(days=300)), ("Not found", now)):
        phone.goto(f"{server.address}/contractor/jobs/{job}")
        phone.clock.set_fixed_time(clock)
        record(phone, server, job, outcome)
        phone.wait_for_url(server.address + "/contractor/")
    server.start()
    send_now(phone)
    until(phone, SENT)
    rows = sorted(recorded(geopackage), key=lambda row: row.id)
    assert [row.outcome for row in rows] == ["no_access", "not_found"]
    assert all(abs(row.occurred_at - now) < timedelta(minutes=2) for row in rows)


def test_signing_in_anew_half_way_refuses_nothing_that_still_waits(
    phone: Page,
    server: Server,
    job: str,
    geopackage: Store,
) -> None:
    """The token of the form is of the session that ended between two entries."""
    server.stop()
    for outcome in ("Could not get in", "Not found"):
        record(phone, server, job, outcome)
        phone.wait_for_url(server.address + "/contractor/")
    server.spoils_token = True
    server.start()
    send_now(phone)
    until(phone, SENT)
    assert phone.locator("#outbox-problems").inner_text() == ""
    assert len(recorded(geopackage)) == 2


def test_what_waits_is_listed_with_its_day_and_hour_in_london(
    phone: Page, server: Server, job: str
) -> None:
    server.takes_nothing = True
    phone.clock.set_fixed_time(datetime(2026, 10, 24, 22, 30, tzinfo=UTC))  # Saturday, BST
    record(phone, server, job)
    phone.wait_for_url(server.address + "/contractor/")
    phone.get_by_text("What waits on this phone").click()
    phone.get_by_text(f"{job}, Not found, Sat 24 Oct, 23:30").wait_for()


def test_a_new_version_keeps_what_waits_and_the_round(
    phone: Page,
    server: Server,
    job: str,
    geopackage: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.takes_nothing = True
    record(phone, server, job)
    phone.wait_for_url(server.address + "/contractor/")
    phone.get_by_text("1 outcome waits").wait_for()
    monkeypatch.setattr(metadata, "version", lambda _: "999.0")
    server.app = create_app(Config(secret_key=SIGNING_KEY, insecure_cookies=True), store=geopackage)
    phone.goto(server.address + "/contractor/")
    until(phone, "(await caches.keys()).every((name) => name.endsWith('999.0'))")
    server.stop()  # before the new version could fetch the round
    phone.get_by_text("What waits on this phone").click()
    phone.get_by_role("link", name="Open and change").click()
    phone.get_by_role("button", name="Discard this entry").wait_for()
    assert phone.get_by_label("Not found", exact=True).is_checked()
    server.start()
    server.takes_nothing = False
    send_now(phone)
    until(phone, "(await Outbox.all()).length === 0")
    assert [row.outcome for row in recorded(geopackage)] == ["not_found"]
