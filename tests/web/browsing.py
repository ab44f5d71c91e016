"""What every test in a browser needs: the demo served, and somebody who signs in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page
from werkzeug.serving import make_server

from geodata.engine import open_store
from web.application import create_app
from web.config import Config
from web.services.demonstration import ensure_demo

SIZES = ((390, 844), (1280, 900))


@contextmanager
def served_demo(path: Path) -> Iterator[str]:
    """The demo in a new file; its address."""
    store = open_store(f"sqlite:///{path}", create=True)
    with store.writing() as session:
        ensure_demo(session, now=datetime.now(UTC))
    server = make_server(
        "127.0.0.1", 0, create_app(Config(insecure_cookies=True), store=store), threaded=True
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    store.close()


def sign_in(page: Page, site: str, name: str = "officer") -> None:
    page.goto(site + "/sign-in")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill("synthetic-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/officer/hotspots")
