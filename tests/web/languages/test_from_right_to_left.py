"""A report in a language from right to left, on a telephone in Chromium."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from geodata.store.engine import Store
from tests.web.browsing import TELEPHONE, NewPage, assert_fits_and_passes_axe
from tests.web.languages.pseudo import pseudo_language
from tests.web.reporting import INSIDE

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("HOTSPOTS_TEST_PICTURES")
"""A folder that a person looks into."""


@pytest.fixture
def store(geopackage: Store) -> Store:
    """Of one kind: what is drawn asks no store."""
    return geopackage


@pytest.fixture
def site_of_the_council(app: Flask, council: Store) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with pseudo_language(council):
        yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_report_from_right_to_left_fits_a_telephone_and_passes_axe(
    site_of_the_council: str, new_page: NewPage
) -> None:
    page = new_page(TELEPHONE)

    def look(name: str) -> None:
        assert_fits_and_passes_axe(page)
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)

    page.goto(f"{site_of_the_council}/report?lang=ar")
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    look("start")
    page.get_by_role("button", name="Start now").click()
    page.get_by_role("button", name="Use where I am now").click()  # scripts speak too
    page.get_by_text("⟦").first.wait_for()
    page.get_by_role("textbox").first.fill(INSIDE)
    look("place")
    page.get_by_role("button", name="Find it").click()
    page.get_by_role("button", name="This is the place").click()
    page.get_by_role("button", name="Continue").click()
    look("what")  # with what is wrong
