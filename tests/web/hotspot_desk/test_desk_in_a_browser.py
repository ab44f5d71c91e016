"""The officers' desk in Chromium, on a telephone and at a desk, with script and without."""

import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.pictures import encoded, exif_at, picture
from tests.web.browsing import (
    DESK,
    TELEPHONE,
    NewPage,
    Size,
    assert_fits_and_passes_axe,
    at_each_size,
    complaints_of,
    sign_in,
)

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.browser
PLAN_MS = 120_000
MINUTE_S = 60


@at_each_size
def test_what_tonights_patrol_should_do_is_answered_within_a_minute(
    site: str, new_page: NewPage, size: Size
) -> None:
    page = new_page(size)
    began = time.monotonic()
    sign_in(page, site)
    page.get_by_role("button", name=re.compile("Plan (tonight's patrol|it anew)")).click()
    page.get_by_role("heading", name="Patrol of").wait_for(timeout=PLAN_MS)
    expect(page.get_by_role("heading", level=3).first).to_contain_text("1.1")
    assert time.monotonic() - began < MINUTE_S
    expect(page.locator("main")).to_contain_text("from Civic Centre")
    assert_fits_and_passes_axe(page)
    page.goto(site + "/officer/hotspots")
    page.get_by_role("link", name="Open tonight's plan").click()
    page.wait_for_url("**/patrols/*")


def test_a_visit_with_photos_and_a_poster_is_logged_without_script(
    site: str, new_page: NewPage, tmp_path: Path
) -> None:
    shot = tmp_path / "shot.jpg"
    shot.write_bytes(encoded(picture(size=(640, 480)), exif=exif_at()))
    page = new_page(TELEPHONE, java_script_enabled=False)
    sign_in(page, site)
    page.goto(site + "/patrols/new")
    last_night = datetime.now(LONDON) - timedelta(days=1)
    for name in ("Day", "Month", "Year"):
        page.get_by_label(name, exact=True).fill(str(getattr(last_night, name.lower())))
    page.get_by_label("Starts at").fill("20:00")
    page.get_by_label("Ends at").fill("23:30")
    page.get_by_role("textbox", name="Places to include").fill("H-0001")
    page.get_by_role("button", name="Plan the shift").click()
    stop = page.get_by_role("listitem").filter(has_text="asked for").first
    stop.get_by_role("link", name="Log the visit").click(timeout=PLAN_MS)
    page.get_by_label("Arrived at").fill("late")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Photos", exact=True).set_input_files(shot)
    page.get_by_label("Damaged").first.check()
    page.get_by_role("button", name="Save the visit").click()
    page.get_by_role("alert").get_by_text("Enter a time").wait_for()
    expect(page.get_by_alt_text("Photo 1 of this visit")).to_be_visible()
    expect(page.get_by_label("Damaged").first).to_be_checked()
    page.get_by_label("Arrived at").fill("8.30pm")
    page.get_by_role("button", name="Save the visit").click()
    page.get_by_text("is saved.").wait_for()
    expect(page.get_by_alt_text(re.compile("Photo 1 of the visit"))).to_be_visible()
    page.goto(site + "/officer/hotspots/H-0001")
    expect(page.get_by_alt_text(re.compile("Seen by a patrol"))).to_be_visible()


@at_each_size
def test_taps_on_the_map_add_places_to_include_and_to_avoid(
    site: str, new_page: NewPage, size: Size
) -> None:
    page = new_page(size)
    sign_in(page, site)
    page.goto(site + "/patrols/new", wait_until="networkidle")
    assert_fits_and_passes_axe(page)
    box = page.get_by_role("region", name=re.compile("Map: a tap on this map adds"))
    middle = {"x": box.bounding_box()["width"] / 2, "y": 180}
    box.click(position=middle)
    page.get_by_role("radio", name="Places to avoid").check()
    box.click(position=middle | {"y": 150})
    pair = re.compile(r"^51\.\d{5}, 0\.\d{5}$")
    expect(page.get_by_role("textbox", name="Places to include")).to_have_value(pair)
    expect(page.get_by_role("textbox", name="Places to avoid")).to_have_value(pair)
    page.get_by_role("button", name="Plan the shift").click()
    page.get_by_role("heading", name="Patrol of").wait_for(timeout=PLAN_MS)
    expect(page.locator("main")).to_contain_text("To be included: 51.")
    expect(page.locator("main")).to_contain_text("To be kept away from: 51.")


def test_the_boards_rows_are_labelled_cards_on_a_telephone(site: str, new_page: NewPage) -> None:
    page = new_page(TELEPHONE)
    sign_in(page, site)
    region = page.get_by_role("region", name="Hotspots", exact=True)
    assert region.evaluate("e => e.scrollWidth <= e.clientWidth")
    card = region.get_by_role("row").nth(1)
    heads = [head.strip() for head in region.get_by_role("columnheader").all_text_contents()]
    labels = [text.strip() for text in card.locator(".cards__label").all_text_contents()]
    assert labels == [head for head in heads if not head.startswith("Place")]
    widths = [label.bounding_box()["width"] for label in card.locator(".cards__label").all()]
    assert min(widths) > 40  # they are seen
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(card.locator(".cards__label").first).to_be_hidden()


@pytest.mark.parametrize("query", ["", "?against=1"], ids=["alone", "compared"])
def test_the_whole_board_is_seen_at_once_on_a_desk(
    site: str, new_page: NewPage, query: str
) -> None:
    page = new_page()
    sign_in(page, site)
    page.goto(f"{site}/officer/hotspots{query}")
    region = page.get_by_role("region", name="Hotspots", exact=True)
    expect(region.get_by_role("columnheader").last).to_have_text("Open jobs")
    assert region.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert_fits_and_passes_axe(page)


@at_each_size
def test_a_hotspots_map_draws_its_outlines_and_its_tables_open(
    site: str, new_page: NewPage, size: Size
) -> None:
    page = new_page(size)
    complaints = complaints_of(page)
    sign_in(page, site)
    page.goto(site + "/officer/hotspots/H-0001", wait_until="networkidle")
    runs = page.get_by_role("region", name="Runs that flagged it").locator("tbody tr").count()
    assert page.locator('.map path[stroke="#7a1f1f"]').count() == runs
    page.get_by_text("What is on the map, as tables").click()
    expect(page.get_by_role("region", name="Incidents within 250 metres")).to_be_visible()
    assert_fits_and_passes_axe(page)
    page.goto(site + "/officer/hotspots/H-0001/photos")
    assert_fits_and_passes_axe(page)
    assert complaints == []


def test_a_plans_map_opens_on_its_stops_and_is_whole_on_paper(site: str, new_page: NewPage) -> None:
    page = new_page(DESK)
    sign_in(page, site)
    page.goto(f"{site}/patrols")
    page.locator("main table a[href^='/patrols/']").last.click()
    page.locator(".map path.leaflet-interactive").nth(1).wait_for()
    frame, marks = page.locator(".map").bounding_box(), page.locator(".map path").all()
    assert frame is not None
    boxes = [box for mark in marks if (box := mark.bounding_box())]
    assert all(frame["x"] <= box["x"] <= frame["x"] + frame["width"] for box in boxes)
    assert all(frame["y"] <= box["y"] <= frame["y"] + frame["height"] for box in boxes)
    # They fill it one way or the other, but for its margin, or are as near as a map shows them.
    wide = max(box["x"] for box in boxes) - min(box["x"] for box in boxes)
    tall = max(box["y"] for box in boxes) - min(box["y"] for box in boxes)
    assert wide > frame["width"] / 3 or tall > frame["height"] / 3
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = page.locator(".map").bounding_box()
    assert printed is not None
    assert printed["width"] < 190 / 25.4 * 96  # A4 less two margins of a centimetre
    drawn = page.locator(".leaflet-container").bounding_box()
    assert drawn is not None
    assert drawn["width"] <= printed["width"]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".map").bounding_box() == frame


@at_each_size
def test_a_manager_sets_where_patrols_start_and_whom_they_call(
    site: str, new_page: NewPage, size: Size
) -> None:
    page = new_page(size)
    sign_in(page, site, "manager")
    page.goto(site + "/admin/settings")
    page.get_by_label("Where patrols start and end").select_option("Central Park")
    page.get_by_label("Whom a patrol calls").fill("Control room: none")
    page.get_by_label("Reason for the change").fill("A new control room")
    page.get_by_role("button", name="Save the settings").click()
    page.get_by_role("alert").get_by_text("is no contact").wait_for()
    expect(page.get_by_label("Where patrols start and end")).to_have_value("Central Park")
    assert_fits_and_passes_axe(page)
    page.get_by_label("Whom a patrol calls").fill("Control room: 01632 960001")
    page.get_by_label("Where patrols start and end").select_option("Civic Centre")
    page.get_by_role("region", name=re.compile("Map: or tap the map")).click()
    depot = page.get_by_label("Where the contractor's rounds start and end")
    expect(depot).to_have_value(re.compile(r"^51\.\d{5}, 0\.\d{5}$"))
    page.get_by_role("button", name="Save the settings").click()
    page.locator(".govuk-notification-banner").wait_for()
    assert_fits_and_passes_axe(page)


def test_an_intervention_is_ended_on_a_telephone(site: str, new_page: NewPage) -> None:
    page = new_page(TELEPHONE)
    sign_in(page, site)
    page.goto(site + "/officer/interventions/new?hotspot=H-0001")
    page.get_by_label("Name", exact=True).fill("More light")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="End it").click()
    assert_fits_and_passes_axe(page)
    page.get_by_role("button", name="Save the last day").click()
    page.get_by_text("More light ends on").wait_for()


def test_a_telephone_shows_the_newest_weeks_first(site: str, new_page: NewPage) -> None:
    page = new_page(TELEPHONE)
    sign_in(page, site)
    page.goto(site + "/officer/weeks")
    chart = page.locator(".chart-scroll")
    box, newest = chart.bounding_box(), chart.locator("rect").last.bounding_box()
    assert box["x"] <= newest["x"] <= box["x"] + box["width"]
