"""A report in Chromium: by telephone, by keyboard, with script and without."""

import pytest
from playwright.sync_api import Page

from tests.pictures import encoded, picture
from tests.web.browsing import (
    TELEPHONE,
    NewPage,
    assert_passes_at_each_size,
)

pytestmark = pytest.mark.browser
QUESTIONS = ("place", "choose?words=park", "spot", "what", "hazards", "when", "photos", "more")


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


def test_every_question_fits_and_passes_axe(site: str, new_page: NewPage) -> None:
    page = new_page()
    draft = start_report(page, site)
    answer_all(page, "TQ 5391 7415")
    for question in (*QUESTIONS, "check"):
        page.goto(f"{draft}/{question}")
        assert_passes_at_each_size(page)
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_url("**/receipt")
    assert_passes_at_each_size(page)
    page.get_by_role("link", name="follow your report").click()
    assert_passes_at_each_size(page)


def test_a_report_needs_no_script(site: str, new_page: NewPage) -> None:
    page = new_page(TELEPHONE, java_script_enabled=False)
    draft = start_report(page, site)
    page.get_by_role("button", name="Find it").click()
    page.get_by_text("There is a problem").wait_for()
    answer_all(page, "TQ 5491 7315")
    assert page.url == f"{draft}/check"
    page.get_by_text("Bay 114").wait_for()
    page.go_back()
    page.go_back()
    page.go_forward()
    page.go_forward()
    page.get_by_role("button", name="Send the report").click()
    page.get_by_text("Report sent").wait_for()
    reference = page.locator(".govuk-panel strong").inner_text()
    page.get_by_text("by the end of").wait_for()
    page.go_back()  # to the check: the receipt again, and no second report
    page.goto(f"{draft}/check")
    assert page.locator(".govuk-panel strong").inner_text() == reference


def test_a_device_s_position_and_a_tap_on_the_map_set_the_place(
    site: str, new_page: NewPage
) -> None:
    page = new_page(
        TELEPHONE,
        geolocation={"latitude": 51.4456, "longitude": 0.2137, "accuracy": 12},
        permissions=["geolocation"],
    )
    start_report(page, site)
    page.get_by_role("button", name="Use where I am now").click()
    page.wait_for_url("**/spot")
    page.wait_for_load_state("networkidle")
    page.get_by_text("Westgate car park").first.wait_for()
    before = page.get_by_text("good to 12 metres").inner_text()
    page.locator("#map_main").click(position={"x": 60, "y": 200})
    page.get_by_role("button", name="This is the place").click()
    page.goto(page.url.rsplit("/", 1)[0] + "/spot")
    assert page.get_by_text("good to 10 metres").inner_text() != before


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def test_a_report_can_be_made_by_keyboard_alone(site: str, new_page: NewPage) -> None:
    page = new_page(TELEPHONE)
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
    page.get_by_text("Report sent").wait_for()
