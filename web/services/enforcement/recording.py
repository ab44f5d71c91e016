"""Recording an action: the record of what was done, where it is lawful there and then."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.enforcement import actions, evidence, orders
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.people.personal_data import found_in
from geodata.rules.council import rulebook
from geodata.rules.days import instant_of_day, local_day
from geodata.rules.enforcement.offences import (
    OF_ANY_OFFENCE,
    is_breach_of_order,
    offence_of,
    offences,
)
from geodata.rules.enforcement.routes import LADDER, Act, Route, route_of, undecided
from geodata.rules.enforcement.warnings import Warned
from geodata.store.engine import lock
from web.services.enforcement.act_drafts import ActDraft, Choice
from web.services.enforcement.lawful_choices import act_of, breached_notice, warning_before
from web.services.enforcement.near_incidents import tied_incident_id
from web.services.enforcement.same_acts import act_ref_of, refuse_second_route

if TYPE_CHECKING:
    from geodata.models import EnforcementAction

ENTITY = "enforcement_action"


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
    act = act_of(session, draft, choice, now=actor.now)
    route = route_of(rulebook(session), act, choice.kind)
    _refuse_closed(route, act, draft, choice, now=actor.now)
    _refuse_unnamed_breach(session, act, route)
    refuse_second_route(session, draft, choice)
    offence = offence_of(rulebook(session), act, route.kind)
    is_draft = choice.is_unserved and route.kind == ActionKind.KEEPER_PENALTY
    state = NoticeState.DRAFT if is_draft else NoticeState.ISSUED
    action = actions.add(
        session,
        _columns(session, draft, choice, route, offence, now=actor.now),
        at=_issued_at(draft, actor.now),
        now=actor.now,
        user_id=actor.user_id,
        details=_details(draft, choice, route),
        state=state,
    )
    audit.write(session, actor, "create", ENTITY, action.id, after=snapshot(action, state))
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


def _refuse_unnamed_breach(session: Session, act: Act, route: Route) -> None:
    if act.prohibition is None and is_breach_of_order(rulebook(session), act, route.kind):
        raise RefusedError("choose the prohibition that was breached")


def _columns(
    session: Session,
    draft: ActDraft,
    choice: Choice,
    route: Route,
    offence: str | None,
    *,
    now: datetime,
) -> dict[str, object]:
    amount = route.amount
    breached = _breached(session, route, offence)
    return {
        "idempotency_key": choice.idempotency_key,
        "kind": route.kind,
        "offence_code": offence,
        "offence_at": draft.offence_at,
        "geometry": draft.where.point,
        "accuracy_m": draft.where.accuracy_m,
        "place_id": draft.where.place_id,
        "landmark": choice.landmark.strip() or None,
        "incident_id": tied_incident_id(session, draft, choice, now=now),
        "issuer_id": draft.issuer_id,
        "age_band": draft.age_band.value,
        "recipient_ref": draft.recipient_ref or None,
        "act_ref": act_ref_of(session, draft),
        "issued_on": draft.issued_on,
        "given_on": choice.given_on,
        "amount_pence": amount and amount.pence,
        "discount_pence": amount and amount.discount_pence,
        "discount_days": amount and amount.discount_days,
        "note": choice.note.strip() or None,
        **_ladder(session, draft, breached),
        **(_breach(session, draft, choice) if breached == ActionKind.PSPO_FPN else {}),
    }


def _breached(session: Session, route: Route, offence: str | None) -> str:
    """The route, or the penalty notice whose offence a caution or prosecution is for."""
    if route.kind not in OF_ANY_OFFENCE:
        return route.kind
    return offences(rulebook(session)).get(offence or "", route.kind)


def _ladder(session: Session, draft: ActDraft, kind: str) -> dict[str, object]:
    """The conduct of a warning, a notice or its breach, and what each of these follows."""
    if kind not in LADDER:
        return {}
    earlier: Warned | str | None = None
    if kind == ActionKind.CPN:
        earlier = warning_before(session, draft)
    elif kind == ActionKind.CPN_FPN:
        earlier = breached_notice(session, draft)
    key = earlier.key if isinstance(earlier, Warned) else None
    return {"conduct": draft.conduct, "earlier_action_id": key}


def _breach(session: Session, draft: ActDraft, choice: Choice) -> dict[str, int]:
    """Which version of which order was breached, and which of its prohibitions."""
    day = local_day(draft.offence_at)
    for seen in orders.seen_from(session, draft.where.point, day):
        for prohibition in seen.version.prohibitions:
            if seen.holds and prohibition.code == choice.prohibition:
                return {"order_version_id": seen.version.id, "prohibition_id": prohibition.id}
    return {}


def _issued_at(draft: ActDraft, now: datetime) -> datetime:
    """The instant of issue, where the day alone is known: that of the act, now, or its noon.

    A notice may be recorded days after it was issued, and what followed in between counts.
    """
    if draft.issued_on == local_day(draft.offence_at):
        return draft.offence_at
    return instant_of_day(draft.issued_on, now)


def _details(draft: ActDraft, choice: Choice, route: Route) -> dict[str, object]:
    return {
        "from_vehicle": draft.from_vehicle,
        "over_a_sack": draft.over_a_sack,
        "conditions": list(route.conditions),
        "other_act_reason": choice.other_act_reason.strip() or None,
        "basis": route.amount.basis if route.amount else None,
    }
