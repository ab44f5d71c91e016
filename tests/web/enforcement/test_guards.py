"""The form of an action with each value left out in turn, and acts tied to what they are not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import shapely
from flask.testing import FlaskClient

from geodata.core.errors import RefusedError
from geodata.enforcement import actions
from tests.web.enforcement.conftest import CAR_PARK, NOW, Enforcing
from tests.web.enforcement.test_order_pages import PARK
from tests.web.enforcement.test_pages import ACT, actions_in
from tests.web.enforcement.test_recording import FPN, record, step
from tests.web.page import Page
from web.services.common.officer_position import Standpoint
from web.services.enforcement import Choice

ASKED = {name: value for name, value in ACT.items() if name != "idempotency_key"}
OF_KIND = {
    "litter_fpn": {},
    "pspo_fpn": {"prohibition": "ingest"},
    "keeper_penalty": {"given_on": "2026-06-13", "from_vehicle": "y"},
    "fly_tipping_fpn": {"over_a_sack": "y"},
    "cpw": {"conduct": "littering"},
}


@pytest.mark.parametrize("kind", list(OF_KIND))
def test_an_action_that_lacks_what_its_rules_compare_is_not_recorded(
    officer: FlaskClient, enforcing: Enforcing, kind: str
) -> None:
    complete = ASKED | OF_KIND[kind] | {"issuer": str(enforcing.issuer_id), "route": kind}
    for name in complete:
        lacking = {field: value for field, value in complete.items() if field != name}
        page = officer.post("/enforcement/record", data=lacking | {"go": "record"})
        assert (name, page.status_code) == (name, 400)
        assert "There is a problem" in page.text
    assert actions_in(enforcing) == []
    done = officer.post("/enforcement/record", data=complete | {"go": "record"})
    assert done.status_code == 302


def test_an_act_elsewhere_is_no_way_round_one_act_one_route(enforcing: Enforcing) -> None:
    here = record(enforcing)
    far = Standpoint(shapely.Point(CAR_PARK.x + 400, CAR_PARK.y), 8.0, None, "")
    there = record(enforcing, Choice("cpw", "key-2"), where=far, conduct="littering")
    with enforcing.store.reading() as session:
        ties = [actions.find(session, reference)[0].act_ref for reference in (here, there)]
    caution = Choice("caution", "key-3")
    with pytest.raises(RefusedError, match="dealt with by"):
        record(enforcing, caution, act_ref=ties[0])
    with pytest.raises(RefusedError, match="another place or time"):
        record(enforcing, caution, act_ref=ties[1])
    with pytest.raises(RefusedError, match="nothing is recorded of the act 'NOSUCH'"):
        record(enforcing, caution, act_ref="NOSUCH")


def test_a_tie_to_one_of_two_acts_at_a_place_asks_about_the_other(enforcing: Enforcing) -> None:
    record(enforcing)
    advice = record(
        enforcing, replace(Choice("advice", "key-2"), other_act_reason="Litter of another friend")
    )
    with enforcing.store.reading() as session:
        tie = actions.find(session, advice)[0].act_ref
    with pytest.raises(RefusedError, match="is it the same act as"):
        record(enforcing, Choice("caution", "key-3"), act_ref=tie)


def test_another_action_about_an_act_begins_at_its_place_and_time(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    reference = record(enforcing, offence_at=NOW - timedelta(days=2), issued_on=date(2026, 6, 12))
    with enforcing.store.reading() as session:
        tie = actions.find(session, reference)[0].act_ref
    page = Page.of(officer.get(f"/enforcement/record?act={tie}"))
    assert (page.value("offence_on"), page.value("offence_time")) == ("2026-06-11", "23:50")
    assert page.value("grid_ref") == "TQ 5350 7400"
    assert "keep its place and its time" in page.text
    assert officer.get("/enforcement/record?act=NOSUCH").status_code == 409


def test_a_step_is_not_taken_before_the_one_that_it_follows(enforcing: Enforcing) -> None:
    reference = record(enforcing)
    step(enforcing, reference, "representation", "2026-06-20", "Says it was a friend")
    with pytest.raises(RefusedError, match="has been so since 20 June 2026"):
        step(enforcing, reference, "issued", "2026-06-19", "Rejected as untrue")


def test_the_list_shows_the_day_that_the_page_of_the_notice_watches(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    given = replace(FPN, kind="keeper_penalty", given_on=date(2026, 6, 13))
    reference = record(enforcing, given, from_vehicle=True)
    listed = Page.of(officer.get("/enforcement/notices")).text
    watched = Page.of(officer.get(f"/enforcement/notices/{reference}")).text
    # 28 days beginning with 13 June end on 10 July
    for page in (listed, watched):
        assert "10 Jul 2026" in page
        assert "Last day to pay (a period that is not verified) or to make representations" in page


@pytest.mark.parametrize("kind", ["litter_fpn", "keeper_penalty"])
def test_what_followed_before_a_notice_was_recorded_is_recorded_too(
    enforcing: Enforcing, kind: str
) -> None:
    is_keepers = kind == "keeper_penalty"
    issued_on = date(2026, 6, 1)  # and the act was on 24 May; today is 13 June
    choice = replace(FPN, kind=kind, given_on=issued_on if is_keepers else None)
    act_at = NOW - timedelta(days=20)
    late = record(
        enforcing, choice, offence_at=act_at, issued_on=issued_on, from_vehicle=is_keepers
    )
    step(enforcing, late, "representation", "2026-06-10", "Came before it was entered")


def test_a_task_of_an_order_is_not_done_in_the_future(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    address = officer.post("/enforcement/orders/new", data=PARK).location
    task = next(a for a in Page.of(officer.get(address)).actions if "/tasks/" in a)
    late = officer.post(task, data={"done_on": "2026-06-14"}, follow_redirects=True)
    assert "14 June 2026 lies in the future" in late.text
