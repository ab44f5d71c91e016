"""Recording an action: what is lawful there and then, and the record of what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import ACTION_WORDS, ActionKind, AgeBand
from geodata.enforcement import actions, evidence, issuers, orders
from geodata.enforcement.actions import ActionWithState
from geodata.enforcement.evidence import EvidenceDraft
from geodata.incidents import nearby
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.rules.council import rulebook
from geodata.rules.days import date_in_words, local_day
from geodata.rules.enforcement.routes import (
    LADDER,
    UNDONE,
    Act,
    EarlierStep,
    Route,
    lawful_routes,
    route_of,
    undecided,
)
from geodata.rules.enforcement.warnings import Warned, counting_warning
from geodata.store.engine import lock
from web.services.common.officer_position import Standpoint
from web.services.common.wording import time_in_words

if TYPE_CHECKING:
    from geodata.models import EnforcementAction

ENTITY = "enforcement_action"
TIE_WITHIN_M, TIE_WITHIN = 60.0, timedelta(days=7)
"""How near in place and time an incident is offered as what the act was about."""


@dataclass(frozen=True)
class ActDraft:
    """One act as the officer describes it. Nobody's name, plate or date of birth.

    Attributes
    ----------
    issued_on
        Local day of the notice.
    recipient_ref
        Reference in the council's penalty system, empty where there is none yet.
    act_ref
        Of what was done about the same act before, empty where nothing was.
    conduct
        What a community protection warning or notice is about, empty for other actions.
    """

    where: Standpoint
    offence_at: datetime
    issued_on: date
    age_band: AgeBand
    issuer_id: int
    from_vehicle: bool = False
    over_a_sack: bool = False
    recipient_ref: str = ""
    act_ref: str = ""
    conduct: str = ""


@dataclass(frozen=True)
class Choice:
    """The route that the officer takes.

    ``idempotency_key`` is the form's: the same form sent twice is recorded once.
    ``incident_key`` is that of the incident the act was about, empty where none is tied to it.
    ``other_act_reason`` says why this is not the act that something nearby was done about.
    ``evidence`` is None where it is stated later.
    """

    kind: str
    idempotency_key: str
    prohibition: str | None = None
    given_on: date | None = None
    landmark: str = ""
    note: str = ""
    incident_key: str = ""
    other_act_reason: str = ""
    evidence: EvidenceDraft | None = None


@dataclass(frozen=True)
class NearIncident:
    """An incident near an act, which the officer may tie to it."""

    id: int
    key: str
    first_reported_at: datetime
    away_m: float
    state: str


def routes_for(session: Session, draft: ActDraft, *, now: datetime) -> list[Route]:
    """Every route, open or refused with its reasons.

    Raises
    ------
    RefusedError
        The act lies in the future, or is tied to one of another place or time.
    """
    return lawful_routes(rulebook(session), _act(session, draft, now=now))


def incidents_near(session: Session, draft: ActDraft, *, now: datetime) -> list[NearIncident]:
    """Incidents within 60 m of the act that lie there still or were spoken of lately."""
    around = nearby.recent_around(
        session,
        draft.where.point,
        within_m=TIE_WITHIN_M,
        since=draft.offence_at - TIE_WITHIN,
        until=now,
    )
    return [
        NearIncident(
            incident.id,
            incident.key,
            incident.first_reported_at,
            incident.geometry.distance(draft.where.point),
            incident.state,
        )
        for incident in around
    ]


def same_act_perhaps(session: Session, draft: ActDraft) -> list[ActionWithState]:
    """Exclusive actions at the place and time of an act that it is not tied to yet.

    Driver and keeper have different references, so that a reference tells no two acts apart.
    """
    tied = _act_ref(session, draft)
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


def record(session: Session, draft: ActDraft, choice: Choice, actor: Actor) -> EnforcementAction:
    """Record an action, with its amount frozen; the same form sent twice gives the same one.

    Raises
    ------
    RefusedError
        The route is not lawful for this act, or a text holds personal data.
    """
    lock(session, ENTITY)
    known = actions.by_idempotency_key(session, choice.idempotency_key)
    if known is not None:
        return known
    refuse_personal_data(choice.note, choice.landmark, draft.recipient_ref, choice.other_act_reason)
    act = _act(session, draft, choice, now=actor.now)
    route = route_of(rulebook(session), act, choice.kind)
    _refuse_closed(route, act, draft, choice, now=actor.now)
    _refuse_second_route(session, draft, choice)
    action = actions.add(
        session,
        _columns(session, draft, choice, route, now=actor.now),
        at=_issued_at(draft, actor.now),
        now=actor.now,
        user_id=actor.user_id,
        details=_details(draft, choice, route),
    )
    audit.write(session, actor, "create", ENTITY, action.id, after=snapshot(action, "issued"))
    _state_evidence(session, action, choice, actor)
    return action


def _state_evidence(
    session: Session, action: EnforcementAction, choice: Choice, actor: Actor
) -> None:
    stated = choice.evidence
    if stated is not None:
        refuse_personal_data(stated.grounds, stated.pick_up_reason, stated.recording_ref)
        evidence.add(session, action, stated, now=actor.now, user_id=actor.user_id)


def refuse_personal_data(*texts: str) -> None:
    """Let no text in that says who somebody is.

    Raises
    ------
    RefusedError
        A text holds a mail address, telephone number, number plate or titled name.
    """
    pieces = [piece for text in texts for piece in found_in(text)]
    if pieces:
        raise RefusedError(
            f"{', '.join(pieces)} may say who somebody is: take it out. Identity belongs in the "
            "penalty system only"
        )


def snapshot(action: EnforcementAction, state: str) -> dict[str, object]:
    """What the audit keeps of an action: no free text."""
    kept = ("kind", "offence_code", "offence_at", "issued_on", "given_on", "amount_pence")
    return {name: getattr(action, name) for name in (*kept, "age_band")} | {"state": state}


def _act(session: Session, draft: ActDraft, choice: Choice | None = None, *, now: datetime) -> Act:
    if draft.offence_at > now:
        raise RefusedError("the act lies in the future: check the date and the time")
    if draft.issued_on > local_day(now):
        raise RefusedError("the notice lies in the future: check its date")
    _refuse_far_tie(session, draft)
    day = local_day(draft.offence_at)
    seen = orders.seen_from(session, draft.where.point, day)
    warning = _warning(session, draft)
    return Act(
        offence_at=draft.offence_at,
        issued_on=draft.issued_on,
        age_band=draft.age_band,
        authorised=issuers.powers_on(session, draft.issuer_id, draft.issued_on),
        orders=tuple(there.facts for there in seen),
        prohibition=choice.prohibition if choice else None,
        accuracy_m=draft.where.accuracy_m,
        from_vehicle=draft.from_vehicle,
        over_a_sack=draft.over_a_sack,
        earlier=_earlier(session, draft),
        conduct=draft.conduct or None,
        has_cpw=isinstance(warning, Warned),
        warning_fault="" if isinstance(warning, Warned) else warning,
        has_cpn=_breached_notice(session, draft) is not None,
        given_on=choice.given_on if choice else None,
    )


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


def _refuse_far_tie(session: Session, draft: ActDraft) -> None:
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


def _act_ref(session: Session, draft: ActDraft) -> str | None:
    """The act's reference: as given, or found by the same person at the same place and time."""
    if draft.act_ref or not draft.recipient_ref:
        return draft.act_ref or None
    return actions.act_of_same_person(
        session, draft.recipient_ref, draft.offence_at, draft.where.point
    )


def _earlier(session: Session, draft: ActDraft) -> tuple[EarlierStep, ...]:
    act_ref = _act_ref(session, draft)
    earlier = actions.of_act(session, act_ref) if act_ref else []
    return tuple(EarlierStep(action.reference, action.kind, state) for action, state in earlier)


def _warning(session: Session, draft: ActDraft) -> Warned | str:
    """The warning that a notice to this person would follow, or why there is none."""
    ref = draft.recipient_ref
    given = actions.warnings(session, ref, draft.issued_on) if ref else []
    return counting_warning(rulebook(session), given, draft.conduct or None, draft.issued_on)


def _breached_notice(session: Session, draft: ActDraft) -> Warned | None:
    """The newest notice (CPN) to this person for this conduct, given by the day of the act."""
    if not draft.recipient_ref or not draft.conduct:
        return None
    day = local_day(draft.offence_at)
    given = actions.warnings(session, draft.recipient_ref, day, ActionKind.CPN)
    return next((each for each in given if each.conduct == draft.conduct), None)


def _ladder(session: Session, draft: ActDraft, route: Route) -> dict[str, object]:
    """The conduct of a warning or notice, and the warning that a notice follows."""
    if route.kind not in LADDER:
        return {}
    earlier: Warned | str | None = None
    if route.kind == ActionKind.CPN:
        earlier = _warning(session, draft)
    elif route.kind == ActionKind.CPN_FPN:
        earlier = _breached_notice(session, draft)
    key = earlier.key if isinstance(earlier, Warned) else None
    return {"conduct": draft.conduct, "earlier_action_id": key}


def _refuse_closed(
    route: Route, act: Act, draft: ActDraft, choice: Choice, *, now: datetime
) -> None:
    if not route.is_open:
        raise RefusedError("; ".join(route.refusals))
    unsaid = undecided(route.kind, act)
    if unsaid:
        raise RefusedError(unsaid)
    if choice.given_on is not None and choice.given_on > local_day(now):
        raise RefusedError("the day it was given lies in the future: record it once it is given")
    if draft.over_a_sack and route.kind == ActionKind.LITTER_FPN and not choice.note.strip():
        raise RefusedError("more than one sack: note why this is litter and not fly-tipping")


def _refuse_second_route(session: Session, draft: ActDraft, choice: Choice) -> None:
    power = rulebook(session)["powers"].on(local_day(draft.offence_at), choice.kind)
    if choice.other_act_reason.strip() or power is None or not power["exclusive"]:
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


def _incident_id(session: Session, draft: ActDraft, choice: Choice, *, now: datetime) -> int | None:
    if not choice.incident_key:
        return None
    for incident in incidents_near(session, draft, now=now):
        if incident.key == choice.incident_key:
            return incident.id
    raise RefusedError(
        f"the incident {choice.incident_key} is not within {TIE_WITHIN_M:.0f} m of this act, or "
        "was cleared long before: choose one of the list, or none"
    )


def _columns(
    session: Session, draft: ActDraft, choice: Choice, route: Route, *, now: datetime
) -> dict[str, object]:
    amount = route.amount
    power = rulebook(session)["powers"].on(local_day(draft.offence_at), route.kind)
    return {
        "idempotency_key": choice.idempotency_key,
        "kind": route.kind,
        "offence_code": power and power["offence"],
        "offence_at": draft.offence_at,
        "geometry": draft.where.point,
        "accuracy_m": draft.where.accuracy_m,
        "place_id": draft.where.place_id,
        "landmark": choice.landmark.strip() or None,
        "incident_id": _incident_id(session, draft, choice, now=now),
        "issuer_id": draft.issuer_id,
        "age_band": draft.age_band.value,
        "recipient_ref": draft.recipient_ref or None,
        "act_ref": _act_ref(session, draft),
        "issued_on": draft.issued_on,
        "given_on": choice.given_on,
        "amount_pence": amount and amount.pence,
        "discount_pence": amount and amount.discount_pence,
        "discount_days": amount and amount.discount_days,
        "note": choice.note.strip() or None,
        **_ladder(session, draft, route),
        **_breach(session, draft, choice),
    }


def _breach(session: Session, draft: ActDraft, choice: Choice) -> dict[str, int]:
    """Which version of which order was breached, and which of its prohibitions."""
    if choice.kind != ActionKind.PSPO_FPN:
        return {}
    day = local_day(draft.offence_at)
    for seen in orders.seen_from(session, draft.where.point, day):
        for prohibition in seen.version.prohibitions:
            if seen.holds and prohibition.code == choice.prohibition:
                return {"order_version_id": seen.version.id, "prohibition_id": prohibition.id}
    return {}


def _issued_at(draft: ActDraft, now: datetime) -> datetime:
    """The instant of issue, where the day alone is known: that of the act, or now."""
    return draft.offence_at if draft.issued_on == local_day(draft.offence_at) else now


def _details(draft: ActDraft, choice: Choice, route: Route) -> dict[str, object]:
    return {
        "from_vehicle": draft.from_vehicle,
        "over_a_sack": draft.over_a_sack,
        "conditions": list(route.conditions),
        "other_act_reason": choice.other_act_reason.strip() or None,
        "basis": route.amount.basis if route.amount else None,
    }
