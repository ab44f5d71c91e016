"""Poster campaigns in Chromium: sites chosen on a map, posters logged by telephone, no script."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.pictures import encoded, picture
from tests.web.browsing import (
    TELEPHONE,
    NewPage,
    assert_passes_at_each_size,
    complaints_of,
    open_all_details,
    sign_in,
)

pytestmark = pytest.mark.browser
SOON = (datetime.now(UTC) + timedelta(days=10)).date().isoformat()
ASKED = f"valid_from={SOON}&budget=4&view_m=50&kinds=own&kinds=park&languages=pl&strike=s8"
PAGES = (
    "/posters",
    "/posters/new",
    f"/posters/proposal?name=Axe&{ASKED}",
    "/posters/1",
    "/posters/candidates",
    "/posters/candidates/new",
    "/posters/1/sites/new",
    "/posters/1/edit",
    "/posters/1/wording",
    "/posters/wording/2",
    "/posters/sites/P02",
    "/posters/sites/P02/edit",
    "/posters/sites/P02/retire",
    "/posters/proposal?name=",
)


def test_poster_pages_fit_pass_axe_and_raise_no_complaint(site: str, new_page: NewPage) -> None:
    page = new_page()
    complaints = complaints_of(page)
    sign_in(page, site)
    for path in PAGES:
        page.goto(site + path)
        open_all_details(page)
        assert_passes_at_each_size(page)
        # Chromium logs the 400 of the form that was left empty
        assert [c for c in complaints if "400" not in c] == [], path


def test_a_place_is_tapped_on_the_map_and_kept_in_the_campaign_that_is_started(
    site: str, new_page: NewPage
) -> None:
    page = new_page()
    sign_in(page, site)
    name = f"Tapped {time.monotonic_ns() % 10_000}"  # a second try finds the first one's campaign
    page.goto(f"{site}/posters/proposal?name={name}&{ASKED}", wait_until="networkidle")
    page.get_by_role("link", name="Add a place on the map").click()
    page.wait_for_load_state("networkidle")
    page.get_by_label("What the installer finds it by").fill("Tapped railing")
    page.locator(".map .leaflet-container").click()
    assert page.get_by_label("Where", exact=True).input_value().startswith("51.4")
    page.get_by_role("button", name="Save the site").click()
    page.wait_for_url("**/posters/proposal?**")
    page.wait_for_load_state("networkidle")
    page.get_by_role("rowheader", name="1. Tapped railing").wait_for()
    # four proposed sites, each a ring and its ground
    assert page.locator('.map path[stroke="#1d70b8"]').count() == 4
    assert page.locator('.map path[fill="#00703c"]').count() == 4
    page.get_by_label("Not here: Tapped railing").check()
    page.get_by_role("button", name="Propose again with these").click()
    page.get_by_label("Tapped railing: not here").uncheck()
    page.get_by_role("button", name="Start the campaign with these 4 sites").click()
    page.get_by_role("heading", name=name, exact=True).wait_for()
    assert page.get_by_role("link", name="Tapped railing").count() == 0
    campaign = page.url
    page.get_by_role("link", name="Wording and languages").click()
    page.get_by_label("Whoever answers for the council's words").check()
    page.get_by_role("button", name="Confirm the English wording").click()
    page.get_by_text("confirmed on").first.wait_for()
    page.goto(campaign)
    with page.expect_download() as download:
        page.get_by_role("button", name="Posters (PDF)").click()
    assert download.value.suggested_filename.endswith("-A4.pdf")


def test_an_installer_logs_a_poster_with_a_photo_on_a_telephone_without_script(
    site: str, new_page: NewPage
) -> None:
    page = new_page(TELEPHONE, java_script_enabled=False)
    sign_in(page, site)
    page.goto(site + "/posters")
    page.get_by_role("link", name="Know the law on N2O").click()
    # a second try finds the first one's poster up
    waiting = page.get_by_role("row").filter(has=page.get_by_text("To be put up")).first
    site_name = waiting.get_by_role("link").inner_text()
    page.get_by_role("link", name=site_name).click()
    assert page.get_by_label("Put up, or replaced").is_checked()
    page.set_input_files(
        "#photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": encoded(picture())}
    )
    page.get_by_label("Note").fill("facing the path")
    page.get_by_role("button", name="Save").click()
    code = site_name.split(":")[0]
    page.get_by_text(f"{code}: put up, or replaced by a new one. It is in the log.").wait_for()
    page.get_by_role("link", name=site_name).click()
    page.get_by_text("facing the path").wait_for()
    assert page.get_by_alt_text("Photo of the poster").count() == 1
    page.get_by_role("link", name="Rename or move it").click()
    page.get_by_label("Where", exact=True).fill("TQ 5198 7310")
    page.get_by_role("button", name="Save the site").click()
    page.get_by_text("TQ 5198 7310").first.wait_for()


def test_a_telephone_s_position_fills_in_where(site: str, new_page: NewPage) -> None:
    page = new_page(
        TELEPHONE,
        geolocation={"latitude": 51.4456, "longitude": 0.2137, "accuracy": 8},
        permissions=["geolocation"],
    )
    sign_in(page, site)
    page.goto(site + "/posters/1/sites/new")
    page.get_by_role("button", name="Use my position").click()
    page.get_by_text("Your position is taken, to 8 metres").wait_for()
    assert page.get_by_label("Where", exact=True).input_value() == "51.44560, 0.21370"
