"""The words of a campaign on its pages: their days, their change, and who checked them."""

from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient

from geodata.people import audit
from geodata.posters import campaign_wordings
from geodata.store.engine import Store
from tests.filled_stores import filled_once
from tests.web.page import Page
from tests.web.poster_campaign import NOW, started, with_lamps


@pytest.fixture
@filled_once
def lamps(council: Store) -> Store:
    return with_lamps(council)


@time_machine.travel(NOW)
def test_days_are_changed_and_a_longer_campaign_gets_the_law_of_its_new_days(
    lamps: Store, signed_in
) -> None:
    officer = signed_in("officer")
    key, _ = started(lamps, first=date(2023, 10, 1), valid_to=date(2023, 10, 31))
    assert "Class C" not in officer.get(f"/posters/{key}").text
    days = {"name": "Autumn", "valid_from": "2023-10-01", "valid_to": "2023-11-30"}
    assert officer.post(f"/posters/{key}/edit", data=days | {"note": "to be longer"}).location
    page = officer.get(f"/posters/{key}").text
    assert "English, from 1 Oct 2023 to 7 Nov 2023" in page
    assert "English, from 8 Nov 2023 to 30 Nov 2023" in page
    assert "Polish, from 8 Nov 2023 to 30 Nov 2023" in page
    assert "to be longer" in page
    back = officer.post(f"/posters/{key}/edit", data=days | {"valid_to": "2023-09-01"})
    assert (back.status_code, "on or after the one" in back.text) == (400, True)


PSYCHOACTIVE, CLASS_C = date(2016, 5, 26), date(2023, 11, 8)
WHY = {"reason": "The press office asked for it"}


def first_version(officer: FlaskClient, campaign: int) -> str:
    """Key of the first wording that the campaign's page leads to."""
    links = Page.of(officer.get(f"/posters/{campaign}/wording")).links
    leads = [link.href for link in links if link.href.startswith("/posters/wording/")]
    return leads[0].split("/")[3]


@time_machine.travel(NOW)
def test_a_law_line_that_departs_from_the_regime_is_warned_of(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    key, _ = started(lamps)
    page = officer.get(f"/posters/{key}/wording").text
    assert "The line on the law was changed" not in page
    version = first_version(officer, key)
    texts = {"heading": "Seen canisters?", "law": "It is all allowed.", "call": "Scan me"} | WHY
    officer.post(f"/posters/wording/{version}", data=texts | {"extra": "Thank you."})
    page = officer.get(f"/posters/{key}/wording").text
    assert "The line on the law was changed" in page
    assert "Class C" in page.split("Earlier versions")[1]
    assert officer.get(f"/posters/wording/{version}").status_code == 404  # it was replaced


@time_machine.travel(NOW)
def test_words_that_the_typeface_cannot_set_are_refused(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    key, _ = started(lamps)
    version = first_version(officer, key)
    texts = {"heading": "ספרו לנו", "law": "Law.", "call": "Scan me", "extra": ""} | WHY
    answer = officer.post(f"/posters/wording/{version}", data=texts)
    assert answer.status_code == 400
    page = Page.of(answer)
    assert "which the posters' typeface cannot set" in page.text
    assert page.value("heading") == "ספרו לנו"


@time_machine.travel(NOW)
def test_a_speaker_s_check_is_kept_with_who_vouches_for_it(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    key, _ = started(lamps)
    actions = Page.of(officer.get(f"/posters/{key}/wording")).actions
    version = next(action.split("/")[3] for action in actions if action.endswith("/check"))
    without = officer.post(f"/posters/wording/{version}/check", follow_redirects=True).text
    assert "Tick the box first" in without
    officer.post(f"/posters/wording/{version}/check", data={"checked": "yes"})
    assert "officer-1 confirmed on 23 Nov 2026" in officer.get(f"/posters/{key}/wording").text
    with lamps.reading() as session:
        entry, who = audit.entries(session, campaign_wordings.ENTITY, int(version))[0]
    assert (entry.act, who) == ("check", "officer-1")


@time_machine.travel(NOW)
def test_a_language_is_added_and_dropped_on_the_page(lamps: Store, signed_in) -> None:
    officer = signed_in("officer")
    key, _ = started(lamps)
    officer.post(f"/posters/{key}/languages", data={"language": "lt"})
    assert "write the council's own translation" in officer.get(f"/posters/{key}/wording").text
    officer.post(f"/posters/{key}/languages/lt/drop")
    assert "Lithuanian, from" not in officer.get(f"/posters/{key}/wording").text
    assert officer.post(f"/posters/{key}/languages", data={"language": "xx"}).status_code == 409


@time_machine.travel(NOW)
def test_other_words_are_seen_first_hold_from_a_day_have_a_reason_and_are_taken_back(
    lamps: Store, signed_in
) -> None:
    officer = signed_in("officer")
    key, _ = started(lamps, first=date(2023, 10, 1), valid_to=date(2023, 11, 30))
    version = first_version(officer, key)
    address, own = f"/posters/wording/{version}", f"/posters/{key}/wording"
    with lamps.reading() as session:
        row = campaign_wordings.find(session, int(version))
        texts = {name: getattr(row, name) for name in ("heading", "law", "call", "extra")}
    day = date(2023, 10, 20)
    wanted = texts | {"heading": "Seen canisters?", "first_day": day.isoformat()}
    assert officer.post(address, data=wanted | {"reason": ""}).status_code == 400
    seen = Page.of(officer.post(address, data=wanted | WHY | {"preview": "yes"})).text
    assert "Nothing is saved yet" in seen
    assert "Up to 19 October 2023 the words stay as they are" in seen
    assert f"Heading: “Seen canisters?”, until now: “{texts['heading']}”" in seen
    assert standing(lamps, key) == [(PSYCHOACTIVE, True), (CLASS_C, True)]
    assert officer.post(address, data=wanted | WHY).status_code == 302
    # What hung before keeps its words and its check; the new ones wait for theirs.
    assert standing(lamps, key) == [(PSYCHOACTIVE, True), (day, False), (CLASS_C, True)]
    page = Page.of(officer.get(own)).text
    assert "Why it was changed: The press office asked for it" in page
    assert officer.post(f"{own}/undo", data={"reason": " "}).status_code == 400
    assert officer.post(f"{own}/undo", data={"reason": "A wrong day"}).status_code == 302
    assert standing(lamps, key) == [(PSYCHOACTIVE, True), (CLASS_C, True)]
    page = Page.of(officer.get(own)).text
    assert "Seen canisters?" in page.split("Earlier versions")[1]
    assert "Why it was changed: A wrong day" in page
    assert "Take the last change back" not in page


def standing(store: Store, campaign: int) -> list[tuple[date | None, bool]]:
    """First day of each English version that counts, and whether it is checked."""
    with store.reading() as session:
        rows = campaign_wordings.current(session, campaign)
        english = [row for row in rows if row.language == "en"]
        return [(row.valid_from, row.checked_at is not None) for row in english]
