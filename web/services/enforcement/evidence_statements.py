"""Stating on what a notice rests, and the log of requests for footage; each change in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from geodata.accounts import users
from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import ACTION_WORDS, ActionKind
from geodata.enforcement import actions, evidence, footage
from geodata.enforcement.evidence import EvidenceDraft
from geodata.enforcement.footage import FootageDraft
from geodata.people import audit
from geodata.people.audit import Actor
from geodata.store.engine import lock
from web.services.enforcement.recording import ENTITY, refuse_personal_data

if TYPE_CHECKING:
    from geodata.models import ActionEvidence, CctvRequest, EnforcementAction

FOOTAGE = "cctv_request"
AUDITED = (
    "camera_ref",
    "begins_at",
    "ends_at",
    "requested_on",
    "action_id",
    "outcome",
    "export_ref",
    "delete_by",
    "deleted_on",
)


@dataclass(frozen=True)
class Statement:
    """What an action rests on, as it was stated, and by whom."""

    row: ActionEvidence
    who: str


@dataclass(frozen=True)
class Weeding:
    """A recording or an export that is kept still: until when, and of what.

    ``reference`` is a notice's, or ``request_id`` a request's key.
    """

    on: date
    words: str
    subject: str
    reference: str | None = None
    request_id: int | None = None


def statements(session: Session, reference: str) -> list[Statement]:
    """Every statement about a notice, the one that holds first.

    Raises
    ------
    NotFoundError
        There is none of this reference.
    """
    action, _ = actions.find(session, reference)
    names = users.names(session)
    return [
        Statement(row, names.get(row.user_id, "imported"))
        for row in evidence.of_action(session, action)
    ]


def state(
    session: Session, reference: str, draft: EvidenceDraft, reason: str, actor: Actor
) -> None:
    """State what a notice rests on; a later statement takes the place of the one before.

    Raises
    ------
    NotFoundError
        There is none of this reference.
    RefusedError
        Something is missing or does not fit, or a text holds personal data.
    """
    lock(session, ENTITY)
    action, _ = actions.find(session, reference)
    refuse_personal_data(draft.grounds, draft.pick_up_reason, draft.recording_ref, reason)
    row = evidence.add(session, action, draft, now=actor.now, user_id=actor.user_id, reason=reason)
    kept = ("pick_up", "recording", "recording_ref", "weed_on", "weeded_on")
    after = {name: getattr(row, name) for name in kept}
    audit.write(session, actor, "evidence", ENTITY, action.id, after=after, reason=reason.strip())


def list_requests(session: Session, actor: Actor) -> list[tuple[CctvRequest, str | None, str]]:
    """The log: each request, the notice that it is tied to, and who asked."""
    names = users.names(session)
    rows = [(r, tied, names.get(r.user_id, "")) for r, tied in footage.every(session)]
    audit.write(session, actor, "list", FOOTAGE, after={"rows": len(rows)})
    return rows


def save_request(
    session: Session, key: int | None, draft: FootageDraft, notice: str, actor: Actor
) -> CctvRequest:
    """Log a request for footage, or what became of it.

    Parameters
    ----------
    key
        Of the request; None for a new one.
    notice
        Reference of the notice that it is for, empty where there is none yet.

    Raises
    ------
    NotFoundError
        There is no such request.
    RefusedError
        There is no such notice, something is missing or does not fit, or a text holds personal
        data.
    """
    lock(session, ENTITY)
    refuse_personal_data(draft.purpose, draft.export_ref, draft.camera_ref)
    request = None if key is None else footage.find(session, key)
    before = None if request is None else _snapshot(request)
    action = _notice(session, notice)
    saved = footage.save(session, request, draft, action, now=actor.now, user_id=actor.user_id)
    act = "create" if before is None else "change"
    audit.write(session, actor, act, FOOTAGE, saved.id, before=before, after=_snapshot(saved))
    return saved


def _notice(session: Session, reference: str) -> EnforcementAction | None:
    if not reference.strip():
        return None
    try:
        return actions.find(session, reference)[0]
    except NotFoundError:
        raise RefusedError(f"there is no notice {reference!r}: check its reference") from None


def _snapshot(request: CctvRequest) -> dict[str, object]:
    return {name: getattr(request, name) for name in AUDITED}


def weedings(session: Session) -> Iterator[Weeding]:
    """What is kept still of recordings and exports, whatever became of the notice."""
    for action, row in evidence.to_weed(session):
        if row.weed_on is not None:
            subject = f"{ACTION_WORDS[ActionKind(action.kind)]} {action.reference}"
            words = f"Last day to delete the recording {row.recording_ref}"
            yield Weeding(row.weed_on, words, subject, reference=action.reference)
    for request in footage.to_delete(session):
        if request.delete_by is not None:
            words = f"Last day to delete the export {request.export_ref}"
            subject = f"Footage of {request.camera_ref}"
            yield Weeding(request.delete_by, words, subject, request_id=request.id)
