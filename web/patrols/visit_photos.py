"""Photos sent with a visit: kept while the form has to be mended."""

from datetime import datetime

from flask import request
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.media.photos import MAX_PER_REPORT
from geodata.media.pictures import CleanPicture
from geodata.reports import drafts
from geodata.reports.drafts import Draft, WaitingPhoto
from web.forms.sent_photos import SentPhotos
from web.patrols.visit_form import VisitForm


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
