"""The pages in Chromium: they fit a telephone, pass axe, and need no script."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from geodata.engine import open_store
from web.application import create_app
from web.config import Config
from web.services.demonstration import ensure_demo

pytestmark = pytest.mark.browser
PUBLIC = ("/", "/sign-in", "/no-such-page")
OFFICER = (
    *("/officer/hotspots", "/officer/hotspots/H-0001", "/officer/hotspots/detection"),
    *("/officer/hotspots/runs/compare?first=1&second=4", "/officer/interventions/new"),
    *("/officer/interventions?kind=cctv", "/officer/effects/intervention/5"),
    "/officer/hotspots/H-0001/record",
)
ENFORCEMENT = (
    *("/enforcement/", "/enforcement/record", "/enforcement/notices", "/enforcement/deadlines"),
    *("/enforcement/orders", "/enforcement/orders/1", "/enforcement/orders/2/version"),
    *("/enforcement/in-force?place=Westgate+car+park&day=2026-06-13", "/enforcement/orders/new"),
    *("/enforcement/evidence?order=2", "/enforcement/issuers", "/enforcement/issuers/1"),
)
ADMIN = ("/admin/rules", "/admin/rules/litter_penalty", "/admin/rules/council_amount/add")
SIZES = ((390, 844), (1280, 900))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, served."""
    path = tmp_path_factory.mktemp("demo") / "demo.gpkg"
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


def sign_in(page: Page, site: str, name: str = "officer") -> None:
    page.goto(site + "/sign-in")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill("synthetic-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/officer/hotspots")


@pytest.mark.parametrize("size", SIZES, ids=["telephone", "desk"])
def test_pages_fit_pass_axe_and_raise_no_complaint(
    site: str, browser: Browser, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PUBLIC + OFFICER:
        if path == OFFICER[0]:
            sign_in(page, site)
        page.goto(site + path, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        violations = Axe().run(page).response["violations"]
        assert [v["id"] for v in violations] == [], path
        if path == "/no-such-page":  # Chromium logs the 404 that was asked for
            complaints = [c for c in complaints if "404" not in c]
        assert complaints == [], path
    context.close()


def test_the_maps_draw_their_wards_and_hotspots(site: str, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(site + "/", wait_until="networkidle")
    assert page.locator(".map path.leaflet-interactive").count() == 20
    sign_in(page, site)
    page.wait_for_load_state("networkidle")
    rows = page.locator("main table tbody tr").count()
    assert rows >= 5
    # each hotspot is an outline and a ring, filled in one colour
    assert page.locator('.map path[stroke="#7a1f1f"]').count() == 2 * rows


def test_everything_can_be_read_without_script(site: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site + "/")
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator("main table").first.locator("tbody tr").count() == 20
    sign_in(page, site)
    assert page.get_by_text("Westgate car park").first.is_visible()


def test_nothing_is_fetched_from_another_host(site: str, browser: Browser) -> None:
    page = browser.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + "/", wait_until="networkidle")
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith((site, "data:"))] == []


@pytest.mark.parametrize("size", SIZES, ids=["telephone", "desk"])
@pytest.mark.parametrize(("name", "paths"), [("officer", ENFORCEMENT), ("admin", ADMIN)])
def test_pages_of_enforcement_and_rules_fit_and_pass_axe(
    site: str, browser: Browser, size: tuple[int, int], name: str, paths: tuple[str, ...]
) -> None:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, site, name)
    for path in paths:
        page.goto(site + path, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        assert [v["id"] for v in Axe().run(page).response["violations"]] == [], path
        assert complaints == [], path


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_an_officer_in_the_street_records_a_notice(
    site: str, browser: Browser, has_script: bool
) -> None:
    """At Westgate car park, by the device's position or, without script, by its name."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        java_script_enabled=has_script,
        geolocation={"latitude": 51.4456, "longitude": 0.2137, "accuracy": 12},
        permissions=["geolocation"],
    )
    page = context.new_page()
    sign_in(page, site)
    page.goto(site + "/enforcement/record")
    if has_script:
        page.get_by_role("button", name="Use my position").click()
        page.get_by_text("Your position is taken, to 12 metres.").wait_for()
    else:
        page.get_by_label("Known place").select_option("Westgate car park")
    page.get_by_label("18 or over").check()
    page.get_by_role("button", name="See what is lawful here").click()
    assert page.get_by_text("Westgate car park, TQ 539").is_visible()
    page.get_by_label("Litter penalty notice").check()
    if has_script:
        assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    page.get_by_role("button", name="Record it").click()
    page.wait_for_url("**/enforcement/notices/*")
    assert page.get_by_text("Last day to pay").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_officer_is_stopped_kindly_from_a_notice_under_an_expired_order(
    site: str, browser: Browser
) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    sign_in(page, site)
    page.goto(site + "/enforcement/record")
    page.get_by_label("Known place").select_option("Westgate car park")
    page.get_by_label("18 or over").check()
    page.get_by_label("Day of the act").fill("2020-06-13")
    page.get_by_label("Time of the act").fill("23:40")
    page.get_by_label("Date on the notice").fill("2020-06-13")
    page.get_by_role("button", name="See what is lawful here").click()
    assert page.get_by_text(
        "2017 was not in force on 2020-06-13: it ended on 2019-12-31"
    ).is_visible()
    assert page.get_by_label("Penalty notice for breach of an order").count() == 0
    assert page.get_by_label("Litter penalty notice").is_visible()


def test_an_area_is_drawn_by_clicks_on_the_map(site: str, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, site)
    page.goto(site + "/enforcement/evidence", wait_until="networkidle")
    for x, y in ((300, 200), (400, 200), (400, 300)):
        page.locator("#map_main").click(position={"x": x, "y": y})
    corners = page.get_by_label("Or its corners, in order").input_value().splitlines()
    assert len(corners) == 3
    page.get_by_role("button", name="Gather the evidence").click()
    assert page.get_by_text("Dumps by year").is_visible()
