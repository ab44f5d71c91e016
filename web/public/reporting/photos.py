"""Up to five photos, each cleaned as it comes; the draft holds them until it is sent."""

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata.core.errors import RefusedError
from geodata.media.photos import MAX_PER_REPORT
from geodata.media.pictures import ACCEPT, CleanPicture
from geodata.reports import drafts
from geodata.reports.drafts import Draft
from web.database import commits, read_session
from web.forms.sent_photos import SentPhotos, clean_photos
from web.public.reporting.blueprint import (
    address,
    back_address,
    keep,
    limit_address,
    limit_draft,
    open_draft,
    reporting,
)
from web.responses import jpeg


@reporting.route("/<key>/photos", methods=["GET", "POST"])
@limit_address
@limit_draft
def photos(key: str) -> ResponseReturnValue:
    """Add photos, or go on without. A photo that is refused loses none of the others."""
    draft, answers = open_draft(key)
    errors: list[str] = []
    sent = SentPhotos()
    if request.method == "POST":
        sent = clean_photos(request.files.getlist("photos"))
        errors = [*sent.faults, *(_keep(draft, sent.cleaned) if sent.cleaned else [])]
        if not errors and "go_on" in request.form:
            return keep(draft, answers.answered("photos"))
        if not errors:
            return redirect(address(key, "photos"))
    page = render_template(
        "public/report/photos.html",
        key=key,
        errors=errors,
        waiting=drafts.waiting_photos(read_session(), draft),
        most=MAX_PER_REPORT,
        accept=ACCEPT,
        back=back_address(key, answers, "photos"),
    )
    return page, sent.refused_status if errors else 200


@commits
def _keep(draft: Draft, cleaned: list[CleanPicture]) -> list[str]:
    for picture in cleaned:
        try:
            drafts.add_photo(g.session, draft, picture)
        except RefusedError as error:
            return [str(error)]
    return []


@reporting.post("/<key>/photos/<int:photo_id>/remove")
@limit_address
def remove_photo(key: str, photo_id: int) -> ResponseReturnValue:
    draft, _ = open_draft(key)
    _remove(draft, photo_id)
    flash("The photo is removed.", "success")
    return redirect(url_for("report.photos", key=key))


@commits
def _remove(draft: Draft, photo_id: int) -> None:
    drafts.remove_photo(g.session, draft, photo_id)


@reporting.get("/<key>/photos/<int:photo_id>.jpg")
def photo(key: str, photo_id: int) -> Response:
    """A draft's own photo, to whoever has the draft's address."""
    draft, _ = open_draft(key)
    content = drafts.thumbnail(read_session(), draft, photo_id)
    return abort(404) if content is None else jpeg(content)
