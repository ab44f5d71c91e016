"""A report on a telephone that loses its signal half way, in Chromium."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

from geodata.store.engine import Store
from tests.web.browsing import TELEPHONE, NewPage, assert_fits_and_passes_axe
from tests.web.reporting import INSIDE

pytestmark = pytest.mark.browser
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('report '))"


@pytest.fixture
def store(geopackage: Store) -> Store:
    """Of one kind: what a telephone keeps asks no store."""
    return geopackage


@pytest.fixture
def address(app: Flask, council: Store) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_is_entered_outlasts_a_lost_signal_and_is_gone_with_the_receipt(
    address: str, new_page: NewPage
) -> None:
    page = new_page(TELEPHONE)
    page.goto(f"{address}/report")
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("Postcode").fill(INSIDE)
    page.get_by_role("button", name="Find it").click()
    page.get_by_role("button", name="This is the place").click()
    page.get_by_label("11 to 50").check()

    page.context.set_offline(True)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("No signal. What you entered is kept").wait_for()
    assert page.evaluate(KEPT) == [f"report {page.url.removeprefix(address)}"]
    page.context.set_offline(False)
    page.get_by_role("heading", name="What else is there?").wait_for()  # it went on by itself
    assert page.evaluate(KEPT) == []

    page.get_by_label("Needles").check()
    page.reload()  # as a telephone does that was short of memory
    page.get_by_text("What you had entered here is back").wait_for()
    assert page.get_by_label("Needles").is_checked()
    assert_fits_and_passes_axe(page)

    page.get_by_label("I do not know").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Just now").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your email address").fill("jo@example.org")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send the report").click()
    page.get_by_role("heading", name="Report sent").wait_for()
    assert page.evaluate(KEPT) == []
    assert "jo@example.org" not in page.evaluate("JSON.stringify(localStorage)")
