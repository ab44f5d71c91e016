"""The life of a notice: no way out of an end, no step before its day, none without its reason."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.rules.enforcement.keeper_life import next_keeper_states
from geodata.rules.enforcement.notice_life import (
    NEXT,
    TERMINAL,
    NoticeFacts,
    amount_due,
    next_states,
    step_fault,
    steps,
)
from geodata.rules.tables import Row, RuleBook, packaged

LAW = packaged()
ISSUED = date(2026, 6, 14)
KIND = st.sampled_from(list(ActionKind))
STATE = st.sampled_from(list(NoticeState))


def notice(state: str = "issued", kind: str = "litter_fpn", **rest: object) -> NoticeFacts:
    facts = {"offence_on": date(2026, 6, 13), "issued_on": ISSUED} | rest
    return NoticeFacts(kind, state, **facts)


def fault(facts: NoticeFacts, state: str, day: str, reason: str = "because of it") -> str:
    return step_fault(LAW, facts, NoticeState(state), date.fromisoformat(day), reason)


ENDS = (
    "paid_discount paid_full convicted acquitted withdrawn timed_out cancelled void written_off "
    "appeal_allowed"
)


def test_the_ends_are_those_of_the_law() -> None:
    assert set(ENDS.split()) == TERMINAL


@given(KIND, st.sampled_from(sorted(TERMINAL)), STATE, st.integers(0, 1000))
def test_no_path_leads_out_of_an_end(kind: str, end: str, state: str, days: int) -> None:
    facts = notice(end, kind)
    assert steps(LAW, facts, ISSUED + timedelta(days=days)) == []
    assert "closed" in step_fault(LAW, facts, state, ISSUED + timedelta(days=days), "x")


@given(KIND)
def test_every_state_that_can_be_reached_leads_to_an_end(kind: str) -> None:
    seen, new = set(), {NoticeState.ISSUED}
    while new:
        seen |= new
        new = {after for state in new for after in next_states(kind, state)} - seen
    assert seen & TERMINAL
    for state in seen - TERMINAL:
        assert next_states(kind, state), (kind, state)


def test_a_representation_suspends_reminders() -> None:
    after = next_states("litter_fpn", "representation")
    assert not {"reminder", "unpaid", "referred_to_legal"} & set(after)
    assert {"issued", "cancelled"} <= set(after)  # rejected, upheld


@pytest.mark.parametrize(
    ("facts", "state", "day", "words"),
    [
        (notice(), "unpaid", "2026-06-28", "can be paid until 28 June 2026"),  # 14 days following
        (notice(), "unpaid", "2026-06-29", ""),
        (notice("unpaid"), "referred_to_legal", "2026-06-29", ""),
        (notice(), "referred_to_legal", "2026-06-28", "from 29 June 2026"),
        (notice("referred_to_legal"), "court", "2026-12-13", ""),  # six months from the offence
        (notice("referred_to_legal"), "court", "2026-12-14", "time-barred"),
        (notice("unpaid"), "timed_out", "2026-12-13", "may still begin until 13 December 2026"),
        (notice("unpaid"), "timed_out", "2026-12-14", ""),
        (notice(), "paid_discount", "2026-06-20", "no early amount"),
        (notice(), "paid_full", "2026-06-13", "nothing follows before"),
        (notice("issued", "cpw"), "paid_full", "2026-06-20", "cannot follow issued"),
        (notice("issued", "prosecution"), "referred_to_legal", "2026-06-15", ""),
        (notice("issued", "litter_fpn"), "convicted", "2026-06-20", "cannot follow issued"),
    ],
)
def test_steps_have_their_days(facts: NoticeFacts, state: str, day: str, words: str) -> None:
    reason = fault(facts, state, day)
    assert words in reason
    assert bool(words) == bool(reason)


def test_an_early_payment_counts_its_days_following() -> None:
    facts = notice(discount_pence=6_500, discount_days=10)
    assert fault(facts, "paid_discount", "2026-06-24") == ""
    assert "until 24 June 2026" in fault(facts, "paid_discount", "2026-06-25")


def unread(table: str, valid_from: date | None = None, **values: object) -> RuleBook:
    """The law with a council's row that nobody has read in its source."""
    return LAW.with_rows(
        [(table, Row(valid_from, None, values, "Cabinet", ("all",), council_key=1))]
    )


EARLY = {"amount_pence": 10_000, "discount_pence": 6_500, "discount_days": 10, "decision": "9"}
SIX = {"code": "prosecution", "length": [6], "unit": "months", "counted": "following"}
TO_PAY = {"code": "payment", "length": [14], "unit": "days", "counted": "following"}


@pytest.mark.parametrize(
    ("rules", "facts", "state", "day"),
    [
        (
            unread("council_amount", action="litter_fpn", **EARLY),
            notice(discount_pence=6_500, discount_days=10),
            "paid_discount",
            "2026-06-25",
        ),
        (unread("periods", **TO_PAY), notice(), "unpaid", "2026-06-20"),
        (unread("periods", **SIX), notice("referred_to_legal"), "court", "2026-12-14"),
        (unread("periods", **SIX), notice("unpaid"), "timed_out", "2026-12-13"),
    ],
)
def test_a_refusal_says_that_nobody_has_read_the_period_that_it_rests_on(
    rules: RuleBook, facts: NoticeFacts, state: str, day: str
) -> None:
    reason = step_fault(rules, facts, NoticeState(state), date.fromisoformat(day), "It was so")
    assert "(a period that is not verified)" in reason
    assert "not verified" not in fault(facts, state, day)


@pytest.mark.parametrize("state", ["cancelled", "void", "representation"])
def test_undoing_needs_a_reason(state: str) -> None:
    assert "write why" in fault(notice(), state, "2026-06-20", reason=" ")
    assert fault(notice(), state, "2026-06-20") == ""


def test_a_rejected_representation_needs_a_reason() -> None:
    assert "write why" in fault(notice("representation"), "issued", "2026-06-20", reason="")


def test_after_the_time_to_prosecute_an_offer_is_no_debt() -> None:
    # Six months from 13 June end on 13 December.
    assert amount_due(LAW, notice("unpaid"), 10_000, date(2026, 12, 13)) == 10_000
    assert amount_due(LAW, notice("unpaid"), 10_000, date(2026, 12, 14)) is None


def test_the_early_amount_is_due_to_its_last_day() -> None:
    facts = notice(discount_pence=6_500, discount_days=10)
    assert amount_due(LAW, facts, 10_000, date(2026, 6, 24)) == 6_500
    assert amount_due(LAW, facts, 10_000, date(2026, 6, 25)) == 10_000


class Life(RuleBasedStateMachine):
    """Any sequence of tries, allowed or not: history only grows, and ends stay ends."""

    notices = Bundle("notices")

    def __init__(self) -> None:
        super().__init__()
        self.histories: list[list[str]] = []
        self.kinds: list[str] = []

    @rule(target=notices, kind=KIND)
    def issue(self, kind: str) -> int:
        self.histories.append(["issued"])
        self.kinds.append(kind)
        return len(self.histories) - 1

    @rule(
        key=notices,
        state=STATE,
        days=st.integers(-5, 400),
        reason=st.sampled_from(["", "It was so"]),
    )
    def attempt(self, key: int, state: NoticeState, days: int, reason: str) -> None:
        history = self.histories[key]
        facts = notice(history[-1], self.kinds[key])
        if not step_fault(LAW, facts, state, ISSUED + timedelta(days=days), reason):
            history.append(state)

    @invariant()
    def ends_are_last(self) -> None:
        for history in self.histories:
            assert not set(history[:-1]) & TERMINAL
            for before, after in itertools.pairwise(history):
                assert after in (*NEXT.get(before, ()), *next_keeper_states(before), "withdrawn")


TestLife = Life.TestCase
