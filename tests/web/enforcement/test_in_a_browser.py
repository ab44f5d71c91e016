"""Enforcement in Chromium: an officer in the street, and the pages of the desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.web.browsing import SIZES, sign_in

pytestmark = pytest.mark.browser
ENFORCEMENT = (
    *("/enforcement/", "/enforcement/record", "/enforcement/notices", "/enforcement/deadlines"),
    *("/enforcement/orders", "/enforcement/orders/1", "/enforcement/orders/2/version"),
    *("/enforcement/in-force?place=Westgate+car+park&day=2026-06-13", "/enforcement/orders/new"),
    *("/enforcement/evidence?order=2", "/enforcement/issuers", "/enforcement/issuers/1"),
)
ADMIN = ("/admin/rules", "/admin/rules/litter_penalty", "/admin/rules/council_amount/add")


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
    page.get_by_text("Westgate car park, TQ 539").wait_for()
    page.get_by_label("Litter penalty notice").check()
    if has_script:
        assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    page.get_by_role("button", name="Record it").click()
    page.wait_for_url("**/enforcement/notices/*")
    page.get_by_text("Last day to pay").wait_for()
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
    page.get_by_text("2017 was not in force on 2020-06-13: it ended on 2019-12-31").wait_for()
    assert page.get_by_label("Penalty notice for breach of an order").count() == 0
    page.get_by_label("Litter penalty notice").wait_for()


def test_an_area_is_drawn_by_clicks_on_the_map(site: str, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    sign_in(page, site)
    page.goto(site + "/enforcement/evidence", wait_until="networkidle")
    for x, y in ((300, 200), (400, 200), (400, 300)):
        page.locator("#map_main").click(position={"x": x, "y": y})
    corners = page.get_by_label("Or its corners, in order").input_value().splitlines()
    assert len(corners) == 3
    page.get_by_role("button", name="Gather the evidence").click()
    page.get_by_text("Dumps by year").wait_for()
