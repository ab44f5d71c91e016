"""Enforcement in Chromium: an officer in the street, and the pages of the desk."""

import pytest

from tests.web.browsing import (
    TELEPHONE,
    NewPage,
    assert_fits_and_passes_axe,
    assert_passes_at_each_size,
    complaints_of,
    sign_in,
)

pytestmark = pytest.mark.browser
ENFORCEMENT = (
    "/enforcement/",
    "/enforcement/record",
    "/enforcement/notices",
    "/enforcement/deadlines",
    "/enforcement/orders",
    "/enforcement/orders/1",
    "/enforcement/orders/2/version",
    "/enforcement/in-force?place=Westgate+car+park&day=2026-06-13",
    "/enforcement/orders/new",
    "/enforcement/evidence?order=2",
    "/enforcement/issuers",
    "/enforcement/issuers/1",
)
ADMIN = ("/admin/rules", "/admin/rules/litter_penalty", "/admin/rules/council_amount/add")


@pytest.mark.parametrize(("name", "paths"), [("officer", ENFORCEMENT), ("admin", ADMIN)])
def test_pages_of_enforcement_and_rules_fit_and_pass_axe(
    site: str, new_page: NewPage, name: str, paths: tuple[str, ...]
) -> None:
    page = new_page()
    complaints = complaints_of(page)
    sign_in(page, site, name)
    for path in paths:
        page.goto(site + path)
        assert_passes_at_each_size(page)
        assert complaints == [], path


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_an_officer_in_the_street_records_a_notice(
    site: str, new_page: NewPage, has_script: bool
) -> None:
    """Where the device is or, without script, at a place by its name."""
    place = "Westgate car park" if has_script else "Central Park"
    page = new_page(
        TELEPHONE,
        java_script_enabled=has_script,
        geolocation={"latitude": 51.4456, "longitude": 0.2137, "accuracy": 12},
        permissions=["geolocation"],
    )
    sign_in(page, site)
    page.goto(site + "/enforcement/record")
    if has_script:
        page.get_by_role("button", name="Use my position").click()
        page.get_by_text("Your position is taken, to 12 metres.").wait_for()
    else:
        page.get_by_label("Known place").select_option(place)
    page.get_by_label("18 or over").check()
    page.get_by_role("button", name="See what is lawful here").click()
    page.get_by_text(f"{place}, TQ 5").wait_for()
    page.get_by_label("Litter penalty notice").check()
    if has_script:
        assert_fits_and_passes_axe(page)
    page.get_by_role("button", name="Record it").click()
    page.wait_for_url("**/enforcement/notices/*")
    page.get_by_text("Last day to pay").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_officer_is_stopped_kindly_from_a_notice_under_an_expired_order(
    site: str, new_page: NewPage
) -> None:
    page = new_page(TELEPHONE)
    sign_in(page, site)
    page.goto(site + "/enforcement/record")
    page.get_by_label("Known place").select_option("Westgate car park")
    page.get_by_label("18 or over").check()
    page.get_by_label("Day of the act").fill("2020-06-13")
    page.get_by_label("Time of the act").fill("23:40")
    page.get_by_label("Date on the notice").fill("2020-06-13")
    page.get_by_role("button", name="See what is lawful here").click()
    page.get_by_text(
        "2017 was not in force on 13 June 2020: it ended on 31 December 2019"
    ).wait_for()
    assert page.get_by_label("Penalty notice for breach of an order").count() == 0
    page.get_by_label("Litter penalty notice").wait_for()


def test_an_area_is_drawn_by_clicks_on_the_map(site: str, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, site)
    page.goto(site + "/enforcement/evidence", wait_until="networkidle")
    for x, y in ((300, 200), (400, 200), (400, 300)):
        page.locator("#map_main").click(position={"x": x, "y": y})
    corners = page.get_by_label("Or its corners, in order").input_value().splitlines()
    assert len(corners) == 3
    page.get_by_role("button", name="Gather the evidence").click()
    page.get_by_text("Incidents by year").wait_for()
