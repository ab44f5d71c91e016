"""Officers look at photos and texts before anybody else does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.reasons import refuse_no_reason
from geodata.core.vocabulary import IncidentEventKind, Moderation
from geodata.incidents import incident_events, open_incidents
from geodata.media import photos
from geodata.media.photos import PhotoFacts
from geodata.people import holds
from geodata.people.personal_data import taken_out
from geodata.reports import moderation
from geodata.reports.moderation import WaitingText
from geodata.rules.days import local_day
from geodata.store.engine import lock
from web.services.incidents import incident_assignment

SHOWN = 25


@dataclass(frozen=True)
class Suggested:
    """A waiting text, and the same without what looks like personal data."""

    text: WaitingText
    description: str
    landmark: str

    @property
    def is_suspect(self) -> bool:
        """Whether something was found that looks like personal data."""
        before = (self.text.description, self.text.landmark)
        return before != (self.description, self.landmark)


@dataclass(frozen=True)
class Queue:
    """What waits, oldest first."""

    photos: list[PhotoFacts]
    texts: list[Suggested]


def _suggested(text: WaitingText) -> Suggested:
    return Suggested(text, taken_out(text.description), taken_out(text.landmark, is_spot=True))


def queue(session: Session) -> Queue:
    """The next photos and texts to look at."""
    return Queue(
        photos.waiting(session, limit=SHOWN),
        [_suggested(text) for text in moderation.waiting_texts(session, limit=SHOWN)],
    )


def decide_photo(
    session: Session,
    photo_id: int,
    decision: str,
    *,
    seen_as: str,
    reason: str,
    user_id: int,
    now: datetime,
) -> None:
    """Approve or reject a photo, by who saw it in a state.

    Raises
    ------
    RefusedError
        A rejection without a reason; or somebody else has decided since it was seen.
    """
    state = _state(decision, reason)
    if photos.find(session, photo_id).state != seen_as:
        raise RefusedError(
            f"somebody else has decided on photo {photo_id} since this page was opened: read what "
            "under What was decided, and change it there if it is wrong"
        )
    photos.moderate(session, photo_id, state, user_id=user_id, reason=reason, now=now)


def _refuse_held_change(
    session: Session, report_id: int, words: tuple[str, str], now: datetime
) -> None:
    if report_id not in holds.held(session, local_day(now)).report_ids:
        return
    if words != moderation.words(session, report_id):
        raise RefusedError(
            "This report is under a legal hold: its text cannot be changed. Reject it, and nobody "
            "else sees it"
        )


def decide_text(
    session: Session,
    report_id: int,
    decision: str,
    *,
    description: str,
    landmark: str,
    reason: str,
    user_id: int,
    now: datetime,
) -> None:
    """Approve a text as it now stands, or reject it; what was changed is changed everywhere.

    Raises
    ------
    RefusedError
        A rejection without a reason; or the text waits no longer.
    """
    state = _state(decision, reason)
    lock(session, incident_assignment.LOCK)
    _refuse_held_change(session, report_id, (description.strip(), landmark.strip()), now)
    incident_id = moderation.decide_text(
        session,
        report_id,
        state,
        description=description.strip(),
        landmark=landmark.strip(),
        user_id=user_id,
        reason=reason,
        now=now,
    )
    if incident_id is None:
        return
    incident_assignment.settle(session, open_incidents.by_id(session, incident_id))
    incident_events.append(
        session,
        incident_id,
        IncidentEventKind.REDACTED,
        at=now,
        now=now,
        user_id=user_id,
        reason=reason or None,
        details={"report_id": report_id, "state": state.value},
    )


def _state(decision: str, reason: str) -> Moderation:
    state = Moderation.APPROVED if decision == "approve" else Moderation.REJECTED
    if state == Moderation.REJECTED:
        refuse_no_reason(reason, "such as a face that can be known")
    return state
