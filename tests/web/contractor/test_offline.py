"""Outcomes without signal, in Chromium: kept, counted, sent by themselves, exactly once."""

import io
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import shapely
from PIL import Image
from playwright.sync_api import Error, Page
from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer, make_server

from geodata.accounts import users
from geodata.models import Clearance, Photo
from geodata.store.engine import Store
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.web.browsing import TELEPHONE, NewPage
from web.application import create_app
from web.config import Config
from web.services.reporting.intake import NewReport, take_report

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"  # of an account that lives as long as one test


class Server:
    """The application on one port, to be killed and brought back; may lose its next answers."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.answers_to_lose = 0
        self.takes_nothing = False  # to page and worker alike: neither gets a form's token
        self.spoils_token = False  # of the next POST: its session has ended meanwhile
        self._server: BaseWSGIServer | None = None
        self.port = 0
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if self.takes_nothing and environ["PATH_INFO"].endswith("/token"):
            start("503 Service Unavailable", [])
            return [b""]
        if environ["REQUEST_METHOD"] == "POST" and self.spoils_token:
            self.spoils_token = False
            environ["HTTP_X_CSRFTOKEN"] = "of another session"
        answer = self.app(environ, start)
        if environ["REQUEST_METHOD"] == "POST" and self.answers_to_lose:
            self.answers_to_lose -= 1  # recorded, and then the line goes dead
            answer.close()
            raise ConnectionAbortedError
        return answer

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self.port, self, threaded=True)
        self.port = self._server.port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def job(geopackage: Store) -> str:
    now = datetime.now(UTC)
    told_at = now - timedelta(hours=3)
    with geopackage.writing() as session:
        users.add(session, "crew", hashed(PASSWORD), "contractor", now=now)
        new = NewReport(shapely.Point(553_000, 174_000), "public", "web", told_at)
        return take_report(session, new, now=told_at).incident_key


@pytest.fixture
def server(geopackage: Store, job: str) -> Iterator[Server]:
    app = create_app(Config(secret_key=SIGNING_KEY, insecure_cookies=True), store=geopackage)
    served = Server(app)
    yield served
    served.stop()


KEPT = """Promise.all((await caches.keys()).map(async (name) =>
  (await caches.open(name)).match("/contractor/jobs/%s"))).then((found) => found.some(Boolean))"""
SENT = "document.getElementById('outbox').textContent === ''"
KEPT_ADDRESSES = """Promise.all((await caches.keys()).map(async (name) =>
  (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)))
  .then((found) => found.flat().filter((path) => path.startsWith("/contractor/")))"""
ONLY_OFFLINE_PAGE = f"(await {KEPT_ADDRESSES}).join() === '/contractor/offline'"
PATIENCE = 400  # tenths of a second


def reload(page: Page) -> None:
    """Load the page again, once more where it was just leaving by itself."""
    try:
        page.reload()
    except Error:
        page.reload()


def until(page: Page, condition: str) -> None:
    """Wait for a condition that has to be awaited itself."""
    for _ in range(PATIENCE):
        with suppress(Error):  # the page is being left
            if page.evaluate(f"(async () => {condition})()"):
                return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {condition}")


@pytest.fixture
def phone(server: Server, job: str, new_page: NewPage) -> Page:
    """Signed in, the worklist and the job kept by the worker."""
    page = new_page(TELEPHONE)
    page.goto(server.address + "/sign-in")
    page.get_by_label("User name").fill("crew")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(server.address + "/contractor/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, KEPT % job)
    return page


def record(page: Page, server: Server, job: str, outcome: str = "Not found") -> None:
    page.goto(f"{server.address}/contractor/jobs/{job}")
    page.get_by_label(outcome, exact=True).check()
    page.get_by_role("button", name="Save").click()


def send_now(page: Page) -> None:
    """What the browser does when signal returns; on the next page, where one is being left."""
    event = "dispatchEvent(new Event('online'))"
    try:
        page.evaluate(event)
    except Error:
        page.wait_for_load_state()
        page.evaluate(event)


def recorded(store: Store) -> list[Clearance]:
    with store.reading() as session:
        return list(session.scalars(select(Clearance)))


def test_an_outcome_recorded_without_a_server_waits_and_is_sent_by_itself(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    server.stop()
    record(phone, server, job)
    phone.wait_for_url(server.address + "/contractor/")
    phone.get_by_text("1 outcome waits on this phone to be sent.").wait_for()
    shown = "getComputedStyle(document.querySelector('.job--waiting'), '::after').content"
    assert phone.evaluate(shown) == '"Outcome waits to be sent"'
    before = datetime.now(UTC)
    assert recorded(geopackage) == []
    server.start()
    send_now(phone)
    until(phone, SENT)
    rows = recorded(geopackage)
    assert [row.outcome for row in rows] == ["not_found"]
    assert rows[0].occurred_at < before < rows[0].recorded_at


def test_signal_that_returns_sends_without_a_touch(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    phone.context.set_offline(True)
    server.stop()
    record(phone, server, job)
    phone.wait_for_url(server.address + "/contractor/")
    phone.get_by_text("1 outcome waits").wait_for()
    server.start()
    phone.context.set_offline(False)  # Chromium itself tells the page
    until(phone, SENT)
    assert len(recorded(geopackage)) == 1


def test_an_answer_that_is_lost_makes_no_second_outcome(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    server.answers_to_lose = 100  # Chromium itself tries again, too
    record(phone, server, job)
    phone.get_by_text("1 outcome waits").wait_for()
    assert len(recorded(geopackage)) == 1  # the server had it, the phone could not know
    server.answers_to_lose = 0
    send_now(phone)
    until(phone, SENT)
    assert len(recorded(geopackage)) == 1


def test_photos_wait_too(phone: Page, server: Server, job: str, geopackage: Store) -> None:
    phone.goto(f"{server.address}/contractor/jobs/{job}")
    server.stop()
    phone.get_by_label("Cleared", exact=True).check()
    picture = phone.screenshot(type="jpeg")
    files = [{"name": "after.jpg", "mimeType": "image/jpeg", "buffer": picture}]
    phone.get_by_label("Photo of the place now").set_input_files(files)  # type: ignore[arg-type]
    phone.get_by_role("button", name="Save").click()
    phone.get_by_text("1 outcome waits").wait_for()
    server.start()
    reload(phone)
    until(phone, SENT)
    with geopackage.reading() as session:
        assert len(session.scalars(select(Photo)).all()) == 1
        assert [c.outcome for c in session.scalars(select(Clearance))] == ["cleared"]


def test_what_the_server_refuses_is_shown_and_kept_until_discarded(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    phone.goto(f"{server.address}/contractor/jobs/{job}")
    phone.get_by_label("Same as another job", exact=True).check()
    phone.get_by_label("Reference of the other job").fill("NOSUCH")
    phone.get_by_role("button", name="Save").click()
    phone.get_by_text("was not taken: there is no incident NOSUCH").wait_for()
    reload(phone)
    phone.get_by_role("link", name="Mend this entry").click()
    phone.locator(".govuk-error-message", has_text="there is no incident NOSUCH").wait_for()
    assert phone.get_by_label("Reference of the other job").input_value() == "NOSUCH"
    phone.get_by_text("was not taken. Change it and save it again").wait_for()
    # At its field, and in the summary that leads there; not in each box above besides.
    assert phone.locator("body").inner_text().lower().count("there is no incident nosuch") == 2
    phone.locator("#reopened").get_by_role("button", name="Discard this entry").click()
    until(phone, "document.getElementById('outbox-problems').children.length === 0")
    assert recorded(geopackage) == []


def test_two_outcomes_of_one_kept_page_are_two(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    """The page from the cache bears one form key; each opening of it is a form of its own."""
    server.stop()
    record(phone, server, job, "Could not get in")
    phone.wait_for_url(server.address + "/contractor/")
    record(phone, server, job, "Not found")
    phone.wait_for_url(server.address + "/contractor/")
    phone.get_by_text("2 outcomes wait").wait_for()
    server.start()
    send_now(phone)
    until(phone, SENT)
    assert [row.outcome for row in recorded(geopackage)] == ["no_access", "not_found"]


def test_an_incomplete_outcome_is_stopped_on_the_phone(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    server.stop()
    record(phone, server, job, "Cleared")
    message = phone.locator(".govuk-error-message:visible")
    message.wait_for()
    assert message.inner_text() == "Add a photo, or say why there is none"
    assert phone.url.endswith(job)


def test_signing_out_leaves_no_page_behind_and_loses_no_outcome(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    server.stop()
    record(phone, server, job)
    phone.wait_for_url(server.address + "/contractor/")
    phone.get_by_text("1 outcome waits").wait_for()
    phone.context.clear_cookies()
    server.start()
    send_now(phone)
    phone.get_by_text("1 outcome waits: sign in to send.").wait_for()
    phone.goto(server.address + "/sign-in")
    phone.get_by_label("User name").fill("crew")
    phone.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.get_by_role("button", name="Sign in").click()
    phone.wait_for_url(server.address + "/contractor/")
    until(phone, SENT)
    assert len(recorded(geopackage)) == 1
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_url(server.address + "/")
    until(phone, ONLY_OFFLINE_PAGE)


def test_signing_out_keeps_the_page_of_no_signal_and_what_waits(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    server.takes_nothing = True
    record(phone, server, job)
    phone.wait_for_url(server.address + "/contractor/")
    phone.get_by_text("1 outcome waits").wait_for()
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_url(server.address + "/")
    until(phone, ONLY_OFFLINE_PAGE)
    server.stop()
    phone.goto(f"{server.address}/contractor/jobs/{job}")
    phone.get_by_role("heading", name="No signal").wait_for()
    assert phone.locator("#outbox").inner_text() == ""  # nobody is signed in: it is nobody's to see
    server.start()
    server.takes_nothing = False
    phone.goto(server.address + "/sign-in?next=/contractor/")
    phone.get_by_label("User name").fill("crew")
    phone.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.get_by_role("button", name="Sign in").click()
    phone.wait_for_url(server.address + "/contractor/")
    until(phone, SENT)
    assert len(recorded(geopackage)) == 1


def test_what_waits_is_opened_changed_and_sent_once_with_its_photo(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    """The big photo is small already while it waits; the wrong number is mended without signal."""
    phone.goto(f"{server.address}/contractor/jobs/{job}")
    server.stop()
    phone.get_by_label("Cleared", exact=True).check()
    files = [{"name": "after.png", "mimeType": "image/png", "buffer": noise(2_000, 1_000)}]
    phone.get_by_label("Photo of the place now").set_input_files(files)  # type: ignore[arg-type]
    phone.get_by_label("Sacks").fill("2")
    phone.get_by_role("button", name="Save").click()
    phone.wait_for_url(server.address + "/contractor/")
    phone.get_by_text("1 outcome waits").wait_for()
    first_at = phone.evaluate("Outbox.all().then(([item]) => Outbox.field(item, 'occurred_at'))")
    phone.get_by_text("What waits on this phone").click()
    phone.get_by_role("link", name="Open and change").click()
    phone.get_by_role("button", name="Remove photo 1").wait_for()
    assert phone.get_by_label("Cleared", exact=True).is_checked()
    assert phone.get_by_label("Sacks").input_value() == "2"
    phone.get_by_label("Sacks").fill("3")
    phone.get_by_role("button", name="Save").click()
    phone.wait_for_url(server.address + "/contractor/")
    waiting = phone.evaluate("Outbox.all().then((items) => items.map((i) => i.files[0].blob.size))")
    assert len(waiting) == 1
    assert waiting[0] < len(files[0]["buffer"]) / 4
    server.start()
    send_now(phone)
    until(phone, SENT)
    [row] = recorded(geopackage)
    assert (row.sacks, row.replaces_id) == (3, None)
    assert row.device_at == datetime.fromisoformat(first_at)
    with geopackage.reading() as session:
        [photo] = session.scalars(select(Photo))
        assert (photo.width_px, photo.height_px) == (1_600, 800)


def noise(width_px: int, height_px: int) -> bytes:
    """A PNG that no way of packing makes small."""
    made = io.BytesIO()
    pixels = random.Random(5).randbytes(width_px * height_px * 3)
    Image.frombytes("RGB", (width_px, height_px), pixels).save(made, "PNG")
    return made.getvalue()


def test_what_waits_can_be_discarded(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    server.stop()
    record(phone, server, job)
    phone.wait_for_url(server.address + "/contractor/")
    phone.get_by_text("What waits on this phone").click()
    phone.get_by_role("button", name="Discard this entry").click()
    until(phone, SENT)
    server.start()
    send_now(phone)
    assert recorded(geopackage) == []


def test_another_account_on_the_phone_neither_sees_nor_sends_what_waits(
    phone: Page, server: Server, job: str, geopackage: Store
) -> None:
    with geopackage.writing() as session:
        users.add(session, "officer", hashed(PASSWORD), "officer", now=datetime.now(UTC))
    server.stop()
    record(phone, server, job)
    phone.wait_for_url(server.address + "/contractor/")
    phone.get_by_text("1 outcome waits").wait_for()
    phone.goto("about:blank")
    phone.context.clear_cookies()
    server.start()
    phone.wait_for_timeout(1_000)  # the worker asks at once, and gets a cookie of its own for it
    phone.goto(server.address + "/sign-in?next=/contractor/")
    phone.get_by_text("1 outcome waits on this phone. It is sent when the account").wait_for()
    assert job not in phone.locator("main").inner_text()
    phone.get_by_label("User name").fill("officer")
    phone.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.get_by_role("button", name="Sign in").click()
    phone.wait_for_url(server.address + "/contractor/")
    send_now(phone)
    phone.wait_for_timeout(1_000)
    assert phone.locator("#outbox").inner_text() == ""
    phone.get_by_text("1 outcome of another account waits on this phone.").wait_for()
    assert recorded(geopackage) == []
    assert phone.evaluate("Outbox.all().then((items) => items.length)") == 1
