"""Up to five photos, each cleaned as it comes; the draft holds them until it is sent."""

from flask import Response, abort, flash, g, render_template, request
from flask.typing import ResponseReturnValue

from geodata.core.errors import RefusedError
from geodata.media.photos import MAX_PER_REPORT
from geodata.media.pictures import ACCEPT, CleanPicture
from geodata.reports import drafts
from geodata.reports.drafts import Draft
from web.database import commits, read_session
from web.forms.sent_photos import clean_photos
from web.public.reporting.blueprint import (
    back_address,
    keep,
    limit_address,
    limit_draft,
    open_draft,
    reporting,
)
from web.public.reporting.refusing import refuse_with
from web.responses import jpeg
from web.services.common.speaking import gettext as _
from web.services.reporting.answers import Answers, Refused


@reporting.route("/<key>/photos", methods=["GET", "POST"])
@limit_address
@limit_draft
def photos(key: str) -> ResponseReturnValue:
    """Add photos, or go on without. A photo that is refused loses none of the others."""
    draft, answers = open_draft(key)
    if request.method == "GET":
        return _page(draft, answers, answers.errors_at("photos").get("photos", []))
    sent = clean_photos(request.files.getlist("photos"))
    errors = [*sent.faults, *(_keep(draft, sent.cleaned) if sent.cleaned else [])]
    if sent.is_busy:  # nothing is wrong with what was sent: to load the page again sends it again
        return _page(draft, answers, errors), sent.refused_status
    if errors:
        return refuse_with(draft, answers, Refused("photos", {}, {"photos": errors}))
    if "go_on" in request.form:
        return keep(draft, answers.answered("photos"))
    return keep(draft, answers, "photos")


def _page(draft: Draft, answers: Answers, errors: list[str]) -> str:
    return render_template(
        "public/report/photos.html",
        key=draft.key,
        errors=errors,
        waiting=drafts.waiting_photos(read_session(), draft),
        most=MAX_PER_REPORT,
        accept=ACCEPT,
        back=back_address(draft.key, answers, "photos"),
    )


@commits
def _keep(draft: Draft, cleaned: list[CleanPicture]) -> list[str]:
    for picture in cleaned:
        try:
            drafts.add_photo(g.session, draft, picture)
        except RefusedError as error:
            return [_(str(error))]
    return []


@reporting.post("/<key>/photos/<int:photo_id>/remove")
@limit_address
def remove_photo(key: str, photo_id: int) -> ResponseReturnValue:
    draft, answers = open_draft(key)
    _remove(draft, photo_id)
    flash(_("The photo is removed."), "success")
    return keep(draft, answers, "photos")


@commits
def _remove(draft: Draft, photo_id: int) -> None:
    drafts.remove_photo(g.session, draft, photo_id)


@reporting.get("/<key>/photos/<int:photo_id>.jpg")
def photo(key: str, photo_id: int) -> Response:
    """A draft's own photo, to whoever has the draft's address."""
    draft, _ = open_draft(key)
    content = drafts.thumbnail(read_session(), draft, photo_id)
    return abort(404) if content is None else jpeg(content)
