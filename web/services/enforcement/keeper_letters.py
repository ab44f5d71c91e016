"""What letters about a keeper's penalty say of its periods, before and after they are given.

Where the day is not recorded yet on which the keeper was given it, the notice has a line for each
last day, which is filled in by hand, and a later letter says its period alone.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.rules.days import last_day_following
from geodata.rules.enforcement.deadlines import length_words, period_end
from geodata.rules.enforcement.notice_life import OFFERS
from geodata.rules.enforcement.penalties import pounds
from geodata.rules.tables import RuleBook
from web.services.common.wording import date_in_words

if TYPE_CHECKING:
    from geodata.models import EnforcementAction

S = NoticeState
LINE = "______________________________"
"""Filled in by hand, where the store holds nothing."""
LETTERS_IN: dict[str, tuple[str, ...]] = {
    S.REPRESENTATION: ("keeper_rejection",),
    S.REJECTED: ("keeper_rejection",),
    S.DISREGARDED: ("keeper_disregarded",),
    S.APPEAL_ALLOWED: ("keeper_appeal_allowed",),
    S.APPEAL_DISMISSED: ("keeper_appeal_decided",),
    S.APPEAL_DIRECTED: ("keeper_appeal_decided",),
    S.INCREASED: ("keeper_increase", "keeper_enforcement"),
    S.ENFORCEMENT_NOTICE: ("keeper_enforcement",),
}
"""What can be printed in a state besides the notice: to be given now, or given already."""
PERIODS_OF: dict[str, tuple[str, ...]] = {
    ActionKind.KEEPER_PENALTY: ("keeper_full_payment", "keeper_representations", "keeper_appeal"),
    "keeper_rejection": ("keeper_appeal",),
    "keeper_disregarded": ("keeper_representations", "keeper_full_payment"),
    "keeper_appeal_decided": ("keeper_after_appeal",),
    "keeper_increase": ("keeper_full_payment",),
    "keeper_enforcement": ("keeper_enforcement_notice", "keeper_debt"),
    **dict.fromkeys([*OFFERS, "rejection"], ("payment",)),
    ActionKind.CPN: ("notice_appeal",),
}
"""The periods that a letter rests on."""
GROUNDS = (
    "You may make representations in writing within {days}, to {to}. Grounds: no littering offence "
    "occurred; you were not the keeper then, because you became or stopped being the keeper, the "
    "vehicle was stolen, it was on hire, or for another reason; we had no power to give the "
    "notice; you are not liable because another person was penalised for it, or the liability is "
    "discharged; the penalty is more than the law allows; or we did not follow the procedure or "
    "should cancel it for compelling reasons."
)
APPEAL = (
    "If we reject your representations, you may appeal in writing to an independent adjudicator at "
    "the Traffic Penalty Tribunal within {days} beginning with the day on which you are given our "
    "answer, which says how."
)
REJECTED_APPEAL = (
    "You may appeal in writing to an independent adjudicator at the Traffic Penalty Tribunal "
    "{counted}. Say which of the grounds on the notice you rely on."
)


def notice_values(
    rules: RuleBook, action: EnforcementAction, day: date, representations_to: str
) -> dict[str, str]:
    """What the notice itself says, on the day of its date."""
    pay, within, answer = (days_words(rules, code, day) for code in PERIODS_OF[action.kind])
    objecting = _last_day(rules, "keeper_representations", action.given_on)
    counted = "beginning with the day on which you are given this notice"
    until = _last_day(rules, "keeper_full_payment", action.given_on)
    return {
        "pay_by": f"Pay within {pay} {counted}{until}.",
        "increase": "If it is not paid within that period, the penalty increases by 100%.",
        "recovery": "What is not paid may be recovered in the county court.",
        "representations": GROUNDS.format(
            days=f"{within} {counted}{objecting}", to=representations_to
        ),
        "early": _early(action),
        "appeal": APPEAL.format(days=answer),
    }


def _last_day(rules: RuleBook, code: str, given_on: date | None) -> str:
    """The last day of a period of the notice: filled in by hand until it is given."""
    return _until(rules, code, given_on) or f", that is by {LINE}"


def _early(action: EnforcementAction) -> str:
    """The early amount; its last day is filled in by hand until the notice is given."""
    if not action.discount_pence or not action.discount_days:
        return ""
    first, days = action.given_on, action.discount_days
    last = date_in_words(last_day_following(first, days)) if first else LINE
    return (
        f"{pounds(action.discount_pence)} is enough if you pay within {days} days following the "
        f"day on which you are given this notice, that is by {last}."
    )


def letter_values(
    rules: RuleBook,
    action: EnforcementAction,
    letter: str,
    state: str,
    *,
    since: date | None,
    today: date,
) -> dict[str, str]:
    """What a later letter says; ``since`` is the day on which the notice came into its state."""
    if letter == "keeper_rejection":
        return _rejection(rules, since if state == S.REJECTED else None, today)
    if letter == "keeper_disregarded":
        return {"late": _late(rules, action)}
    if letter == "keeper_appeal_decided":
        days = days_words(rules, "keeper_after_appeal", today)
        begun = "the day of the decision"
        until = _until(rules, "keeper_after_appeal", since)
        return {"pay_by": f"Do so within {days} beginning with {begun}{until}."}
    if letter == "keeper_enforcement":
        given = since if state == S.ENFORCEMENT_NOTICE else None
        days = days_words(rules, "keeper_debt", given or today)
        until = _until(rules, "keeper_debt", given)
        return {
            "today": date_in_words(given or today),
            "pay_by": f"Pay within {days} beginning with the day on which you are given this "
            f"notice{until}.",
            "recovery": "What is not paid then may be recovered as a civil debt, or as if the "
            "county court had ordered it.",
        }
    return {}


def _rejection(rules: RuleBook, given: date | None, today: date) -> dict[str, str]:
    days = days_words(rules, "keeper_appeal", given or today)
    until = _until(rules, "keeper_appeal", given).replace(", that is", ",")
    counted = f"within {days} beginning with the day you are given this letter{until}"
    return {
        "today": date_in_words(given or today),
        "pay_by": f"Do so {counted}.",
        "appeal": REJECTED_APPEAL.format(counted=counted),
    }


def _late(rules: RuleBook, action: EnforcementAction) -> str:
    days = days_words(rules, "keeper_representations", action.given_on or action.offence_at.date())
    until = _until(rules, "keeper_representations", action.given_on)
    return (
        f"They had to be made within {days} beginning with the day on which you were given the "
        f"notice{until}."
    )


def _until(rules: RuleBook, code: str, first: date | None) -> str:
    """The last day of a period, where its first is known."""
    return f", that is by {date_in_words(period_end(rules, code, first))}" if first else ""


def days_words(rules: RuleBook, code: str, day: date) -> str:
    """The length of a period, such as 28 days."""
    row = rules["periods"].on(day, code)
    return LINE if row is None else length_words(row)


def unread(rules: RuleBook, letter: str, day: date) -> list[str]:
    """The periods that a letter rests on and that nobody has read in the law, with their source."""
    held = [rules["periods"].on(day, code) for code in PERIODS_OF.get(letter, ())]
    return [
        f"{length_words(row)}: {row.source}" for row in held if row is not None and row.unverified
    ]
