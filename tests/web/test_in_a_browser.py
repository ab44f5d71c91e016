"""The pages in Chromium: they fit a telephone, pass axe, and need no script."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from geodata.engine import open_store
from tests.pictures import encoded, picture
from web.application import create_app
from web.config import Config
from web.services.demonstration import ensure_demo

pytestmark = pytest.mark.browser
PUBLIC = (
    *("/", "/sign-in", "/no-such-page", "/report", "/track"),
    *("/privacy", "/cookies", "/accessibility"),
)
OFFICER = (
    *("/officer/hotspots", "/officer/telephone", "/officer/moderation"),
    *("/officer/moderation/history", "/partner", "/partner?words=park", "/partner/report?place=22"),
    *("/officer/incidents", "/officer/performance"),
    *("/contractor/", "/contractor/round", "/contractor/offline"),
)
QUESTIONS = ("place", "choose?words=park", "spot", "what", "hazards", "when", "photos", "more")
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


def sign_in(page: Page, site: str) -> None:
    page.goto(site + "/sign-in")
    page.get_by_label("User name").fill("officer")
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


@pytest.mark.parametrize("size", SIZES, ids=["telephone", "desk"])
def test_a_job_and_an_incidents_file_fit_and_pass_axe(
    site: str, browser: Browser, size: tuple[int, int]
) -> None:
    page = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    sign_in(page, site)
    for address, link in (("/contractor/", "a[data-keep]"), ("/officer/incidents", "tbody a")):
        page.goto(site + address, wait_until="networkidle")
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
        for closed in page.locator("main details:not([open]) summary").all():
            closed.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], page.url
        violations = Axe().run(page).response["violations"]
        assert [v["id"] for v in violations] == [], page.url
    page.context.close()


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


def start_report(page: Page, site: str) -> str:
    """The address of a new draft, without the question."""
    page.goto(site + "/report")
    page.get_by_role("button", name="Start now").click()
    page.wait_for_url("**/place")
    return page.url.removesuffix("/place")


def answer_all(page: Page, words: str) -> None:
    """Every question by its label, as somebody with a telephone in hand."""
    page.get_by_label("Postcode, street, place or landmark").fill(words)
    page.get_by_role("button", name="Find it").click()
    page.get_by_label("What will help the crew").fill("Bay 114")
    page.get_by_role("button", name="This is the place").click()
    if page.url.endswith("/nearby"):
        page.get_by_label("None of these").check()
        page.get_by_role("button", name="Continue").click()
    page.get_by_label("11 to 50").check()
    page.get_by_label("How many large cylinders").fill("3")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Broken glass").check()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Just now").check()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.set_input_files(
        "#photos", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": encoded(picture())}
    )
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()


def complaints_of_axe(page: Page) -> list[str]:
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("size", SIZES, ids=["telephone", "desk"])
def test_every_question_fits_and_passes_axe(
    site: str, browser: Browser, size: tuple[int, int]
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    draft = start_report(page, site)
    answer_all(page, "TQ 5391 7415" if size == SIZES[0] else "TQ 5591 7415")
    for question in (*QUESTIONS, "check"):
        page.goto(f"{draft}/{question}", wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], question
        assert complaints_of_axe(page) == [], question
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_url("**/receipt")
    for link in ("follow your report", None):
        if link:
            page.get_by_role("link", name=link).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert complaints_of_axe(page) == []
    context.close()


def test_a_report_needs_no_script(site: str, browser: Browser) -> None:
    page = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}
    ).new_page()
    draft = start_report(page, site)
    page.get_by_role("button", name="Find it").click()
    assert page.get_by_text("There is a problem").is_visible()
    answer_all(page, "TQ 5491 7315")
    assert page.url == f"{draft}/check"
    assert page.get_by_text("Bay 114").is_visible()
    page.go_back()
    page.go_back()
    page.go_forward()
    page.go_forward()
    page.get_by_role("button", name="Send the report").click()
    assert page.get_by_text("Report sent").is_visible()
    reference = page.locator(".govuk-panel strong").inner_text()
    assert page.get_by_text("by the end of").is_visible()
    page.go_back()  # to the check: the receipt again, and no second report
    page.goto(f"{draft}/check")
    assert page.locator(".govuk-panel strong").inner_text() == reference


def test_a_device_s_position_and_a_tap_on_the_map_set_the_place(
    site: str, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        geolocation={"latitude": 51.4456, "longitude": 0.2137, "accuracy": 12},
        permissions=["geolocation"],
    )
    page = context.new_page()
    start_report(page, site)
    page.get_by_role("button", name="Use where I am now").click()
    page.wait_for_url("**/spot")
    page.wait_for_load_state("networkidle")
    assert page.get_by_text("Westgate car park").first.is_visible()
    before = page.get_by_text("good to 12 metres").inner_text()
    page.locator("#map_main").click(position={"x": 60, "y": 200})
    page.get_by_role("button", name="This is the place").click()
    page.goto(page.url.rsplit("/", 1)[0] + "/spot")
    assert page.get_by_text("good to 10 metres").inner_text() != before
    context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def test_a_report_can_be_made_by_keyboard_alone(site: str, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(site + "/report")
    tab_to(page, "button.govuk-button--start")
    page.keyboard.press("Enter")
    page.wait_for_url("**/place")
    tab_to(page, "#words")
    page.keyboard.type("TQ 5291 7315")
    page.keyboard.press("Enter")
    page.wait_for_url("**/spot")
    tab_to(page, "#submit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/what")
    tab_to(page, "#charger_band")
    page.keyboard.press("Space")
    tab_to(page, "#submit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hazards")
    tab_to(page, "#from_vehicle")
    page.keyboard.press("Space")
    tab_to(page, "#submit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/when")
    for radio in ("#seen", "#clean"):
        tab_to(page, radio)
        page.keyboard.press("Space")
    tab_to(page, "#submit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/photos")
    tab_to(page, "button[name=go_on]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/more")
    tab_to(page, "#submit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check")
    tab_to(page, "#send button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt")
    assert page.get_by_text("Report sent").is_visible()
