"""Cases of enforcement that have served: what may say who it was is blanked, the figures stay.

A person's cases, and all that was done about one act, go together: else a warning would lose the
notice that followed it, and with it the figures of those days.
"""

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, null, or_, select, update
from sqlalchemy.orm import Session

from geodata.core.many_values import is_among
from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.enforcement import evidence, footage
from geodata.models import (
    ActionEvent,
    ActionEvidence,
    AuditEntry,
    CctvRequest,
    EnforcementAction,
)
from geodata.people.personal_data import REMOVED
from geodata.rules.enforcement.notice_life import MONEY_KINDS, TERMINAL
from geodata.store.redaction import changes_allowed

BLANKED = "remove_names"
"""The act in the audit that says that a case was blanked."""
ENTITY, FOOTAGE = "enforcement_action", "cctv_request"
AT_ONCE = 500
"""Cases of one tick: it holds the writer's lock."""
_GOES_ON = MONEY_KINDS | {ActionKind.PROSECUTION}
"""What was issued and waits; other actions are done when they are given."""


@dataclass(frozen=True)
class _Case:
    id: int
    kind: str
    act_ref: str | None
    recipient_ref: str | None
    state: str
    since: datetime

    def has_ended(self, before: datetime) -> bool:
        is_done = self.state == NoticeState.ISSUED and self.kind not in _GOES_ON
        return self.since < before and (is_done or self.state in TERMINAL)

    @property
    def ties(self) -> set[tuple[str, str]]:
        named = (("act", self.act_ref), ("person", self.recipient_ref))
        return {(name, ref) for name, ref in named if ref}


def ended(session: Session, *, before: datetime) -> list[int]:
    """Keys of cases that may be blanked, the oldest act first.

    Each ended before a moment, with every other case of the same person and act; no recording of
    it is kept.
    """
    cases = {case.id: case for case in _cases(session, EnforcementAction.offence_at < before)}
    if not cases:
        return []
    tied = {case.id: case for case in _tied_to(session, cases.values())} | cases
    kept = _recorded(session)
    ready = {k for k, case in tied.items() if case.has_ended(before) and k not in kept}
    while True:
        waiting = {tie for k, case in tied.items() if k not in ready for tie in case.ties}
        stays = {k for k in ready if tied[k].ties & waiting}
        if not stays:
            return [k for k in cases if k in ready]
        ready -= stays


def oldest_end(session: Session) -> datetime | None:
    """When the oldest case ended that is not blanked yet; None where none is kept."""
    for_ever = datetime.max.replace(tzinfo=UTC)
    ends = [case.since for case in _cases(session, limit=AT_ONCE) if case.has_ended(for_ever)]
    return min(ends, default=None)


def _recorded(session: Session) -> set[int]:
    """Cases with a recording or an export that is still to be deleted: its reference is needed."""
    recordings = {action.id for action, _ in evidence.to_weed(session)}
    exports = {request.action_id for request in footage.to_delete(session) if request.action_id}
    return recordings | exports


def _cases(
    session: Session, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[_Case]:
    last = select(func.max(ActionEvent.id)).group_by(ActionEvent.action_id)
    was_blanked = (
        select(AuditEntry.id)
        .where(
            AuditEntry.entity == ENTITY,
            AuditEntry.entity_id == EnforcementAction.id,
            AuditEntry.act == BLANKED,
        )
        .exists()
    )
    query = (
        select(
            EnforcementAction.id,
            EnforcementAction.kind,
            EnforcementAction.act_ref,
            EnforcementAction.recipient_ref,
            ActionEvent.state,
            ActionEvent.at,
        )
        .join(ActionEvent, ActionEvent.action_id == EnforcementAction.id)
        .where(ActionEvent.id.in_(last), ~was_blanked, *conditions)
        .order_by(EnforcementAction.offence_at, EnforcementAction.id)
        .limit(limit)
    )
    return [_Case(*row) for row in session.execute(query)]


def _tied_to(session: Session, cases: Collection[_Case]) -> Iterator[_Case]:
    """Cases of the same persons and acts, older or newer."""
    for column, name in (
        (EnforcementAction.act_ref, "act"),
        (EnforcementAction.recipient_ref, "person"),
    ):
        refs = sorted({ref for case in cases for tie, ref in case.ties if tie == name})
        yield from _cases(session, is_among(column, refs))


def texts_of(session: Session, keys: Sequence[int]) -> dict[int, str]:
    """All that is written of some cases, by key: what a hold on a person looks through."""
    texts: dict[int, list[str]] = {key: [] for key in keys}
    of_case: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (EnforcementAction.id, (EnforcementAction.note, EnforcementAction.landmark)),
        (ActionEvent.action_id, (ActionEvent.reason,)),
        (
            ActionEvidence.action_id,
            (ActionEvidence.grounds, ActionEvidence.pick_up_reason, ActionEvidence.reason),
        ),
        (CctvRequest.action_id, (CctvRequest.purpose,)),
    )
    for key, columns in of_case:
        for its_key, *words in session.execute(select(key, *columns).where(is_among(key, keys))):
            texts[its_key] += filter(None, words)
    return {key: "\n".join(words) for key, words in texts.items()}


def blank(session: Session, keys: Sequence[int]) -> int:
    """Take out of cases what may say who it was about; kind, day, place, amount and states stay.

    The reference of a person becomes one that leads nowhere, the same for all cases of that
    person, so that figures of warnings stay as they were. The caller notes it in the audit.
    """
    if not keys:
        return 0
    with changes_allowed(session, "enforcement_action"):
        _blank_actions(session, keys)
    with changes_allowed(session, "action_event"):
        _blank_events(session, keys)
    with changes_allowed(session, "action_evidence"):
        session.execute(
            update(ActionEvidence)
            .where(is_among(ActionEvidence.action_id, keys))
            .values(grounds=REMOVED, pick_up_reason=None, recording_ref=None, reason=None)
        )
    requests = list(
        session.scalars(select(CctvRequest.id).where(is_among(CctvRequest.action_id, keys)))
    )
    session.execute(
        update(CctvRequest)
        .where(is_among(CctvRequest.id, requests))
        .values(purpose=REMOVED, export_ref=None)
    )
    _blank_audit(session, keys, requests)
    session.expire_all()
    return len(keys)


def _blank_actions(session: Session, keys: Sequence[int]) -> None:
    mine = is_among(EnforcementAction.id, keys)
    refs = session.scalars(select(EnforcementAction.recipient_ref).where(mine).distinct())
    for ref in [ref for ref in refs if ref is not None]:
        session.execute(
            update(EnforcementAction)
            .where(mine, EnforcementAction.recipient_ref == ref)
            .values(recipient_ref=f"gone-{secrets.token_hex(8)}")
        )
    session.execute(
        update(EnforcementAction).where(mine).values(note=None, landmark=None, external_ref=None)
    )


def _blank_events(session: Session, keys: Sequence[int]) -> None:
    mine = is_among(ActionEvent.action_id, keys)
    session.execute(update(ActionEvent).where(mine).values(reason=None))
    detailed = select(ActionEvent).where(mine, ActionEvent.details.is_not(None))
    for event in session.scalars(detailed):
        event.details = (event.details or {}) | {"other_act_reason": None}
    session.flush()


def _blank_audit(session: Session, keys: Sequence[int], requests: Sequence[int]) -> None:
    """Of the log too: who looked and when stays, and what was written goes."""
    with changes_allowed(session, "audit_entry"):
        session.execute(
            update(AuditEntry)
            .where(
                or_(
                    (AuditEntry.entity == ENTITY) & is_among(AuditEntry.entity_id, keys),
                    (AuditEntry.entity == FOOTAGE) & is_among(AuditEntry.entity_id, requests),
                )
            )
            .values(reason=None, before=null(), after=null())
        )
