"""The log of requests for footage: camera, times, reason, export, notice, and its deletion."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.reasons import reason_fault
from geodata.core.vocabulary import CctvOutcome
from geodata.models import CctvRequest, EnforcementAction
from geodata.rules.days import date_in_words, local_day

LONGEST = timedelta(hours=24)
"""A request for more is no request for an act: it is surveillance."""


@dataclass(frozen=True)
class FootageDraft:
    """One request as an officer enters it.

    Attributes
    ----------
    begins_at, ends_at
        Instants of the footage that is asked for; None where none was entered.
    export_ref, delete_by
        Of what was exported: its reference, and the local day by which it must be gone.
    deleted_on
        Local day; None while the export is kept.
    """

    camera_ref: str
    begins_at: datetime | None
    ends_at: datetime | None
    purpose: str
    requested_on: date | None
    outcome: CctvOutcome = CctvOutcome.WAITING
    export_ref: str = ""
    delete_by: date | None = None
    deleted_on: date | None = None


def every(session: Session) -> list[tuple[CctvRequest, str | None]]:
    """Every request with the reference of the notice that it is tied to, the newest first."""
    query = (
        select(CctvRequest, EnforcementAction.reference)
        .join(EnforcementAction, EnforcementAction.id == CctvRequest.action_id, isouter=True)
        .order_by(CctvRequest.requested_on.desc(), CctvRequest.id.desc())
    )
    return [(request, reference) for request, reference in session.execute(query)]


def find(session: Session, key: int) -> CctvRequest:
    """One request.

    Raises
    ------
    NotFoundError
        There is none of this key.
    """
    request = session.get(CctvRequest, key)
    if request is None:
        raise NotFoundError(f"there is no request for footage {key}")
    return request


def of_action(session: Session, action: EnforcementAction) -> list[CctvRequest]:
    """Requests that are tied to an action, the newest first."""
    query = select(CctvRequest).where(CctvRequest.action_id == action.id)
    return list(session.scalars(query.order_by(CctvRequest.id.desc())))


def to_delete(session: Session) -> list[CctvRequest]:
    """Requests whose export is kept still, by the day on which it must be gone."""
    query = select(CctvRequest).where(
        CctvRequest.delete_by.is_not(None), CctvRequest.deleted_on.is_(None)
    )
    return list(session.scalars(query.order_by(CctvRequest.delete_by, CctvRequest.id)))


def save(
    session: Session,
    request: CctvRequest | None,
    draft: FootageDraft,
    action: EnforcementAction | None,
    *,
    now: datetime,
    user_id: int | None,
) -> CctvRequest:
    """A new request, or what became of one.

    Raises
    ------
    RefusedError
        Something is missing, or its times and days do not fit.
    """
    fault = footage_fault(draft, local_day(now))
    if fault:
        raise RefusedError(fault)
    if request is None:
        request = CctvRequest(user_id=user_id)
        session.add(request)
    request.camera_ref = draft.camera_ref.strip()
    request.begins_at, request.ends_at = _instants(draft)
    request.purpose = draft.purpose.strip()
    request.requested_on = draft.requested_on or local_day(now)
    request.action_id = None if action is None else action.id
    request.outcome = draft.outcome.value
    request.export_ref = draft.export_ref.strip() or None
    request.delete_by, request.deleted_on = draft.delete_by, draft.deleted_on
    session.flush()
    return request


def _instants(draft: FootageDraft) -> tuple[datetime, datetime]:
    if draft.begins_at is None or draft.ends_at is None:
        raise RefusedError("the times of the footage are empty: enter from when and to when")
    return draft.begins_at, draft.ends_at


def footage_fault(draft: FootageDraft, today: date) -> str:
    """Why a request cannot stand, empty where it can."""
    if not draft.camera_ref.strip() or not draft.purpose.strip():
        return "the camera or the reason is empty: fill in both"
    if fault := reason_fault(draft.purpose, "such as the act of a notice"):
        return fault
    if draft.requested_on is None:
        return "the day of the request is empty: enter it"
    if draft.requested_on > today:
        return (
            f"{date_in_words(draft.requested_on)} lies in the future: enter the day of the request"
        )
    return _times_fault(draft, draft.requested_on) or _export_fault(
        draft, draft.requested_on, today
    )


def _times_fault(draft: FootageDraft, requested_on: date) -> str:
    begins_at, ends_at = _instants(draft)
    if ends_at <= begins_at:
        return "the footage ends before it begins: check both times"
    if ends_at - begins_at > LONGEST:
        return "the footage is longer than 24 hours: ask for the time of the act alone"
    if local_day(begins_at) > requested_on:
        return "the footage begins after the day of the request: check both"
    return ""


def _export_fault(draft: FootageDraft, first: date, today: date) -> str:
    if draft.outcome != CctvOutcome.EXPORTED:
        if draft.export_ref.strip() or draft.delete_by or draft.deleted_on:
            return "an export's reference or day is given: say that footage was exported"
        return ""
    if not draft.export_ref.strip() or draft.delete_by is None:
        return "the export needs its reference and the day by which it must be gone: enter both"
    if draft.delete_by < first:
        return (
            f"the export must be gone by {date_in_words(draft.delete_by)}, before the request, "
            f"{date_in_words(first)}"
        )
    if draft.deleted_on is not None and not first <= draft.deleted_on <= today:
        return (
            f"{date_in_words(draft.deleted_on)} is no day on which it was deleted: from "
            f"{date_in_words(first)} to {date_in_words(today)}"
        )
    return ""
