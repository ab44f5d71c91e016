"""On what an action rests: the newest statement holds, and the earlier ones stay."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.reasons import reason_fault
from geodata.core.vocabulary import PickUp, Recording
from geodata.models import ActionEvidence, EnforcementAction
from geodata.rules.days import date_in_words, local_day


@dataclass(frozen=True)
class EvidenceDraft:
    """What an officer states. Nobody's name, plate or address.

    Attributes
    ----------
    pick_up_reason
        Why no chance to pick it up was given; empty where one was.
    recording_ref
        Of the recording, never the recording itself; empty where there is none.
    weed_on, weeded_on
        Local days: by when the recording must be gone, and when it was deleted.
    """

    grounds: str
    pick_up: PickUp
    pick_up_reason: str = ""
    recording: Recording = Recording.NO_RECORDING
    recording_ref: str = ""
    weed_on: date | None = None
    weeded_on: date | None = None


def of_action(session: Session, action: EnforcementAction) -> list[ActionEvidence]:
    """Every statement about an action, the one that holds first."""
    query = select(ActionEvidence).where(ActionEvidence.action_id == action.id)
    return list(session.scalars(query.order_by(ActionEvidence.id.desc())))


def to_weed(session: Session) -> list[tuple[EnforcementAction, ActionEvidence]]:
    """Actions whose recording is still kept, with the statement that says so."""
    newest = select(func.max(ActionEvidence.id)).group_by(ActionEvidence.action_id)
    query = (
        select(EnforcementAction, ActionEvidence)
        .join(ActionEvidence, ActionEvidence.action_id == EnforcementAction.id)
        .where(
            ActionEvidence.id.in_(newest),
            ActionEvidence.weed_on.is_not(None),
            ActionEvidence.weeded_on.is_(None),
        )
        .order_by(ActionEvidence.weed_on, ActionEvidence.id)
    )
    return [(action, evidence) for action, evidence in session.execute(query)]


def add(
    session: Session,
    action: EnforcementAction,
    draft: EvidenceDraft,
    *,
    now: datetime,
    user_id: int | None,
    reason: str = "",
) -> ActionEvidence:
    """State what an action rests on, or correct what was stated.

    Raises
    ------
    RefusedError
        The grounds or a reason are missing, or the recording's reference and days do not fit.
    """
    fault = evidence_fault(draft, local_day(action.offence_at), local_day(now))
    if not fault and of_action(session, action):
        fault = reason_fault(reason, "such as what was read again")
    if fault:
        raise RefusedError(fault)
    row = ActionEvidence(
        action_id=action.id,
        grounds=draft.grounds.strip(),
        pick_up=draft.pick_up.value,
        pick_up_reason=draft.pick_up_reason.strip() or None,
        recording=draft.recording.value,
        recording_ref=draft.recording_ref.strip() or None,
        weed_on=draft.weed_on,
        weeded_on=draft.weeded_on,
        reason=reason.strip() or None,
        recorded_at=now,
        user_id=user_id,
    )
    session.add(row)
    session.flush()
    return row


def evidence_fault(draft: EvidenceDraft, offence_on: date, today: date) -> str:
    """Why a statement cannot stand, empty where it can."""
    if not draft.grounds.strip():
        return "the grounds are empty: write what was seen, by whom on duty, and from where"
    if draft.pick_up != PickUp.GIVEN and (
        fault := reason_fault(draft.pick_up_reason, "such as thrown from a moving car")
    ):
        return f"no chance to pick it up was given, and {fault}"
    if draft.recording == Recording.NO_RECORDING:
        return _fault_without_recording(draft)
    return _recording_fault(draft, offence_on, today)


def _fault_without_recording(draft: EvidenceDraft) -> str:
    if draft.recording_ref.strip() or draft.weed_on or draft.weeded_on:
        return "a reference or a day of a recording is given: choose what kind of recording it is"
    return ""


def _recording_fault(draft: EvidenceDraft, offence_on: date, today: date) -> str:
    if not draft.recording_ref.strip():
        return "the recording has no reference: enter the one under which it is kept"
    if draft.weed_on is None:
        return "the day by which the recording must be gone is empty: enter it"
    if draft.weed_on < offence_on:
        return (
            f"the recording must be gone by {date_in_words(draft.weed_on)}, before the act, "
            f"{date_in_words(offence_on)}"
        )
    if draft.weeded_on is not None and draft.weeded_on > today:
        return (
            f"{date_in_words(draft.weeded_on)} lies in the future: enter the day on which it was "
            "deleted"
        )
    if draft.weeded_on is not None and draft.weeded_on < offence_on:
        return (
            f"the recording was deleted on {date_in_words(draft.weeded_on)}, before the act, "
            f"{date_in_words(offence_on)}"
        )
    return ""
