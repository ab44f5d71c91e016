"""Quick reports by partners: door staff, wardens, PCSOs, the control room. Three taps."""

import secrets

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.file import MultipleFileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSubmitInput
from wtforms import SubmitField, ValidationError

from geodata.core.errors import RefusedError
from geodata.places.gazetteer import FoundPlace
from web.auth import requires_role
from web.clock import today, utc_now
from web.database import commits, read_session
from web.forms.canister_fields import DumpForm
from web.forms.sent_photos import SentPhotos, clean_photos
from web.server.request_bounds import row_key
from web.server.three_words import three_words_access
from web.services.common import place_search, placing
from web.services.common.placing import Spot
from web.services.reporting import quick_reports, receipts

partner = Blueprint("partner", __name__, url_prefix="/partner")
partners_only = requires_role("partner", "officer", "manager")


class QuickForm(DumpForm):
    """The dump, and photos of it."""

    photos = MultipleFileField("Photos (optional)", widget=GovFileInput(multiple=True))
    submit = SubmitField("Send the report", widget=GovSubmitInput())

    sent = SentPhotos()
    """None, until there are some."""

    def validate_photos(self, field: MultipleFileField) -> None:
        self.sent = clean_photos(field.data)
        if self.sent.faults:
            raise ValidationError("; ".join(self.sent.faults))


@partner.get("", strict_slashes=False)
@partners_only
def board() -> ResponseReturnValue:
    """Where is it? Known places, most used or nearest first; others by words."""
    session, now = read_session(), utc_now()
    words = request.args.get("words", "").strip()
    device = _device()
    matches, problem = _look_up(words) if words else ([], "")
    return render_template(
        "partner/board.html",
        words=words,
        matches=matches,
        problem=problem,
        device=device,
        places=quick_reports.known_places(session, current_user.account.id, device, now=now),
    )


def _look_up(words: str) -> tuple[list[FoundPlace], str]:
    """Places that words may mean, and why they could not be read."""
    try:
        access = three_words_access()
        return place_search.look_up(read_session(), words, access, day=today()), ""
    except RefusedError as error:
        return [], str(error)


def _device() -> Spot | None:
    try:
        lon, lat = float(request.args["lon"]), float(request.args["lat"])
        accuracy = float(request.args.get("accuracy_m") or 30)
    except (KeyError, ValueError):
        return None
    return placing.spot_at(lon, lat, accuracy, "device", "Where you are")


@partner.route("/report", methods=["GET", "POST"])
@partners_only
def report() -> ResponseReturnValue:
    """What lies there: one tap for how many, one to send."""
    spot = _spot()
    if spot is None:
        return redirect(url_for("partner.board"))
    form = QuickForm(key=secrets.token_urlsafe(24))
    if form.validate_on_submit():
        return _send(form, spot)
    page = render_template("partner/report.html", form=form, spot=spot)
    return page, form.sent.refused_status if form.errors else 200


def _spot() -> Spot | None:
    """The place that the address names: one of ours, the device's, or what was found."""
    if "place" in request.args:
        key = row_key(request.args["place"])
        return None if key is None else quick_reports.place_spot(read_session(), key)
    if "words" not in request.args:
        return _device()
    matches, _problem = _look_up(request.args["words"])
    number = row_key(request.args.get("number", "0"))
    is_one = number is not None and number < len(matches)
    return quick_reports.found_spot(matches[number or 0]) if is_one else None


@commits
def _send(form: QuickForm, spot: Spot) -> ResponseReturnValue:
    taken = quick_reports.submit(
        g.session,
        spot,
        form.facts(),
        form.sent.cleaned,
        role=current_user.role,
        user_id=current_user.account.id,
        now=utc_now(),
    )
    return redirect(url_for("partner.sent", reference=taken.reference))


@partner.get("/sent/<reference>")
@partners_only
def sent(reference: str) -> ResponseReturnValue:
    """The receipt."""
    tracked = receipts.track(read_session(), reference, now=utc_now())
    return render_template("partner/sent.html", tracked=tracked)
