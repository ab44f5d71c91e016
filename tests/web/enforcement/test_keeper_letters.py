"""A keeper's notice and letters: printed before they are given, with the amount of every page."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from flask.testing import FlaskClient

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import NoticeState
from geodata.enforcement import actions
from geodata.people.audit import Actor
from tests.web.enforcement.conftest import Enforcing, act_form
from tests.web.enforcement.test_recording import KEEPER, record
from tests.web.page import Page
from web.services.enforcement import notices
from web.services.enforcement.enforcement_figures import figures
from web.services.enforcement.notice_letters import LINE, compose

UNSERVED = replace(KEEPER, given_on=None, is_unserved=True)
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)


def step(enforcing: Enforcing, reference: str, state: str, day: str) -> None:
    by = Actor(enforcing.user_id, LATER)
    with enforcing.store.writing() as session:
        on = date.fromisoformat(day)
        notices.take_step(session, reference, NoticeState(state), on, "Said why", by)


def printed(enforcing: Enforcing, reference: str, letter: str) -> tuple[str, list[str]]:
    by = Actor(enforcing.user_id, LATER)
    with enforcing.store.writing() as session:
        composed = compose(session, reference, letter, by, council="The council")
    return "\n".join(composed.paragraphs), composed.unread


@pytest.fixture
def written(enforcing: Enforcing) -> str:
    """A notice for 13 June 2026 that nobody was given yet."""
    return record(enforcing, UNSERVED, from_vehicle=True)


def test_a_notice_prints_before_it_is_given_and_gets_its_day_later(
    enforcing: Enforcing, written: str
) -> None:
    text, unread = printed(enforcing, written, "keeper_penalty")
    counted = "within 28 days beginning with the day on which you are given this notice"
    assert f"Pay {counted}, that is by {LINE}." in text
    assert f"representations in writing {counted}, that is by {LINE}, to" in text
    assert any("reg 6(4)-(5), which say the period, were not read" in line for line in unread)
    with enforcing.store.writing() as session:
        assert figures(session, date(2026, 6, 1), date(2026, 6, 30), enforcing.actor).rows == []
    # 13 June is the first of 35 days: 18 in June, 17 in July.
    with pytest.raises(RefusedError, match="last day for it was 17 July 2026"):
        step(enforcing, written, "issued", "2026-07-18")
    step(enforcing, written, "issued", "2026-06-17")
    with enforcing.store.reading() as session:
        action, state = actions.find(session, written)
        assert (action.given_on, state) == (date(2026, 6, 17), "issued")
    # 17 June is the first of 28 days: 14 in June, 14 in July.
    assert "that is by 14 July 2026" in printed(enforcing, written, "keeper_penalty")[0]
    with enforcing.store.writing() as session:
        assert len(figures(session, date(2026, 6, 1), date(2026, 6, 30), enforcing.actor).rows) == 1


def test_a_notice_is_given_or_not_and_never_both(enforcing: Enforcing) -> None:
    with pytest.raises(RefusedError, match="choose one"):
        record(enforcing, replace(KEEPER, is_unserved=True), from_vehicle=True)


ROADS = {
    "keeper_rejection": (("representation", "2026-06-20"),),
    "keeper_disregarded": (("representation_disregarded", "2026-07-20"),),
    "keeper_increase": (("increased", "2026-07-15"),),
    "keeper_enforcement": (("increased", "2026-07-15"), ("enforcement_notice", "2026-07-20")),
    "cancellation": (("representation", "2026-06-20"), ("cancelled", "2026-06-21")),
    "keeper_appeal_decided": (
        ("representation", "2026-06-20"),
        ("representation_rejected", "2026-07-01"),
        ("appeal", "2026-07-10"),
        ("appeal_dismissed", "2026-09-01"),
    ),
    "keeper_appeal_allowed": (
        ("representation", "2026-06-20"),
        ("representation_rejected", "2026-07-01"),
        ("appeal", "2026-07-10"),
        ("appeal_allowed", "2026-09-01"),
    ),
}
LATE_APPEAL = (
    ("representation", "2026-06-20"),
    ("representation_rejected", "2026-07-01"),
    ("increased", "2026-07-29"),
    ("appeal_late", "2026-08-20"),
)
SAYS = {
    # 17 June is the first of 28 days, 14 July the last.
    "keeper_disregarded": ("notice, that is by 14 July 2026", "£100.00 is to be paid", LINE),
    "keeper_increase": ("The penalty of £100.00", "£200.00 is to be paid now"),
    # 20 July is the first of 14 days, 2 August the last.
    "keeper_enforcement": ("penalty of £200.00", "that is by 2 August 2026", "civil debt"),
    # 1 September is the first of 28 days, 28 September the last.
    "keeper_appeal_decided": ("£100.00 is to be paid", "that is by 28 September 2026", LINE),
    "keeper_appeal_allowed": ("There is nothing to pay",),
    "cancellation": ("We have cancelled", "There is nothing to pay"),
    # Not decided yet: the day on which it will be given is left to the keeper.
    "keeper_rejection": ("within 28 days beginning with the day you are given this letter.",),
}


@pytest.mark.parametrize("letter", list(ROADS))
def test_every_turn_of_the_road_has_its_letter(
    enforcing: Enforcing, written: str, letter: str
) -> None:
    step(enforcing, written, "issued", "2026-06-17")
    for state, day in ROADS[letter]:
        step(enforcing, written, state, day)
    text, unread = printed(enforcing, written, letter)
    for words in SAYS[letter]:
        assert words in text
    assert any("solicitor must read it" in line for line in unread)


def test_after_a_late_appeal_letter_and_page_name_one_amount_and_one_last_day(
    officer: FlaskClient, enforcing: Enforcing, written: str
) -> None:
    step(enforcing, written, "issued", "2026-06-17")
    for state, day in LATE_APPEAL:
        step(enforcing, written, state, day)
    page = Page.of(officer.get(f"/enforcement/notices/{written}")).text
    assert "Late appeal, let in by the adjudicator" in page
    assert "To be paid today £100.00" in page
    step(enforcing, written, "appeal_dismissed", "2026-10-05")
    # 5 October is the first of 28 days: 27 in October, 1 November the last.
    text, _ = printed(enforcing, written, "keeper_appeal_decided")
    assert "£100.00 is to be paid" in text
    assert "that is by 1 November 2026" in text
    own = Page.of(officer.get(f"/enforcement/notices/{written}")).text
    assert "1 Nov 2026 Last day to pay before the increase" in own


@pytest.mark.parametrize(
    ("printed_on", "late"),
    [
        (date(2026, 7, 14), []),  # 17 June is the first of 28 days, 14 July the last
        (date(2026, 7, 15), ["14 July 2026"]),
    ],
)
def test_a_letter_that_is_printed_after_the_day_it_names_is_warned_of(
    enforcing: Enforcing, written: str, printed_on: date, late: list[str]
) -> None:
    step(enforcing, written, "issued", "2026-06-17")
    by = Actor(enforcing.user_id, datetime.combine(printed_on, time(12), UTC))
    with enforcing.store.writing() as session:
        letter = compose(session, written, "keeper_penalty", by, council="The council")
    assert [words.partition("It names ")[2].partition(" as a")[0] for words in letter.late] == late


def test_a_rejection_that_comes_after_the_56_days_is_warned_of(
    officer: FlaskClient, enforcing: Enforcing, written: str
) -> None:
    step(enforcing, written, "issued", "2026-06-17")
    step(enforcing, written, "representation", "2026-06-20")
    address = f"/enforcement/notices/{written}/letters/keeper_rejection"
    # 20 June is the first of 56 days: 11 in June, 31 in July, 14 in August.
    with time_machine.travel(datetime(2026, 8, 14, 12, tzinfo=UTC), tick=False):
        officer.post("/sign-in", data={"name": "chief", "password": "a long enough password"})
        assert "not answered in time" not in officer.get(address).text
    with time_machine.travel(datetime(2026, 8, 15, 12, tzinfo=UTC), tick=False):
        officer.post("/sign-in", data={"name": "chief", "password": "a long enough password"})
        assert "not answered in time" in officer.get(address).text


def test_an_increased_penalty_is_one_amount_on_every_page(
    officer: FlaskClient, enforcing: Enforcing, written: str
) -> None:
    step(enforcing, written, "issued", "2026-06-17")
    step(enforcing, written, "increased", "2026-07-15")
    own = Page.of(officer.get(f"/enforcement/notices/{written}")).text
    pages = [
        Page.of(officer.get(f"/enforcement{path}")).text
        for path in ("/notices", "/?since=2026-06-01&until=2026-06-30")
    ]
    assert "To be paid today £200.00" in own
    assert all("£200.00" in page and "£100.00" not in page for page in pages)


def test_the_form_keeps_a_notice_that_is_printed_first(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    act = act_form(enforcing)
    chosen = {"route": "keeper_penalty", "go": "record", "is_unserved": "y"}
    answer = officer.post("/enforcement/record", data=act | chosen, follow_redirects=True)
    page = Page.of(answer)
    assert "Written, not given yet" in page.text
    assert "17 Jul 2026 Last day to give the notice to the keeper" in page.text
    assert "Given to the keeper: enter the day on which it was given" in page.text
