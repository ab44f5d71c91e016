"""The pages in Chromium: they fit a telephone, pass axe, and need no script."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.web.browsing import (
    TELEPHONE,
    NewPage,
    assert_fits_and_passes_axe,
    assert_passes_at_each_size,
    complaints_of,
    open_all_details,
    sign_in,
)

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.browser
PUBLIC = (
    "/",
    "/sign-in",
    "/no-such-page",
    "/report",
    "/track",
    "/privacy",
    "/cookies",
    "/accessibility",
    "/security",
)
OFFICER = (
    "/officer/hotspots",
    "/officer/hotspots/H-0001",
    "/officer/hotspots/detection",
    "/officer/hotspots/runs/compare?first=1&second=4",
    "/officer/interventions/new",
    "/officer/interventions?kind=cctv",
    "/officer/effects/intervention/5",
    "/officer/hotspots/H-0001/record",
    "/officer/telephone",
    "/officer/moderation",
    "/officer/moderation/history",
    "/officer/imports",
    "/partner",
    "/partner?words=park",
    "/partner/report?place=22",
    "/officer/incidents",
    "/officer/performance",
    "/officer/partnership?version=exempt",
    "/officer/partnership/indicators/public-order",
    "/officer/partnership/tables",
    "/officer/committee?from=",
    "/officer/borough",
    "/officer/briefing",
    "/officer/good-news",
    "/you-said-we-did",
    "/officer/weeks",
    "/officer/more",
    "/contractor/",
    "/contractor/round",
    "/contractor/offline",
    "/patrols",
    "/patrols/new",
    "/posters",
    "/posters/new",
    "/posters/1",
)


def test_pages_fit_pass_axe_and_raise_no_complaint(site: str, new_page: NewPage) -> None:
    page = new_page()
    complaints = complaints_of(page)
    for path in PUBLIC + OFFICER:
        if path == OFFICER[0]:
            sign_in(page, site)
        page.goto(site + path)
        assert_passes_at_each_size(page)
        # Chromium logs the 404 that was asked for
        assert [c for c in complaints if "404" not in c] == [], path


def test_a_job_and_an_incidents_file_fit_and_pass_axe(site: str, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, site)
    for address, link in (("/contractor/", "a[data-keep]"), ("/officer/incidents", "tbody a")):
        page.goto(site + address, wait_until="networkidle")
        page.locator(link).first.click()
        page.wait_for_load_state("networkidle")
        open_all_details(page)
        assert_passes_at_each_size(page)


def test_the_maps_draw_their_wards_and_hotspots(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(site + "/", wait_until="networkidle")
    assert page.locator(".map path.leaflet-interactive").count() == 20
    sign_in(page, site)
    page.wait_for_load_state("networkidle")
    rows = page.locator("main table.board").first.locator("tbody tr").count()
    assert rows >= 5
    # each hotspot is an outline and a ring, filled in one colour
    assert page.locator('.map path[stroke="#7a1f1f"]').count() == 2 * rows


def test_everything_can_be_read_without_script(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site + "/")
    page.get_by_role("heading", level=1).wait_for()
    assert page.locator("main table").first.locator("tbody tr").count() == 20
    sign_in(page, site)
    page.get_by_text("Westgate car park").first.wait_for()


def test_a_shift_is_planned_and_a_visit_logged_on_a_telephone_without_script(
    site: str, new_page: NewPage
) -> None:
    page = new_page(TELEPHONE, java_script_enabled=False)
    sign_in(page, site)
    page.goto(site + "/patrols/new")
    last_night = datetime.now(LONDON) - timedelta(days=1)
    for name in ("Day", "Month", "Year"):
        page.get_by_label(name, exact=True).fill(str(getattr(last_night, name.lower())))
    page.get_by_label("Stops for each team, at most").fill("2")
    page.get_by_role("button", name="Plan the shift").click()
    page.get_by_role("link", name="Log the visit").first.click(timeout=120_000)
    page.get_by_role("button", name="Use my position").wait_for(state="hidden")
    page.get_by_label("Arrived at").fill("8.30pm")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Large cylinders, exact number").fill("2")
    page.get_by_role("button", name="Save the visit").click()
    page.get_by_text("The canisters are reported as").wait_for()
    page.get_by_text("2 large cylinders").wait_for()
    page.get_by_role("link", name="Log a visit elsewhere").click()
    page.get_by_label("Arrived at").fill("9.30pm")
    page.get_by_label("No", exact=True).check()
    page.get_by_label("Known place").select_option("Central Park")
    page.get_by_role("button", name="Save the visit").click()
    page.get_by_text("No canisters").wait_for()


def test_nothing_is_fetched_from_another_host(site: str, new_page: NewPage) -> None:
    page = new_page()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(site + "/", wait_until="networkidle")
    assert len(addresses) > 5
    assert [url for url in addresses if not url.startswith((site, "data:"))] == []


def test_the_check_of_pages_finds_what_it_looks_for(new_page: NewPage) -> None:
    page = new_page()
    page.set_content('<html lang="en"><title>Map</title><main><h1>Map</h1><img src=""></main>')
    with pytest.raises(AssertionError, match="image-alt"):  # WCAG 1.1.1: words for a picture
        assert_fits_and_passes_axe(page)
