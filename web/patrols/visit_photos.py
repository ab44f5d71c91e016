"""Photos sent with a visit: cleaned as they come, and kept while the form has to be mended."""

from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from geodata.core.errors import RefusedError
from geodata.media.photos import MAX_PER_REPORT
from geodata.media.pictures import CleanPicture, PictureRefusedError, clean
from geodata.reports import drafts
from geodata.reports.drafts import Draft, WaitingPhoto
from web.patrols.visit_form import VisitForm


@dataclass(frozen=True)
class SentPhotos:
    """What was sent: the photos that can be kept, and what is wrong with the others."""

    cleaned: list[CleanPicture]
    faults: list[str]


def clean_photos(form: VisitForm) -> SentPhotos:
    """The photos of a form without all that is not picture. It takes its time: lock no store."""
    files = [file for file in form.pictures.data or [] if isinstance(file, FileStorage)]
    sent = [file for file in files if file.filename]
    cleaned, faults = [], []
    for number, file in enumerate(sent, 1):
        try:
            cleaned.append(clean(file.read()))
        except PictureRefusedError as error:
            faults.append(f"Photo {number} of {len(sent)}: {error}")
    return SentPhotos(cleaned, faults)


def keep_photos(
    session: Session, form: VisitForm, sent: SentPhotos, *, now: datetime
) -> Draft | None:
    """Keep what was sent with what was sent before; what is wrong is said at the field.

    None where there is no photo. A photo that is refused loses none of the others.
    """
    draft, faults = kept_draft(session, form), [*sent.faults]
    if draft is None and sent.cleaned:
        draft = drafts.start(session, {}, now=now)
    if draft is not None:
        form.photos_key.data = draft.key
        for photo_id in request.form.getlist("without", type=int):
            drafts.remove_photo(session, draft, photo_id)
        faults += _add(session, draft, sent.cleaned)
    if faults:
        form.pictures.errors = faults
    return draft


def kept_draft(session: Session, form: VisitForm) -> Draft | None:
    """What holds the photos of an earlier try; None where there was none, or it was left long."""
    key = form.photos_key.data
    return drafts.find(session, key) if key else None


def kept_photos(session: Session, form: VisitForm) -> list[WaitingPhoto]:
    """The photos that wait with the form."""
    draft = kept_draft(session, form)
    return [] if draft is None else drafts.waiting_photos(session, draft)


def _add(session: Session, draft: Draft, cleaned: list[CleanPicture]) -> list[str]:
    for picture in cleaned:
        try:
            drafts.add_photo(session, draft, picture)
        except RefusedError:
            return [f"Up to {MAX_PER_REPORT} photos are kept: leave one out first"]
    return []
