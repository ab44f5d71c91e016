"""The life of a keeper's civil penalty (SI 2018/171): one table of steps, each with its period.

It ends in payment, in cancellation or as a civil debt, and never before a criminal court.
The picture in the documentation is drawn from the same table.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from geodata.core.vocabulary import NoticeState
from geodata.rules.days import date_in_words
from geodata.rules.enforcement.deadlines import period_end, period_mark
from geodata.rules.tables import RuleBook

S = NoticeState


@dataclass(frozen=True)
class KeeperStep:
    """A step from one state to another.

    Attributes
    ----------
    period
        Code of the periods table; empty where the step has no time of its own.
    counted_from
        ``act``: the day of the act; ``given``: the day the keeper was given the notice; ``since``:
        the day its state began.
    side
        ``within`` the period, or only ``after`` it.
    also
        Another period of the same first day that must have run too.
    once
        A state that it must have been in before, whatever came since.
    """

    before: NoticeState
    after: NoticeState
    period: str = ""
    counted_from: str = "given"
    side: str = "within"
    also: str = ""
    once: NoticeState | None = None


def _untimed(before: NoticeState, *after: NoticeState) -> list[KeeperStep]:
    return [KeeperStep(before, state) for state in after]


_SETTLED = (S.PAID_FULL, S.CANCELLED, S.VOID)
_DECIDED = (S.APPEAL_ALLOWED, S.APPEAL_DISMISSED, S.APPEAL_DIRECTED)
STEPS: tuple[KeeperStep, ...] = (
    KeeperStep(S.DRAFT, S.ISSUED, "keeper_service", "act"),
    *_untimed(S.DRAFT, S.VOID),
    *_untimed(S.ISSUED, S.PAID_DISCOUNT, *_SETTLED),
    KeeperStep(S.ISSUED, S.REPRESENTATION, "keeper_representations"),
    KeeperStep(S.ISSUED, S.DISREGARDED, "keeper_representations", side="after"),
    KeeperStep(
        S.ISSUED,
        S.INCREASED,
        "keeper_full_payment",
        side="after",
        also="keeper_representations",
    ),
    *_untimed(S.DISREGARDED, *_SETTLED),
    KeeperStep(S.DISREGARDED, S.INCREASED, "keeper_full_payment", side="after"),
    *_untimed(S.REPRESENTATION, *_SETTLED),
    KeeperStep(S.REPRESENTATION, S.REJECTED, "keeper_answer", "since"),
    *_untimed(S.REJECTED, *_SETTLED),
    KeeperStep(S.REJECTED, S.APPEAL, "keeper_appeal", "since"),
    KeeperStep(S.REJECTED, S.APPEAL_LATE, "keeper_appeal", "since", "after"),
    KeeperStep(S.REJECTED, S.INCREASED, "keeper_appeal", "since", "after"),
    *_untimed(S.APPEAL, *_DECIDED, *_SETTLED),
    # The adjudicator may let an appeal in late, even once the penalty was increased: whatever was
    # asked meanwhile stops, and the days after the decision begin anew.
    *_untimed(S.APPEAL_LATE, *_DECIDED, *_SETTLED),
    *(
        KeeperStep(state, S.APPEAL_LATE, once=S.REJECTED)
        for state in (S.INCREASED, S.ENFORCEMENT_NOTICE, S.CIVIL_DEBT)
    ),
    *_untimed(S.APPEAL_DIRECTED, *_SETTLED),
    KeeperStep(S.APPEAL_DIRECTED, S.INCREASED, "keeper_after_appeal", "since", "after"),
    *_untimed(S.APPEAL_DISMISSED, *_SETTLED),
    KeeperStep(S.APPEAL_DISMISSED, S.INCREASED, "keeper_after_appeal", "since", "after"),
    *_untimed(S.INCREASED, S.WRITTEN_OFF, *_SETTLED),
    KeeperStep(S.INCREASED, S.CIVIL_DEBT, "keeper_debt_at_once", "since", "after"),
    KeeperStep(S.INCREASED, S.ENFORCEMENT_NOTICE, "keeper_enforcement_notice", "since", "after"),
    *_untimed(S.ENFORCEMENT_NOTICE, S.WRITTEN_OFF, *_SETTLED),
    KeeperStep(S.ENFORCEMENT_NOTICE, S.CIVIL_DEBT, "keeper_debt", "since", "after"),
    *_untimed(S.CIVIL_DEBT, S.WRITTEN_OFF, *_SETTLED),
    # Kept before this procedure was: nothing leads to these states any more.
    *_untimed(S.UNPAID, S.WRITTEN_OFF, *_SETTLED),
    KeeperStep(S.UNPAID, S.INCREASED, "keeper_full_payment", side="after"),
    *_untimed(S.REMINDER, S.WRITTEN_OFF, *_SETTLED),
    KeeperStep(S.REMINDER, S.INCREASED, "keeper_full_payment", side="after"),
    *_untimed(S.REFERRED_TO_LEGAL, S.CIVIL_DEBT, S.WITHDRAWN, S.WRITTEN_OFF, *_SETTLED),
)
INCREASED_STATES = frozenset({S.INCREASED, S.ENFORCEMENT_NOTICE, S.CIVIL_DEBT})
"""The states in which twice the amount is asked."""
NEEDS_REASON = frozenset(
    {
        S.DISREGARDED,
        S.REJECTED,
        S.APPEAL,
        S.APPEAL_LATE,
        S.APPEAL_ALLOWED,
        S.APPEAL_DISMISSED,
        S.APPEAL_DIRECTED,
    }
)


def next_keeper_states(state: str) -> tuple[NoticeState, ...]:
    """The states that may follow; none after the end."""
    return tuple(step.after for step in STEPS if step.before == state)


def keeper_refusal(
    rules: RuleBook,
    state: str,
    after: NoticeState,
    on: date,
    *,
    offence_on: date | None,
    given_on: date | None,
    since: date | None,
    been: Collection[str] = (),
) -> str:
    """Why a step of the table cannot be taken on a day; empty where it can.

    A day that is not recorded refuses: what cannot be reckoned is not lawful.
    """
    step = next(step for step in STEPS if (step.before, step.after) == (state, after))
    if since is None:
        return _unrecorded("since")
    if on < since:
        return f"It has been so since {date_in_words(since)}: nothing follows before."
    if step.once is not None and step.once not in been:
        return f"Only after a {_IN_WORDS[step.once]}: none is recorded."
    if not step.period:
        return ""
    start = {"act": offence_on, "given": given_on, "since": since}[step.counted_from]
    if start is None:
        return _unrecorded(step.counted_from)
    both = [step, replace(step, period=step.also)] if step.also else [step]
    refusals = (_period_refusal(rules, each, start, on) for each in both)
    return next((refusal for refusal in refusals if refusal), "")


_IN_WORDS = {S.REJECTED: "rejection of the keeper's representations"}
_START_WORDS = {"act": "done", "given": "given to the keeper", "since": "put in this state"}


def _unrecorded(counted_from: str) -> str:
    return f"The day it was {_START_WORDS[counted_from]} is not recorded: enter it first."


def _period_refusal(rules: RuleBook, step: KeeperStep, start: date, on: date) -> str:
    if rules["periods"].on(start, step.period) is None:
        return f"There was no such step on {date_in_words(start)}."
    last = period_end(rules, step.period, start)
    mark = period_mark(rules, step.period, start)
    if step.side == "within" and on > last:
        return f"The last day for it was {date_in_words(last)}{mark}."
    if step.side == "after" and on <= last:
        return (
            f"The time before it runs until {date_in_words(last)}: from "
            f"{date_in_words(last + timedelta(days=1))}{mark}."
        )
    return ""


def watched_days(
    rules: RuleBook,
    state: str,
    *,
    given_on: date | None,
    since: date | None,
    offence_on: date | None = None,
) -> list[tuple[date, str]]:
    """What to watch in a state, in time: one day, with its words, where its periods end together.

    There are two where the council entered another period to pay than the law's for
    representations, and none where nothing runs.
    """
    starts = {"act": offence_on, "given": given_on, "since": since}
    words_of: dict[date, list[str]] = {}
    for period, counted_from, words in _WATCHED.get(state, ()):
        start = starts[counted_from]
        if start is not None:
            last = period_end(rules, period, start)
            words_of.setdefault(last, []).append(f"{words}{period_mark(rules, period, start)}")
    return [(day, _last_day_to(words)) for day, words in sorted(words_of.items())]


def _last_day_to(words: list[str]) -> str:
    """Last day to do one thing or another."""
    return "Last day " + " or ".join(words)


_WATCHED: dict[str, tuple[tuple[str, str, str], ...]] = {
    S.DRAFT: (("keeper_service", "act", "to give the notice to the keeper"),),
    S.ISSUED: (
        ("keeper_full_payment", "given", "to pay"),
        ("keeper_representations", "given", "to make representations"),
    ),
    S.REPRESENTATION: (
        (
            "keeper_answer",
            "since",
            "to answer the representations: without an answer the notice counts as cancelled",
        ),
    ),
    S.REJECTED: (("keeper_appeal", "since", "to pay or to appeal to the adjudicator"),),
    S.APPEAL_DISMISSED: (("keeper_after_appeal", "since", "to pay before the increase"),),
    S.APPEAL_DIRECTED: (("keeper_after_appeal", "since", "to follow the directions"),),
    S.ENFORCEMENT_NOTICE: (
        ("keeper_debt", "since", "to pay before it may be recovered as a civil debt"),
    ),
}


def is_undelivered(rules: RuleBook, state: str, offence_on: date | None, on: date) -> bool:
    """Whether a notice that was written was not given in time, so that it never can be."""
    return (
        state == S.DRAFT
        and offence_on is not None
        and on > period_end(rules, "keeper_service", offence_on)
    )


def is_lapsed(rules: RuleBook, state: str, since: date | None, on: date) -> bool:
    """Whether representations went unanswered, so that the notice counts as cancelled."""
    return (
        state == S.REPRESENTATION
        and since is not None
        and on > period_end(rules, "keeper_answer", since)
    )
