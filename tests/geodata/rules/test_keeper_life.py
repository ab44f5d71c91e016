"""The keeper's civil penalty: every step in its days, counted by hand, and no way to a court."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.generators.keeper_picture import keeper_picture
from geodata.core.vocabulary import NoticeState
from geodata.rules.enforcement.keeper_life import STEPS, next_keeper_states, watched_days
from geodata.rules.enforcement.notice_life import (
    NoticeFacts,
    amount_due,
    discount_last_day,
    is_out_of_time,
    step_fault,
)
from geodata.rules.tables import Row, packaged

LAW = packaged()
ACT, GIVEN = date(2026, 5, 20), date(2026, 6, 1)
# 28 days beginning with 1 June: 1 June is the first, 28 June the last. 56 of them end on 26 July.
CRIMINAL = {"court", "convicted", "acquitted", "timed_out", "referred_to_legal"}


def penalty(state: str, since: date | None = GIVEN, given_on: date | None = GIVEN) -> NoticeFacts:
    return NoticeFacts("keeper_penalty", state, ACT, ACT, given_on, since=since)


def fault(facts: NoticeFacts, state: str, day: date, reason: str = "because of it") -> str:
    return step_fault(LAW, facts, NoticeState(state), day, reason)


@pytest.mark.parametrize(
    ("before", "after", "side", "last"),
    [
        ("issued", "representation", "within", date(2026, 6, 28)),
        ("issued", "representation_disregarded", "after", date(2026, 6, 28)),
        ("issued", "increased", "after", date(2026, 6, 28)),
        ("representation", "representation_rejected", "within", date(2026, 7, 26)),
        ("representation_rejected", "appeal", "within", date(2026, 6, 28)),
        ("representation_rejected", "increased", "after", date(2026, 6, 28)),
        ("appeal_dismissed", "increased", "after", date(2026, 6, 28)),
        ("appeal_directed", "increased", "after", date(2026, 6, 28)),
        # 14 days beginning with 1 June (reg 7(1), as amended)
        ("enforcement_notice", "civil_debt", "after", date(2026, 6, 14)),
    ],
)
def test_a_step_has_its_days(before: str, after: str, side: str, last: date) -> None:
    on_last, day_after = (
        fault(penalty(before), after, day) for day in (last, last + timedelta(days=1))
    )
    assert (on_last == "", day_after == "") == (side == "within", side == "after")


@pytest.mark.parametrize(
    "step", [s for s in STEPS if s.period], ids=lambda s: f"{s.before}-{s.after}"
)
def test_a_step_whose_first_day_is_missing_is_refused(step) -> None:
    facts = penalty(step.before, None, None)
    assert "is not recorded" in fault(facts, step.after, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("day", "is_in_time"), [(date(2026, 6, 23), True), (date(2026, 6, 24), False)]
)
def test_what_is_written_is_given_within_35_days_of_the_act(day: date, is_in_time: bool) -> None:
    # 20 May is the first of 35 days: 12 in May, 23 in June.
    written = penalty("draft", since=ACT, given_on=None)
    assert (fault(written, "issued", day) == "") == is_in_time
    assert is_out_of_time(LAW, written, day) != is_in_time
    assert amount_due(LAW, written, 10_000, day) is None  # nobody owes what nobody was given
    assert fault(written, "void", day) == ""
    assert watched_days(LAW, "draft", offence_on=ACT, given_on=None, since=ACT) == [
        (date(2026, 6, 23), "Last day to give the notice to the keeper")
    ]


def test_a_day_that_rests_on_a_period_nobody_read_says_so() -> None:
    unread = {row["code"] for row in LAW["periods"].rows if row.unverified}
    for step in [step for step in STEPS if step.period]:
        day = GIVEN + timedelta(days=200) if step.side == "within" else GIVEN
        refusal = fault(penalty(step.before), step.after, day)
        if "no such step" not in refusal:
            assert ("not verified" in refusal) == (step.period in unread), step


@pytest.mark.parametrize("state", ["representation", "appeal", "appeal_late"])
def test_nothing_is_increased_while_somebody_waits_for_an_answer(state: str) -> None:
    assert "increased" not in next_keeper_states(state)
    assert amount_due(LAW, penalty(state), 10_000, date(2026, 7, 20)) == 10_000


@pytest.mark.parametrize("state", ["increased", "enforcement_notice", "civil_debt"])
def test_a_late_appeal_that_the_adjudicator_lets_in_stops_what_was_increased(state: str) -> None:
    facts = replace(penalty(state), been=frozenset({"issued", "representation_rejected", state}))
    late = date(2026, 8, 3)
    assert fault(facts, "appeal_late", late) == ""
    assert fault(facts, "appeal_late", late, "").startswith("this step needs a reason")
    assert amount_due(LAW, facts, 10_000, late) == 20_000
    admitted = replace(facts, state="appeal_late", since=late)
    assert amount_due(LAW, admitted, 10_000, late) == 10_000
    assert fault(admitted, "appeal_dismissed", date(2026, 9, 1)) == ""
    # Nobody appeals against what was never rejected.
    never = replace(facts, been=frozenset({"issued", state}))
    assert "rejection of the keeper's representations" in fault(never, "appeal_late", late)


def test_an_appeal_in_its_28_days_is_not_late() -> None:
    # The rejection of 1 June can be appealed against until 28 June.
    rejected = penalty("representation_rejected")
    assert "from 29 June 2026" in fault(rejected, "appeal_late", date(2026, 6, 28))
    assert fault(rejected, "appeal_late", date(2026, 6, 29)) == ""


def test_without_an_answer_in_56_days_it_counts_as_cancelled() -> None:
    facts = penalty("representation")
    assert amount_due(LAW, facts, 10_000, date(2026, 7, 26)) == 10_000
    assert not is_out_of_time(LAW, facts, date(2026, 7, 26))
    assert is_out_of_time(LAW, facts, date(2026, 7, 27))
    assert amount_due(LAW, facts, 10_000, date(2026, 7, 27)) is None
    assert "counts as cancelled" in fault(facts, "paid_full", date(2026, 7, 27))
    assert fault(facts, "cancelled", date(2026, 7, 27)) == ""


def test_no_enforcement_notice_before_there_was_one() -> None:
    for since, words in ((date(2022, 2, 13), "no such step"), (date(2022, 2, 14), "")):
        facts = NoticeFacts("keeper_penalty", "increased", since, since, since, since=since)
        reason = fault(facts, "enforcement_notice", since + timedelta(days=9))
        assert words in reason
        assert bool(words) == bool(reason)


def test_a_debt_needs_an_enforcement_notice_since_there_is_one() -> None:
    for since, words in ((date(2022, 2, 13), ""), (date(2022, 2, 14), "no such step")):
        facts = NoticeFacts("keeper_penalty", "increased", since, since, since, since=since)
        refusal = fault(facts, "civil_debt", since + timedelta(days=9))
        assert words in refusal
        assert bool(words) == bool(refusal)


def test_twice_the_amount_is_asked_only_once_it_was_increased() -> None:
    late = date(2026, 12, 1)
    assert {
        state: amount_due(LAW, penalty(state), 10_000, late)
        for state in ("issued", "representation_rejected", "increased", "civil_debt")
    } == {
        "issued": 10_000,
        "representation_rejected": 10_000,
        "increased": 20_000,
        "civil_debt": 20_000,
    }


def test_one_day_is_watched_in_each_state() -> None:
    words_of = {
        state: watched_days(LAW, state, given_on=GIVEN, since=date(2026, 6, 10))
        for state in ("issued", "representation", "representation_rejected", "appeal", "civil_debt")
    }
    days = {state: [day for day, _ in watched] for state, watched in words_of.items()}
    assert days == {
        "issued": [date(2026, 6, 28)],
        "representation": [date(2026, 8, 4)],  # 10 June is the first of 56: 21 + 31 + 4
        "representation_rejected": [date(2026, 7, 7)],  # 10 June is the first of 28: 21 + 7
        "appeal": [],
        "civil_debt": [],
    }
    ((_, words),) = words_of["issued"]
    assert words == "Last day to pay (a period that is not verified) or to make representations"


@pytest.mark.parametrize(("days_to_pay", "last_to_pay"), [(14, 14), (35, 5)])
def test_a_council_that_corrects_the_period_to_pay_watches_both_days(
    days_to_pay: int, last_to_pay: int
) -> None:
    """June has 30 days: 14 beginning with the 1st end on the 14th, 35 on 5 July, 28 on the 28th."""
    values = {
        "code": "keeper_full_payment",
        "length": [days_to_pay],
        "unit": "days",
        "counted": "beginning_with",
    }
    law = LAW.with_rows([("periods", Row(None, None, values, "Reg 6, read", council_key=1))])
    pay = date(2026, 6 if days_to_pay == 14 else 7, last_to_pay)
    watched = watched_days(law, "issued", given_on=GIVEN, since=GIVEN)
    assert sorted(watched) == watched
    assert {words: day for day, words in watched} == {
        "Last day to pay": pay,
        "Last day to make representations": date(2026, 6, 28),
    }
    later = max(pay, date(2026, 6, 28))
    for day, is_free in ((later, False), (later + timedelta(days=1), True)):
        refusal = step_fault(law, penalty("issued"), NoticeState("increased"), day, "Not paid")
        assert (refusal == "") == is_free


def test_a_keepers_early_amount_counts_from_the_day_the_notice_is_given() -> None:
    # Ten days following 1 June end on 11 June, though the notice is dated 20 May.
    early = replace(penalty("issued"), discount_pence=6_500, discount_days=10)
    assert discount_last_day(early) == date(2026, 6, 11)
    assert amount_due(LAW, early, 10_000, date(2026, 6, 11)) == 6_500
    assert amount_due(LAW, early, 10_000, date(2026, 6, 12)) == 10_000
    ungiven = replace(early, given_on=None)
    assert discount_last_day(ungiven) is None
    assert "is not recorded" in fault(ungiven, "paid_discount", date(2026, 6, 1))


@given(st.lists(st.tuples(st.sampled_from(list(NoticeState)), st.integers(0, 70)), max_size=25))
def test_no_history_reaches_a_court_or_skips_the_waiting(tries: list[tuple[str, int]]) -> None:
    history, day = [("issued", GIVEN)], GIVEN
    for state, days in tries:
        day += timedelta(days=days)
        if not fault(penalty(*history[-1]), state, day):
            history.append((state, day))
    states = [state for state, _ in history]
    assert not set(states) & CRIMINAL
    for (before, since), (after, on) in pairwise(history):
        assert on >= since
        # The wait is 28 days whatever came before: from the notice, the rejection or the decision.
        if after == "increased":
            start = GIVEN if before in {"issued", "representation_disregarded"} else since
            assert (on - start).days >= 28
        if after == "representation":
            assert (on - GIVEN).days < 28
        if before == "representation" and after != "cancelled" and after != "void":
            assert (on - since).days < 56


def test_the_picture_in_the_documentation_is_the_table_that_runs() -> None:
    page = Path(__file__).parents[3] / "docs" / "keeper-penalty.md"
    drawn = page.read_text(encoding="utf-8").split("```mermaid\n")[1].split("\n```")[0]
    assert drawn == keeper_picture(LAW), "write python -m docs.generators.keeper_picture into it"
