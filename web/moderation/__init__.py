"""The queue of photos and texts that wait for an officer, and what was decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Moderation
from geodata.media import photos
from geodata.reports import moderation as log
from web.auth import actor, requires_role
from web.clock import utc_now
from web.database import commits, read_session
from web.filters import sentence
from web.responses import jpeg
from web.server.request_bounds import row_key
from web.services.admin.retention_schedule import MARKED_KEPT
from web.services.reporting import marked_texts
from web.services.reporting import moderation as decisions

moderation = Blueprint("moderation", __name__, url_prefix="/officer/moderation")
officers_only = requires_role("officer", "manager")
HISTORY = 100


@dataclass(frozen=True)
class Refusal:
    """A decision that cannot be: of which item of the page, why, and what was entered."""

    anchor: str
    reason: str
    entered: Mapping[str, str]


@moderation.get("", strict_slashes=False)
@officers_only
def queue() -> ResponseReturnValue:
    """What waits, oldest first."""
    return _queue(read_session())


def _queue(session: Session, refusal: Refusal | None = None) -> str:
    waiting = decisions.queue(session)
    anchors = {f"photo-{photo.id}" for photo in waiting.photos}
    anchors |= {f"text-{item.text.report_id}" for item in waiting.texts}
    return render_template(
        "moderation/queue.html", waiting=waiting, refusal=refusal, anchors=anchors
    )


def _decided(anchor: str, decide: Callable[[], None]) -> ResponseReturnValue:
    """The queue without the item; or with what was entered, where it is refused."""
    try:
        with g.session.begin_nested():
            decide()
    except RefusedError as error:
        return _queue(g.session, Refusal(anchor, sentence(error), request.form)), 400
    flash("Decided. It is in the history.", "success")
    return redirect(url_for("moderation.queue"))


@moderation.get("/photos/<int:photo_id>.jpg")
@officers_only
def photo(photo_id: int) -> Response:
    """Any photo: an officer decides on it. ``small`` in the address asks for its thumbnail."""
    is_small = "small" in request.args
    return jpeg(photos.content(read_session(), photo_id, is_thumbnail=is_small))


@moderation.post("/photos/<int:photo_id>")
@officers_only
@commits
def decide_photo(photo_id: int) -> ResponseReturnValue:
    return _decided(
        f"photo-{photo_id}",
        lambda: decisions.decide_photo(
            g.session,
            photo_id,
            request.form.get("decision", ""),
            seen_as=request.form.get("seen_as", Moderation.PENDING),
            reason=request.form.get("reason", ""),
            user_id=current_user.account.id,
            now=utc_now(),
        ),
    )


@moderation.post("/texts/<int:report_id>")
@officers_only
@commits
def decide_text(report_id: int) -> ResponseReturnValue:
    return _decided(
        f"text-{report_id}",
        lambda: decisions.decide_text(
            g.session,
            report_id,
            request.form.get("decision", ""),
            description=request.form.get("description", ""),
            landmark=request.form.get("landmark", "")[:200],
            reason=request.form.get("reason", ""),
            user_id=current_user.account.id,
            now=utc_now(),
        ),
    )


@moderation.get("/marked")
@officers_only
def marked() -> ResponseReturnValue:
    """Texts of imports that may name somebody; ``file`` in the address asks for one import's."""
    batch = request.args.get("file", type=row_key)
    page = marked_texts.open_page(read_session(), batch)
    return render_template(
        "moderation/marked.html",
        page=page,
        batch=batch,
        days=MARKED_KEPT.days,
        most=marked_texts.MOST_AT_ONCE,
    )


@moderation.post("/marked")
@officers_only
@commits
def decide_marked() -> ResponseReturnValue:
    keeps, batch = request.form.get("decision") == "keep", request.form.get("file", type=row_key)
    decided = marked_texts.decide(
        g.session,
        [key for text in request.form.getlist("text") if (key := row_key(text)) is not None],
        batch_id=batch if "every" in request.form else None,
        keeps=keeps,
        reason=request.form.get("reason", "")[:200],
        actor=actor(),
    )
    what = "as their file has them" if keeps else "without what was found"
    flash(f"{decided} {'text stays' if decided == 1 else 'texts stay'} {what}.", "success")
    return redirect(url_for("moderation.marked", file=batch))


@moderation.get("/history")
@officers_only
def history() -> ResponseReturnValue:
    """Who decided what, and why. A photo rejected by mistake can be approved here."""
    decisions = log.decisions(read_session(), limit=HISTORY)
    return render_template("moderation/history.html", decisions=decisions)
