"""The life of a notice: which state may follow which, from which day, and what must be said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from geodata.core.reasons import reason_fault
from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.rules.days import date_in_words, last_day_following
from geodata.rules.enforcement import keeper_life
from geodata.rules.enforcement.deadlines import deadlines, period_mark, time_limit
from geodata.rules.enforcement.penalties import early_mark
from geodata.rules.tables import RuleBook

S = NoticeState
NEXT: dict[NoticeState, tuple[NoticeState, ...]] = {
    S.DRAFT: (S.ISSUED, S.VOID),
    S.ISSUED: (
        S.PAID_DISCOUNT,
        S.PAID_FULL,
        S.REPRESENTATION,
        S.UNPAID,
        S.REFERRED_TO_LEGAL,
        S.TIMED_OUT,
        S.CANCELLED,
        S.VOID,
    ),
    S.REPRESENTATION: (
        S.ISSUED,
        S.CANCELLED,
        S.PAID_DISCOUNT,
        S.PAID_FULL,
        S.TIMED_OUT,
        S.VOID,
    ),
    S.UNPAID: (
        S.PAID_FULL,
        S.REMINDER,
        S.REPRESENTATION,
        S.REFERRED_TO_LEGAL,
        S.TIMED_OUT,
        S.WRITTEN_OFF,
        S.CANCELLED,
        S.VOID,
    ),
    S.REMINDER: (
        S.PAID_FULL,
        S.REPRESENTATION,
        S.REFERRED_TO_LEGAL,
        S.TIMED_OUT,
        S.WRITTEN_OFF,
        S.CANCELLED,
        S.VOID,
    ),
    S.REFERRED_TO_LEGAL: (
        S.COURT,
        S.PAID_FULL,
        S.WITHDRAWN,
        S.TIMED_OUT,
        S.WRITTEN_OFF,
        S.CANCELLED,
    ),
    S.COURT: (S.CONVICTED, S.ACQUITTED, S.WITHDRAWN),
}
"""A state that is missing here is terminal: nothing follows it."""
TERMINAL = frozenset(S) - frozenset(NEXT) - {step.before for step in keeper_life.STEPS}

OFFERS = frozenset(
    {
        ActionKind.LITTER_FPN,
        ActionKind.FLY_TIPPING_FPN,
        ActionKind.PSPO_FPN,
        ActionKind.CPN_FPN,
    }
)
"""Notices that offer to discharge an offence."""
MONEY_KINDS = OFFERS | {ActionKind.KEEPER_PENALTY}
_MONEY = frozenset({S.PAID_DISCOUNT, S.PAID_FULL, S.UNPAID, S.REMINDER, S.WRITTEN_OFF})
STATES_OF: dict[str, frozenset[NoticeState]] = {
    **dict.fromkeys(OFFERS, frozenset(S)),
    ActionKind.PROSECUTION: frozenset(S) - _MONEY - {S.REPRESENTATION},
}
NEEDS_REASON = keeper_life.NEEDS_REASON | {
    S.CANCELLED,
    S.VOID,
    S.WITHDRAWN,
    S.WRITTEN_OFF,
    S.REPRESENTATION,
}


@dataclass(frozen=True)
class NoticeFacts:
    """What the rules ask of a notice; local days.

    ``since`` is the day its state began, ``been`` every state that it has been in, where the
    next step is asked.
    """

    kind: str
    state: str
    offence_on: date
    issued_on: date | None
    given_on: date | None = None
    discount_pence: int | None = None
    discount_days: int | None = None
    since: date | None = None
    offence: str | None = None
    been: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Step:
    """A state that may come next; ``refusal`` says why not yet, or no more."""

    state: NoticeState
    needs_reason: bool
    refusal: str = ""


def next_states(kind: str, state: str) -> tuple[NoticeState, ...]:
    """The states that may follow for a kind of action; none after a terminal one."""
    if kind == ActionKind.KEEPER_PENALTY:
        return keeper_life.next_keeper_states(state)
    allowed = STATES_OF.get(kind)
    if allowed is None:  # advice, warnings, cautions, referrals: done when they are given
        return (S.WITHDRAWN, S.VOID) if state == S.ISSUED else ()
    return tuple(after for after in NEXT.get(NoticeState(state), ()) if after in allowed)


def reachable_states(kind: str) -> frozenset[NoticeState]:
    """Every state that an action of a kind may be in; those that older procedures left too."""
    if kind == ActionKind.KEEPER_PENALTY:
        return frozenset(state for step in keeper_life.STEPS for state in (step.before, step.after))
    allowed = STATES_OF.get(kind)
    if allowed is None:
        return frozenset({S.ISSUED, *next_states(kind, S.ISSUED)})
    return allowed & frozenset(NEXT).union(*NEXT.values())


def steps(rules: RuleBook, notice: NoticeFacts, on: date) -> list[Step]:
    """Every step that may come next, with what stands against taking it on a day."""
    return [
        Step(state, needs_reason(notice, state), " ".join(_refusals(rules, notice, state, on)))
        for state in next_states(notice.kind, notice.state)
    ]


def needs_reason(notice: NoticeFacts, state: NoticeState) -> bool:
    """Whether the step takes a written reason; a rejected representation does too."""
    is_answer = notice.state == S.REPRESENTATION and notice.kind != ActionKind.KEEPER_PENALTY
    return state in NEEDS_REASON or is_answer


def step_fault(
    rules: RuleBook, notice: NoticeFacts, state: NoticeState, on: date, reason: str
) -> str:
    """Why a step cannot be taken on a day, empty where it can."""
    step = next((step for step in steps(rules, notice, on) if step.state == state), None)
    if step is None:
        after = ", ".join(next_states(notice.kind, notice.state)) or "nothing: it is closed"
        return f"{state} cannot follow {notice.state}; what may follow is {after}"
    if step.needs_reason and (fault := reason_fault(reason)):
        return f"this step needs a reason: {fault}"
    return step.refusal


def discount_last_day(notice: NoticeFacts) -> date | None:
    """The last day on which the early amount is enough; None where there is none.

    A keeper's days begin when the notice is given, so that none is lost before.
    """
    is_keeper = notice.kind == ActionKind.KEEPER_PENALTY
    first, days = notice.given_on if is_keeper else notice.issued_on, notice.discount_days
    if first is None or days is None or notice.discount_pence is None:
        return None
    return last_day_following(first, days)


def amount_due(rules: RuleBook, notice: NoticeFacts, amount_pence: int, on: date) -> int | None:
    """What is to be paid on a day: the early amount, the amount, or a keeper's doubled one.

    None where nothing can be asked: what was written and not given yet asks nothing, a penalty
    offer ends with the time to prosecute, and a keeper's penalty with representations that went
    unanswered.
    """
    is_unasked = notice.state == S.DRAFT or _cannot_be_reckoned(notice)
    if is_unasked or is_out_of_time(rules, notice, on):
        return None
    early = discount_last_day(notice)
    if early is not None and on <= early and notice.state == S.ISSUED:
        return notice.discount_pence or amount_pence
    is_keeper = notice.kind == ActionKind.KEEPER_PENALTY
    is_doubled = is_keeper and notice.state in keeper_life.INCREASED_STATES
    return amount_pence * 2 if is_doubled else amount_pence


def _cannot_be_reckoned(notice: NoticeFacts) -> bool:
    """Whether nobody can say that representations are still to be answered."""
    is_waiting = notice.kind == ActionKind.KEEPER_PENALTY and notice.state == S.REPRESENTATION
    return is_waiting and notice.since is None


def is_out_of_time(rules: RuleBook, notice: NoticeFacts, on: date) -> bool:
    """Whether an open notice can no longer be enforced on a day, so that it is to be closed."""
    if notice.kind == ActionKind.KEEPER_PENALTY:
        return keeper_life.is_lapsed(
            rules, notice.state, notice.since, on
        ) or keeper_life.is_undelivered(rules, notice.state, notice.offence_on, on)
    is_offer = notice.kind in MONEY_KINDS and notice.state not in TERMINAL | {S.COURT}
    limit = time_limit(rules, notice.kind, notice.offence_on, notice.offence)
    return is_offer and limit is not None and on > limit


def _refusals(rules: RuleBook, notice: NoticeFacts, state: NoticeState, on: date) -> Iterator[str]:
    ends = deadlines(rules, notice.offence_on, notice_on=notice.issued_on, given_on=notice.given_on)
    last_to_pay = ends.last_day_to_pay
    begun = notice.issued_on or notice.offence_on
    if on < begun:
        yield f"It was issued on {date_in_words(begun)}: nothing follows before."
    if state == S.PAID_DISCOUNT:
        yield from _discount_refusals(rules, notice, on)
    if notice.kind == ActionKind.KEEPER_PENALTY:
        yield from _keeper_refusals(rules, notice, state, on)
        return
    if notice.since is not None and begun <= on < notice.since:
        yield f"It has been so since {date_in_words(notice.since)}: nothing follows before."
    is_penalty = notice.kind in MONEY_KINDS
    if is_penalty and state in {S.UNPAID, S.REFERRED_TO_LEGAL}:
        yield from _unpaid_refusals(last_to_pay, on, period_mark(rules, "payment", begun))
    yield from _limit_refusals(rules, notice, state, on)


def _limit_refusals(
    rules: RuleBook, notice: NoticeFacts, state: NoticeState, on: date
) -> Iterator[str]:
    """Too late for a court, or too early to say so."""
    limit = time_limit(rules, notice.kind, notice.offence_on, notice.offence)
    if limit is None:
        if state == S.TIMED_OUT:
            yield "The offence is triable either way: there is no time limit."
        return
    last = f"{date_in_words(limit)}{period_mark(rules, 'prosecution', notice.offence_on)}"
    if state == S.COURT and on > limit:
        yield f"Proceedings had to begin by {last}: it is time-barred."
    elif state == S.TIMED_OUT and on <= limit:
        yield f"Proceedings may still begin until {last}."


def _unpaid_refusals(last_to_pay: date | None, on: date, mark: str) -> Iterator[str]:
    if last_to_pay is None:
        yield "The date of the notice is not recorded: the days to pay cannot be counted."
    elif on <= last_to_pay:
        yield (
            f"It can be paid until {date_in_words(last_to_pay)}: from "
            f"{date_in_words(last_to_pay + timedelta(days=1))}{mark}."
        )


def _keeper_refusals(
    rules: RuleBook, notice: NoticeFacts, state: NoticeState, on: date
) -> Iterator[str]:
    given_on, since = notice.given_on, notice.since
    refusal = keeper_life.keeper_refusal(
        rules,
        notice.state,
        state,
        on,
        offence_on=notice.offence_on,
        given_on=given_on,
        since=since,
        been=notice.been,
    )
    if refusal:
        yield refusal
    if state in _KEPT_ALIVE and keeper_life.is_lapsed(rules, notice.state, since, on):
        mark = period_mark(rules, "keeper_answer", since) if since else ""
        yield f"The representations were not answered in time{mark}: it counts as cancelled."


_KEPT_ALIVE = frozenset({S.PAID_FULL, S.REJECTED})
"""What cannot follow once the time to answer representations has run out."""


def _discount_refusals(rules: RuleBook, notice: NoticeFacts, on: date) -> Iterator[str]:
    early = discount_last_day(notice)
    if notice.discount_pence is None:
        yield "This notice has no early amount."
    elif early is None:
        yield "The day that the early amount counts from is not recorded: enter it first."
    elif on > early:
        mark = early_mark(rules, notice.kind, notice.issued_on)
        yield f"The early amount was enough until {date_in_words(early)}{mark}."
