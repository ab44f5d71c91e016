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
    texts = {"heading": "Seen canisters?", "law": "It is all allowed.", "call": "Scan me"}
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
    texts = {"heading": "ספרו לנו", "law": "Law.", "call": "Scan me", "extra": ""}
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
