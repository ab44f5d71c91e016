"""Penalty notices and other actions in the store; their status is the last of their events."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from geodata.core.errors import NotFoundError
from geodata.core.spatial import box_around, box_intersects
from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.models import ActionEvent, EnforcementAction, OrderVersion
from geodata.reports import new_reference
from geodata.rules.days import LONDON, local_day
from geodata.rules.enforcement.routes import UNDONE
from geodata.rules.enforcement.warnings import Warned

SAME_ACT_M, SAME_ACT_TIME = 50.0, timedelta(minutes=15)
"""The same person within this distance and time is taken to be one act."""

ActionWithState = tuple[EnforcementAction, str]
ASKED_AT_ONCE = 1_000
"""Keys in one question: a store takes a bounded number of values."""
"""An action and its state."""


def add(
    session: Session,
    columns: Mapping[str, Any],
    *,
    at: datetime,
    now: datetime,
    user_id: int | None,
    details: Mapping[str, Any] | None = None,
    state: NoticeState = NoticeState.ISSUED,
) -> EnforcementAction:
    """A new action with its first event, issued or drafted ``at`` an instant.

    Parameters
    ----------
    columns
        Of the table, without its references. ``act_ref`` ties it to what was done about the same
        act before; it gets a new one where that is None.
    details
        What the officer decided on the way, such as that a big dump is litter.
    """
    reference = new_reference()
    given = dict(columns) | {"act_ref": columns.get("act_ref") or reference}
    action = EnforcementAction(reference=reference, user_id=user_id, **given)
    session.add(action)
    session.flush()
    add_event(session, action, state, at=at, now=now, user_id=user_id, details=details)
    return action


def add_event(
    session: Session,
    action: EnforcementAction,
    state: NoticeState,
    *,
    at: datetime,
    now: datetime,
    user_id: int | None,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """One step in an action's life."""
    session.add(
        ActionEvent(
            action_id=action.id,
            state=state.value,
            at=at,
            recorded_at=now,
            user_id=user_id,
            reason=reason or None,
            details=dict(details) if details else None,
        )
    )
    session.flush()


def _with_state(*conditions: ColumnElement[bool]) -> Select[EnforcementAction, str]:
    last = select(func.max(ActionEvent.id).label("id")).group_by(ActionEvent.action_id).subquery()
    return (
        select(EnforcementAction, ActionEvent.state)
        .join(ActionEvent, ActionEvent.action_id == EnforcementAction.id)
        .join(last, last.c.id == ActionEvent.id)
        .where(*conditions)
        .order_by(EnforcementAction.offence_at.desc(), EnforcementAction.id.desc())
    )


def _with_states(session: Session, query: Select[EnforcementAction, str]) -> list[ActionWithState]:
    return [(action, state) for action, state in session.execute(query)]


def every(
    session: Session,
    *,
    kind: str | None = None,
    state: str | None = None,
    since: date | None = None,
    until: date | None = None,
    is_given: bool = False,
) -> list[ActionWithState]:
    """Actions with their states, the newest act first.

    Parameters
    ----------
    since, until
        First and last local day of the act.
    is_given
        Whether notices that nobody was ever given are left out: they are no enforcement.
    """
    chosen: list[ColumnElement[bool]] = []
    if is_given:
        chosen.append(_was_issued())
    if kind:
        chosen.append(EnforcementAction.kind == kind)
    if state:
        chosen.append(ActionEvent.state == state)
    if since:
        chosen.append(EnforcementAction.offence_at >= _midnight(since))
    if until:
        chosen.append(EnforcementAction.offence_at < _midnight(until + timedelta(days=1)))
    return _with_states(session, _with_state(*chosen))


def _was_issued() -> ColumnElement[bool]:
    step = aliased(ActionEvent)
    return (
        select(step.id)
        .where(step.action_id == EnforcementAction.id, step.state == NoticeState.ISSUED.value)
        .exists()
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def find(session: Session, reference: str) -> ActionWithState:
    """One action and its state.

    Raises
    ------
    NotFoundError
        There is none of this reference.
    """
    rows = _with_states(
        session, _with_state(EnforcementAction.reference == reference.upper().strip())
    )
    if not rows:
        raise NotFoundError(f"there is no notice {reference!r}")
    return rows[0]


def first_act_at(session: Session) -> datetime | None:
    """When the first act that is recorded was; None where none is."""
    return session.scalar(select(func.min(EnforcementAction.offence_at)))


def reference_of(session: Session, key: int) -> str:
    """The reference of the action of a key."""
    return session.get_one(EnforcementAction, key).reference


def incidents_with_action(session: Session, incident_ids: Sequence[int]) -> set[int]:
    """Those of the incidents about which something was enforced."""
    query = select(EnforcementAction.incident_id).where(
        EnforcementAction.incident_id.in_(incident_ids)
    )
    return {key for key in session.scalars(query) if key is not None}


def by_idempotency_key(session: Session, key: str) -> EnforcementAction | None:
    """The action that was recorded under a form's key, if it was."""
    return session.scalar(select(EnforcementAction).where(EnforcementAction.idempotency_key == key))


def events(session: Session, action: EnforcementAction) -> list[ActionEvent]:
    """An action's life, in the order it was recorded."""
    query = select(ActionEvent).where(ActionEvent.action_id == action.id)
    return list(session.scalars(query.order_by(ActionEvent.id)))


def states_since(session: Session, keys: Sequence[int]) -> dict[int, date]:
    """The local day of each action's last event, by its key; those without any are left out."""
    since: dict[int, date] = {}
    for first in range(0, len(keys), ASKED_AT_ONCE):
        some = ActionEvent.action_id.in_(keys[first : first + ASKED_AT_ONCE])
        last = select(func.max(ActionEvent.id)).where(some).group_by(ActionEvent.action_id)
        query = select(ActionEvent.action_id, ActionEvent.at).where(ActionEvent.id.in_(last))
        since |= {key: local_day(at) for key, at in session.execute(query)}
    return since


def of_act(session: Session, act_ref: str) -> list[ActionWithState]:
    """Everything done about one act."""
    return _with_states(session, _with_state(EnforcementAction.act_ref == act_ref))


def within(session: Session, area: BaseGeometry) -> list[ActionWithState]:
    """Actions inside an area (EPSG:27700), its edge included, with their states."""
    near = _with_state(box_intersects(EnforcementAction.geometry, area.bounds))
    return [(a, state) for a, state in _with_states(session, near) if area.covers(a.geometry)]


def near_act(
    session: Session, offence_at: datetime, point: Point, *conditions: ColumnElement[bool]
) -> list[ActionWithState]:
    """What was done within 50 m and 15 minutes of an act (EPSG:27700), whoever answered it."""
    near = _with_state(
        *conditions,
        EnforcementAction.offence_at >= offence_at - SAME_ACT_TIME,
        EnforcementAction.offence_at <= offence_at + SAME_ACT_TIME,
        box_intersects(EnforcementAction.geometry, box_around(point.x, point.y, SAME_ACT_M)),
    )
    return [
        (action, state)
        for action, state in _with_states(session, near)
        if action.geometry.distance(point) <= SAME_ACT_M
    ]


def act_of_same_person(
    session: Session, recipient_ref: str, offence_at: datetime, point: Point
) -> str | None:
    """The act that the same person was dealt with for at that place and time, if any."""
    is_same_person = EnforcementAction.recipient_ref == recipient_ref
    same_act = near_act(session, offence_at, point, is_same_person)
    return same_act[0][0].act_ref if same_act else None


def warnings(
    session: Session, recipient_ref: str, by_day: date, kind: ActionKind = ActionKind.CPW
) -> list[Warned]:
    """Somebody's community protection warnings, or notices, by a day; newest first.

    Those that were undone are left out.
    """
    given = _with_state(
        EnforcementAction.recipient_ref == recipient_ref,
        EnforcementAction.kind == kind.value,
        EnforcementAction.issued_on <= by_day,
    )
    standing = [a for a, state in _with_states(session, given) if state not in UNDONE]
    warned = [Warned(a.id, a.reference, a.issued_on, a.conduct) for a in standing if a.issued_on]
    return sorted(warned, key=lambda each: (each.issued_on, each.key), reverse=True)


def of_issuer(session: Session, issuer_id: int) -> list[EnforcementAction]:
    """What an issuer issued, whatever became of it."""
    query = select(EnforcementAction).where(EnforcementAction.issuer_id == issuer_id)
    return list(session.scalars(query.order_by(EnforcementAction.id)))


def of_batch(session: Session, batch: int) -> set[int]:
    """Keys of what an import brought."""
    query = select(EnforcementAction.id).where(EnforcementAction.batch_id == batch)
    return set(session.scalars(query))


def of_version(session: Session, version_id: int, *, since: date) -> int:
    """How many actions name a version of an order, for acts on or after a local day."""
    query = select(func.count()).where(
        EnforcementAction.order_version_id == version_id,
        EnforcementAction.offence_at >= _midnight(since),
    )
    return session.scalar(query) or 0


def version_of(session: Session, action: EnforcementAction) -> OrderVersion | None:
    """The version of the order that an action says was breached."""
    key = action.order_version_id
    return None if key is None else session.get(OrderVersion, key)
