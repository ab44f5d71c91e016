"""Reports while they are being filled in: kept here, so that no page or signal loses them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.types import UTCDateTime
from geodata.media import photos
from geodata.media.pictures import CleanPicture, PicturePosition
from geodata.models import DraftPhoto, PhotoContent, ReportDraft


def _keeps_none(_answers: dict[str, Any]) -> bool:
    return False


@dataclass(frozen=True)
class Draft:
    """A report that is not sent yet. ``key`` is in its address and cannot be guessed."""

    id: int
    key: str
    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class WaitingPhoto:
    """A photo of a draft, with the position that its camera wrote."""

    id: int
    width_px: int
    height_px: int
    position: PicturePosition | None


def start(
    session: Session, answers: dict[str, Any], *, now: datetime, key: str | None = None
) -> Draft:
    """A new draft; ``key`` is that of one which began in another store and goes on here."""
    row = ReportDraft(
        key=key or secrets.token_urlsafe(24), answers=answers, created_at=now, changed_at=now
    )
    session.add(row)
    session.flush()
    return _draft(row)


def find(session: Session, key: str) -> Draft | None:
    """The draft of a key; None where it was sent or is too old."""
    row = session.scalar(select(ReportDraft).where(ReportDraft.key == key))
    return None if row is None else _draft(row)


def save(session: Session, draft: Draft, answers: dict[str, Any], *, now: datetime) -> None:
    """Put answers in place of the ones before.

    Raises
    ------
    NotFoundError
        The draft was sent or dropped in the meantime.
    """
    row = session.get(ReportDraft, draft.id)
    if row is None:
        raise NotFoundError("this report was sent already, or was left for too long")
    row.answers, row.changed_at = answers, now
    session.flush()


def add_photo(session: Session, draft: Draft, picture: CleanPicture) -> int:
    """A photo that waits with its draft; its key.

    Raises
    ------
    RefusedError
        The draft has five already.
    """
    if len(waiting_photos(session, draft)) >= photos.MAX_PER_REPORT:
        raise RefusedError(f"A report can have {photos.MAX_PER_REPORT} photos: remove one first")
    at = picture.position
    row = DraftPhoto(
        draft_id=draft.id,
        sha256=photos.keep_content(session, picture),
        width_px=picture.width_px,
        height_px=picture.height_px,
        bytes=len(picture.jpeg),
        lon=at and at.lon,
        lat=at and at.lat,
        accuracy_m=at and at.accuracy_m,
    )
    session.add(row)
    session.flush()
    return row.id


def waiting_photos(session: Session, draft: Draft) -> list[WaitingPhoto]:
    """A draft's photos in the order in which they came."""
    query = select(DraftPhoto).where(DraftPhoto.draft_id == draft.id).order_by(DraftPhoto.id)
    return [
        WaitingPhoto(row.id, row.width_px, row.height_px, _position(row))
        for row in session.scalars(query)
    ]


def pictures(session: Session, draft: Draft) -> list[CleanPicture]:
    """A draft's photos with their pixels, in the order in which they came."""
    query = (
        select(DraftPhoto, PhotoContent)
        .join(PhotoContent, DraftPhoto.sha256 == PhotoContent.sha256)
        .where(DraftPhoto.draft_id == draft.id)
        .order_by(DraftPhoto.id)
    )
    return [
        CleanPicture(held.jpeg, held.thumbnail, row.width_px, row.height_px, _position(row))
        for row, held in session.execute(query)
    ]


def empty(session: Session, draft: Draft) -> None:
    """Take the photos of a draft out of it."""
    session.execute(delete(DraftPhoto).where(DraftPhoto.draft_id == draft.id))


def thumbnail(session: Session, draft: Draft, photo_id: int) -> bytes | None:
    """The small JPEG of a draft's own photo."""
    return session.scalar(
        select(PhotoContent.thumbnail)
        .join(DraftPhoto, DraftPhoto.sha256 == PhotoContent.sha256)
        .where(DraftPhoto.id == photo_id, DraftPhoto.draft_id == draft.id)
    )


def remove_photo(session: Session, draft: Draft, photo_id: int) -> None:
    """Take a photo back; nothing where it is gone already."""
    session.execute(
        delete(DraftPhoto).where(DraftPhoto.id == photo_id, DraftPhoto.draft_id == draft.id)
    )


def drop(session: Session, draft_id: int) -> None:
    """Delete a draft with its photos' rows."""
    session.execute(delete(DraftPhoto).where(DraftPhoto.draft_id == draft_id))
    session.execute(delete(ReportDraft).where(ReportDraft.id == draft_id))


def stale(session: Session, *, before: datetime) -> list[tuple[int, dict[str, Any]]]:
    """Key and answers of drafts that nobody has touched since a moment."""
    query = select(ReportDraft.id, ReportDraft.answers).where(ReportDraft.changed_at < before)
    return [(key, answers) for key, answers in session.execute(query.order_by(ReportDraft.id))]


def oldest_change(session: Session) -> datetime | None:
    """When the draft that nobody has touched the longest was last changed; None without any."""
    return session.scalar(select(func.min(ReportDraft.changed_at, type_=UTCDateTime())))


def drop_stale(
    session: Session, *, before: datetime, is_kept: Callable[[dict[str, Any]], bool] = _keeps_none
) -> int:
    """Delete drafts that nobody has touched since a moment; how many there were.

    ``is_kept`` is asked the answers of each: what is held stays.
    """
    keys = [key for key, answers in stale(session, before=before) if not is_kept(answers)]
    for key in keys:
        drop(session, key)
    return len(keys)


def _draft(row: ReportDraft) -> Draft:
    return Draft(row.id, row.key, dict(row.answers))


def _position(row: DraftPhoto) -> PicturePosition | None:
    if row.lon is None or row.lat is None:
        return None
    return PicturePosition(row.lon, row.lat, row.accuracy_m)
