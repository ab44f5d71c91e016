"""What every test in a browser needs: the demo served, and somebody who signs in."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Page
from werkzeug.serving import make_server

from geodata.store.engine import open_store
from web.application import create_app
from web.commands.running.demo import demo
from web.config import Config
from web.server.ticks import Ticker
from web.services.admin.demonstration import ensure_demo

DEMO_NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
Size = tuple[int, int]
NewPage = Callable[..., Page]
"""Takes a size and options of a browser's context."""
TELEPHONE: Size = (390, 844)
DESK: Size = (1280, 900)
AXE = Axe().axe_script
# All rules run; what passed is neither described nor sent here, which takes as long as the rules.
VIOLATIONS = """() => axe.run({resultTypes: ["violations"]})
    .then((found) => found.violations.map((each) => each.id))"""
# In the first frame scripts hear of the size, in the second what they changed is drawn.
LAID_OUT = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done())))"""
at_each_size = pytest.mark.parametrize("size", [TELEPHONE, DESK], ids=["telephone", "desk"])


def build_demo(folder: Path, now: datetime) -> None:
    """The demo in a new file ``demo.gpkg``."""
    store = open_store(f"sqlite:///{folder / 'demo.gpkg'}", create=True)
    with store.writing() as session:
        ensure_demo(session, now=now)
    store.close()


def build_demo_by_command(folder: Path) -> None:
    """The demo of today with the ground of its maps, and what ``hotspots demo`` said of it."""
    address = f"sqlite:///{folder / 'demo.gpkg'}"
    runner = CliRunner(env={"HOTSPOTS_DATABASE_URL": address})
    made = runner.invoke(demo, ["--no-serve"], catch_exceptions=False)
    assert made.exit_code == 0, made.output
    (folder / "said.txt").write_text(made.output, encoding="utf-8")


@contextmanager
def served(path: Path) -> Iterator[str]:
    """The site of a demo's file; its address."""
    store = open_store(f"sqlite:///{path}")
    app = create_app(Config(insecure_cookies=True), store=store)
    ticker = Ticker(store, app.config["HOTSPOTS"], drafts_alone=True)
    app.extensions["ticker"] = ticker
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    ticker.start()
    yield f"http://127.0.0.1:{server.port}"
    ticker.stop()
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


def settle(page: Page) -> None:
    """Wait until all is there: a map asks for its layers once the page is loaded."""
    has_map = page.locator(".map").count() > 0
    page.wait_for_load_state("networkidle" if has_map else "load")


def assert_fits_and_passes_axe(page: Page) -> None:
    """Nothing scrolls sideways, and axe finds nothing against WCAG."""
    settle(page)
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
    if page.evaluate("window.axe === undefined"):
        page.evaluate(AXE)
    violations = page.evaluate(VIOLATIONS)
    assert violations == [], f"{page.url}: {violations}"


def assert_passes_at_each_size(page: Page) -> None:
    """The same at a desk and on a telephone: one page, laid out twice, since loading it is dear."""
    for width, height in (DESK, TELEPHONE):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(LAID_OUT)
        assert_fits_and_passes_axe(page)


def complaints_of(page: Page) -> list[str]:
    """What the browser complains of from now on: errors of scripts, and refusals to load."""
    heard: list[str] = []
    page.on("console", lambda m: heard.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def open_all_details(page: Page) -> None:
    page.evaluate("document.querySelectorAll('main details').forEach((d) => (d.open = true))")
