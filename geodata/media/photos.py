"""Photos in the store: kept once under their hash, moderated, and gone when they must be."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.types import UTCDateTime
from geodata.core.vocabulary import Moderation
from geodata.media.pictures import CleanPicture
from geodata.models import AuditEntry, DraftPhoto, Photo, PhotoContent

MAX_PER_REPORT = 5
REJECTED_KEPT = timedelta(days=14)
"""A photo rejected by mistake can be had back for so long; then its content is destroyed."""
CARRIED = (
    "sha256",
    "width_px",
    "height_px",
    "bytes",
    "state",
    "added_at",
    "moderated_by_id",
    "moderated_at",
)
OWNERS = ("report_id", "clearance_id", "visit_id", "poster_event_id")


@dataclass(frozen=True)
class PhotoFacts:
    """What is known of a photo besides its pixels. Exactly one owner is set."""

    id: int
    width_px: int
    height_px: int
    state: str
    added_at: datetime
    report_id: int | None = None
    clearance_id: int | None = None
    visit_id: int | None = None
    poster_event_id: int | None = None


def keep_content(session: Session, picture: CleanPicture) -> str:
    """Put a picture's content into the store, once; its hash."""
    sha256 = hashlib.sha256(picture.jpeg).hexdigest()
    known = select(PhotoContent.id).where(PhotoContent.sha256 == sha256)
    if session.scalar(known) is None:
        session.add(PhotoContent(sha256=sha256, jpeg=picture.jpeg, thumbnail=picture.thumbnail))
        session.flush()
    return sha256


def add(
    session: Session,
    picture: CleanPicture,
    *,
    now: datetime,
    state: Moderation = Moderation.PENDING,
    **owner: int,
) -> int:
    """A photo of one owner (``report_id=…``, ``clearance_id=…``, …); its key."""
    sha256 = keep_content(session, picture)
    return _add_row(
        session,
        {
            "sha256": sha256,
            "width_px": picture.width_px,
            "height_px": picture.height_px,
            "bytes": len(picture.jpeg),
        },
        now=now,
        state=state,
        **owner,
    )


def adopt_drafts(session: Session, draft_id: int, *, now: datetime, **owner: int) -> int:
    """Make a draft's photos an owner's own (``report_id=…``, ``visit_id=…``); how many they are."""
    drafts = session.scalars(
        select(DraftPhoto).where(DraftPhoto.draft_id == draft_id).order_by(DraftPhoto.id)
    ).all()
    for draft in drafts:
        facts = {name: getattr(draft, name) for name in ("sha256", "width_px", "height_px")}
        _add_row(
            session, facts | {"bytes": draft.bytes}, now=now, state=Moderation.PENDING, **owner
        )
    return len(drafts)


def carry_over(session: Session, photo_ids: Collection[int], **owner: int) -> None:
    """Give photos to another owner too, with what a moderator said of them; nothing is moved.

    Rejected ones stay behind.
    """
    query = select(Photo).where(Photo.id.in_(photo_ids), Photo.state != Moderation.REJECTED.value)
    for photo in session.scalars(query.order_by(Photo.id)).all():
        facts = {name: getattr(photo, name) for name in CARRIED}
        session.add(Photo(**facts, **owner))
    session.flush()


def _add_row(
    session: Session,
    facts: dict[str, Any],
    *,
    now: datetime,
    state: Moderation = Moderation.PENDING,
    **owner: int,
) -> int:
    if len(owner) != 1 or not set(owner) <= set(OWNERS):
        raise TypeError(f"a photo has one owner of {', '.join(OWNERS)}, not {sorted(owner)}")
    photo = Photo(**facts, **owner, state=state.value, added_at=now)
    session.add(photo)
    session.flush()
    return photo.id


def find(session: Session, photo_id: int) -> PhotoFacts:
    """The facts of a photo.

    Raises
    ------
    NotFoundError
        There is none of this key.
    """
    return _facts(_row(session, photo_id))


def of_owner(session: Session, **owner: int) -> list[PhotoFacts]:
    """Photos of one owner, in the order in which they were added."""
    query = select(Photo).filter_by(**owner).order_by(Photo.id)
    return [_facts(photo) for photo in session.scalars(query)]


def waiting(session: Session, *, limit: int) -> list[PhotoFacts]:
    """Photos that wait for moderation, oldest first."""
    query = select(Photo).where(Photo.state == Moderation.PENDING.value)
    rows = session.scalars(query.order_by(Photo.added_at, Photo.id).limit(limit))
    return [_facts(photo) for photo in rows]


def content(session: Session, photo_id: int, *, is_thumbnail: bool = False) -> bytes:
    """The JPEG of a photo. Who may see it is for the caller to decide.

    Raises
    ------
    NotFoundError
        There is no such photo, or it was rejected and its content destroyed.
    """
    column = PhotoContent.thumbnail if is_thumbnail else PhotoContent.jpeg
    sha256 = _row(session, photo_id).sha256
    picture = session.scalar(select(column).where(PhotoContent.sha256 == sha256))
    if picture is None:
        raise NotFoundError("this photo was rejected, and its content is destroyed")
    return picture


def has_content(session: Session, photo_id: int) -> bool:
    """Whether the pixels of a photo are kept still."""
    query = select(PhotoContent.id).where(PhotoContent.sha256 == _row(session, photo_id).sha256)
    return session.scalar(query) is not None


def moderate(
    session: Session,
    photo_id: int,
    state: Moderation,
    *,
    user_id: int | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Approve or reject a photo, with an entry in the audit log.

    Raises
    ------
    NotFoundError
        There is no such photo.
    RefusedError
        It is to be shown again, but its content is destroyed.
    """
    photo = _row(session, photo_id)
    known = select(PhotoContent.id).where(PhotoContent.sha256 == photo.sha256)
    if state != Moderation.REJECTED and session.scalar(known) is None:
        raise RefusedError("this photo was rejected too long ago: its content is destroyed")
    entry = AuditEntry(
        at=now,
        user_id=user_id,
        act="moderate",
        entity="photo",
        entity_id=photo.id,
        before={"state": photo.state},
        after={"state": state.value},
        reason=reason or None,
    )
    session.add(entry)
    photo.state = state.value
    photo.moderated_by_id, photo.moderated_at = user_id, now
    session.flush()


def destroy_unwanted(session: Session, *, now: datetime, kept: Collection[int] = ()) -> int:
    """Delete contents that only rejected photos or nothing at all name; how many they were.

    Photos of ``kept`` reports, which are held, stay.
    """
    result: Any = session.execute(
        delete(PhotoContent).where(_is_unwanted(now, kept)),
        execution_options={"synchronize_session": False},
    )
    return int(result.rowcount)


def count_unwanted(session: Session, *, now: datetime, kept: Collection[int] = ()) -> int:
    """How many contents ``destroy_unwanted`` would delete."""
    query = select(func.count()).select_from(PhotoContent).where(_is_unwanted(now, kept))
    return session.scalar(query) or 0


def oldest_rejection(session: Session) -> datetime | None:
    """When the rejected photo whose content is kept the longest was rejected; None without any."""
    query = (
        select(func.min(Photo.moderated_at, type_=UTCDateTime()))
        .join(PhotoContent, PhotoContent.sha256 == Photo.sha256)
        .where(Photo.state == Moderation.REJECTED.value)
    )
    return session.scalar(query)


def _is_unwanted(now: datetime, kept: Collection[int]) -> ColumnElement[bool]:
    kept_rejected = (Photo.state == Moderation.REJECTED.value) & (
        Photo.moderated_at < now - REJECTED_KEPT
    )
    kept_rejected &= Photo.report_id.is_(None) | Photo.report_id.not_in(kept)
    wanted = select(Photo.sha256).where(~kept_rejected).union(select(DraftPhoto.sha256)).subquery()
    return PhotoContent.sha256.not_in(select(wanted.c.sha256))


def of_reports(session: Session, report_ids: Collection[int]) -> list[PhotoFacts]:
    """Photos of reports, in the order in which they were added."""
    query = select(Photo).where(Photo.report_id.in_(report_ids)).order_by(Photo.id)
    return [_facts(photo) for photo in session.scalars(query)]


def remove_of_reports(session: Session, report_ids: Collection[int]) -> int:
    """Delete the photos of reports; what nothing else names of their contents goes with the next
    ``destroy_unwanted``."""
    result: Any = session.execute(delete(Photo).where(Photo.report_id.in_(report_ids)))
    return int(result.rowcount)


def _row(session: Session, photo_id: int) -> Photo:
    photo = session.get(Photo, photo_id)
    if photo is None:
        raise NotFoundError(f"there is no photo {photo_id}")
    return photo


def _facts(photo: Photo) -> PhotoFacts:
    return PhotoFacts(
        photo.id,
        photo.width_px,
        photo.height_px,
        photo.state,
        photo.added_at,
        photo.report_id,
        photo.clearance_id,
        photo.visit_id,
        photo.poster_event_id,
    )
