"""A notice with its history, its deadlines and its next steps; every look is in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata import places
from geodata.accounts import users
from geodata.core.errors import RefusedError
from geodata.core.geography import to_lonlat
from geodata.core.vocabulary import NoticeState
from geodata.enforcement import actions, footage, issuers
from geodata.enforcement.actions import ActionWithState
from geodata.enforcement.old_cases import BLANKED
from geodata.incidents import open_incidents
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.rules.council import rulebook
from geodata.rules.days import instant_of_day, local_day
from geodata.rules.enforcement.notice_life import (
    TERMINAL,
    Step,
    is_out_of_time,
    step_fault,
    steps,
)
from geodata.rules.tables import RuleBook
from geodata.store.engine import lock
from web.services.common.placing import NEAR_M, grid_reference
from web.services.common.wording import date_in_words
from web.services.enforcement.evidence_statements import Statement, statements
from web.services.enforcement.notice_deadlines import (
    NoticeDeadline,
    OpenNotice,
    due_pence,
    facts_of,
    notice_deadlines,
    open_notices,
    out_of_time_words,
    unread_source,
)
from web.services.enforcement.recording import ENTITY, refuse_personal_data, snapshot

if TYPE_CHECKING:
    from geodata.models import CctvRequest, EnforcementAction


@dataclass(frozen=True)
class HistoryLine:
    """One event of a notice's life."""

    state: str
    at: datetime
    who: str
    reason: str | None


@dataclass(frozen=True)
class AuditLine:
    """One look or change, from the audit."""

    act: str
    at: datetime
    who: str


@dataclass(frozen=True)
class NoticeView:
    """What an officer sees of one notice.

    Attributes
    ----------
    decisions
        What the officer decided at issue, and was told to see to.
    due_pence
        To be paid today; None where nothing is.
    is_amount_read
        Whether somebody has read its amount in its source.
    same_act, open_same_act
        Other actions about the same act, with their states; what the open ones wait for, by key.
    incident_key
        Of the incident that it was about, empty where none is tied to it.
    proposal
        What to record where it can no longer be enforced, empty where it can.
    where
        Known place near the act, ward, grid reference and coordinates.
    authority
        The written authority under which it was issued, empty where none is known.
    statements
        On what it rests, the statement that holds first.
    footage
        Requests for footage that are tied to it.
    blanked_at
        When what may say who it was about was removed; None while it is kept.
    """

    action: EnforcementAction
    state: str
    issuer: str
    order: str
    decisions: list[str]
    history: list[HistoryLine]
    audit: list[AuditLine]
    deadlines: list[NoticeDeadline]
    steps: list[Step]
    due_pence: int | None
    is_amount_read: bool
    same_act: list[ActionWithState]
    open_same_act: dict[int, OpenNotice]
    incident_key: str
    proposal: str
    where: str
    authority: str
    statements: list[Statement]
    footage: list[CctvRequest]
    blanked_at: datetime | None


@dataclass(frozen=True)
class Filters:
    """Which notices to list; None lets all through."""

    kind: str | None = None
    state: str | None = None
    since: date | None = None
    until: date | None = None


def list_notices(session: Session, filters: Filters, actor: Actor) -> list[ActionWithState]:
    """Notices with their states, newest act first."""
    notices = actions.every(session, **vars(filters))
    wanted = {name: value for name, value in vars(filters).items() if value}
    audit.write(session, actor, "list", ENTITY, after=wanted | {"rows": len(notices)})
    return notices


def open_notice(session: Session, reference: str, actor: Actor) -> NoticeView:
    """One notice, with what may follow today.

    Raises
    ------
    NotFoundError
        There is none of this reference.
    """
    action, state = actions.find(session, reference)
    audit.write(session, actor, "read", ENTITY, action.id)
    rules, today = rulebook(session), local_day(actor.now)
    facts = facts_of(session, action, state)
    version = actions.version_of(session, action)
    together = actions.of_act(session, action.act_ref) if action.act_ref else []
    others = [(other, its_state) for other, its_state in together if other.id != action.id]
    looks = [
        AuditLine(e.act, e.at, who or "") for e, who in audit.entries(session, ENTITY, action.id)
    ]
    return NoticeView(
        action,
        state,
        issuers.find(session, action.issuer_id).badge if action.issuer_id else "",
        f"{version.order.name}, version {version.number}" if version else "",
        _decisions(session, action),
        _history(session, action),
        looks,
        [] if state in TERMINAL else notice_deadlines(rules, facts),
        steps(rules, facts, today),
        due_pence(rules, action, facts, today),
        not unread_source(rules, action),
        others,
        open_notices(session, others, today, rules=rules),
        open_incidents.by_id(session, action.incident_id).key if action.incident_id else "",
        out_of_time_words(rules, facts) if is_out_of_time(rules, facts, today) else "",
        where_in_words(session, action),
        authority_in_words(session, rules, action),
        statements(session, action.reference),
        footage.of_action(session, action),
        next((line.at for line in looks if line.act == BLANKED), None),
    )


def where_in_words(session: Session, action: EnforcementAction) -> str:
    """The known place and ward of an act, its grid reference and its coordinates."""
    point, day = action.geometry, local_day(action.offence_at)
    place = places.place_near(session, point, within_m=NEAR_M, day=day)
    ward = places.ward_at(session, point, day)
    lon, lat = to_lonlat(point.x, point.y)
    named = dict.fromkeys(each.name for each in (place, ward) if each is not None)
    position = f"{grid_reference(point.x, point.y)} ({lat:.5f}, {lon:.5f})"
    return ", ".join([*named, position])


def authority_in_words(session: Session, rules: RuleBook, action: EnforcementAction) -> str:
    """The written authority that an action was issued under, empty where none is known."""
    power = rules["powers"].on(local_day(action.offence_at), action.kind)
    if action.issuer_id is None or power is None or not power["power"]:
        return ""
    on = action.issued_on or local_day(action.offence_at)
    held = issuers.authority_on(session, action.issuer_id, power["power"], on)
    badge = issuers.find(session, action.issuer_id).badge
    return (
        f"{held.instrument}, held by {badge} from {date_in_words(held.valid_from)}" if held else ""
    )


def take_step(
    session: Session,
    reference: str,
    state: NoticeState,
    on: date,
    reason: str,
    actor: Actor,
    *,
    seen: int | None = None,
) -> EnforcementAction:
    """Add a step to a notice's life; the action.

    Parameters
    ----------
    seen
        How many events whoever decides has seen; None: all that there are.

    Raises
    ------
    NotFoundError
        There is none of this reference.
    RefusedError
        The step cannot follow, not on that day or not without a reason; the reason holds personal
        data; or somebody took another step meanwhile.
    """
    lock(session, ENTITY)
    action, before = actions.find(session, reference)
    refuse_personal_data(reason)
    if seen is not None and seen != len(actions.events(session, action)):
        raise RefusedError("somebody took a step just now: open the notice again, and see it first")
    if on > local_day(actor.now):
        raise RefusedError(
            f"{date_in_words(on)} lies in the future: enter the day on which it happened"
        )
    fault = step_fault(rulebook(session), facts_of(session, action, before), state, on, reason)
    if fault:
        raise RefusedError(fault)
    if before == NoticeState.DRAFT and state == NoticeState.ISSUED:
        action.given_on = on  # the one word that an action gets later
    actions.add_event(
        session,
        action,
        state,
        at=instant_of_day(on, actor.now),
        now=actor.now,
        user_id=actor.user_id,
        reason=reason.strip(),
    )
    audit.write(
        session,
        actor,
        "change",
        ENTITY,
        action.id,
        before=snapshot(action, before),
        after=snapshot(action, state),
        reason=reason.strip(),
    )
    return action


def _decisions(session: Session, action: EnforcementAction) -> list[str]:
    details = next((e.details for e in actions.events(session, action) if e.details), {})
    words_of_flag = {"from_vehicle": "thrown from a vehicle", "over_a_sack": "more than one sack"}
    flags = [words for name, words in words_of_flag.items() if details.get(name)]
    basis = [details["basis"]] if details.get("basis") else []
    return [*flags, *basis, *details.get("conditions", [])]


def _history(session: Session, action: EnforcementAction) -> list[HistoryLine]:
    names = users.names(session)
    return [
        HistoryLine(event.state, event.at, names.get(event.user_id, "imported"), event.reason)
        for event in actions.events(session, action)
    ]
