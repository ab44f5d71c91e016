"""What was done before about the same act: one act goes down one route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.core.vocabulary import ACTION_WORDS, ActionKind
from geodata.enforcement import actions
from geodata.enforcement.actions import ActionWithState
from geodata.rules.council import rulebook
from geodata.rules.days import date_in_words, local_day
from geodata.rules.enforcement.routes import UNDONE, EarlierStep
from web.services.common.wording import time_in_words
from web.services.enforcement.act_drafts import ActDraft, Choice

if TYPE_CHECKING:
    from geodata.models import EnforcementAction


def tied_to(session: Session, act_ref: str) -> ActionWithState:
    """The first action about an act, which tells the act's place and time.

    Raises
    ------
    RefusedError
        Nothing was done about such an act.
    """
    together = actions.of_act(session, act_ref)
    if not together:
        raise RefusedError(
            f"nothing is recorded of the act {act_ref!r}: record this one without a tie"
        )
    return together[-1]


def refuse_far_tie(session: Session, draft: ActDraft) -> None:
    """Tied to an act elsewhere, this one would pass the question whether it is dealt with."""
    if not draft.act_ref:
        return
    near = actions.near_act(session, draft.offence_at, draft.where.point)
    if not any(action.act_ref == draft.act_ref for action, _ in near):
        first, _ = tied_to(session, draft.act_ref)
        moment = first.offence_at
        raise RefusedError(
            f"it is tied to the act of {first.reference}, {time_in_words(moment)} on "
            f"{date_in_words(local_day(moment))}, which was at another place or time: enter that "
            "place and time, or record it without the tie"
        )


def act_ref_of(session: Session, draft: ActDraft) -> str | None:
    """The act's reference: as given, or found by the same person at the same place and time."""
    if draft.act_ref or not draft.recipient_ref:
        return draft.act_ref or None
    return actions.act_of_same_person(
        session, draft.recipient_ref, draft.offence_at, draft.where.point
    )


def earlier_steps(session: Session, draft: ActDraft) -> tuple[EarlierStep, ...]:
    """What was done about this act already."""
    act_ref = act_ref_of(session, draft)
    earlier = actions.of_act(session, act_ref) if act_ref else []
    return tuple(EarlierStep(action.reference, action.kind, state) for action, state in earlier)


def same_act_perhaps(session: Session, draft: ActDraft) -> list[ActionWithState]:
    """Exclusive actions at the place and time of an act that it is not tied to yet.

    Driver and keeper have different references, so that a reference tells no two acts apart.
    """
    tied = act_ref_of(session, draft)
    powers = rulebook(session)["powers"]
    day = local_day(draft.offence_at)
    return [
        (action, state)
        for action, state in actions.near_act(session, draft.offence_at, draft.where.point)
        if (tied is None or action.act_ref != tied)
        and state not in UNDONE
        and (power := powers.on(day, action.kind))
        and power["exclusive"]
    ]


def refuse_second_route(session: Session, draft: ActDraft, choice: Choice) -> None:
    """Let no act go down two exclusive routes, unless the officer says why it is another act."""
    power = rulebook(session)["powers"].on(local_day(draft.offence_at), choice.kind)
    if choice.other_act_reason.strip():
        refuse_no_reason(
            choice.other_act_reason, "such as two people, each with litter of their own"
        )
        return
    if power is None or not power["exclusive"]:
        return
    near_acts = [
        f"{ACTION_WORDS[ActionKind(action.kind)]} {action.reference}"
        for action, _ in same_act_perhaps(session, draft)
        if not _is_another_person(action, draft, choice)
    ]
    if near_acts:
        raise RefusedError(
            f"is it the same act as {', '.join(near_acts)}? One act, one route: tie it to that "
            "act, or write why this is another act"
        )


def _is_another_person(action: EnforcementAction, draft: ActDraft, choice: Choice) -> bool:
    """Whether two notices of one kind name two people: each answers for an act of their own."""
    refs = (action.recipient_ref, draft.recipient_ref)
    return action.kind == choice.kind and all(refs) and refs[0] != refs[1]
