"""Reports that the public gives by telephone, taken down by an officer while they speak."""

import secrets
from datetime import datetime

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from wtforms import StringField, SubmitField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from geodata.places.gazetteer import FoundPlace
from geodata.rules.days import LONDON
from web.auth import requires_role
from web.clock import today, utc_now
from web.database import commits, read_session
from web.forms.canister_fields import EMAIL, DumpForm
from web.forms.clock_times import parse_clock
from web.forms.mobile_fields import dialled, mobile_field
from web.forms.refusals import refusal_at
from web.server.request_bounds import row_key
from web.server.senders import sender
from web.server.three_words import three_words_access
from web.services.common import place_search
from web.services.mail import text_messages
from web.services.reporting import quick_reports, receipts
from web.services.reporting.submission import Reached

telephone = Blueprint("telephone", __name__, url_prefix="/officer/telephone")
officers_only = requires_role("officer", "manager")
NOWHERE = "We know no such place: try a street and its town, or a postcode"
SEVERAL = "Several places may be meant: choose one"


class CallForm(DumpForm):
    """What a caller says, on one page."""

    words = StringField(
        "Where is it?",
        description="Postcode, street, place, landmark or grid reference",
        widget=GovTextInput(),
        validators=[InputRequired("Write where it is"), Length(max=200)],
    )
    called_at = StringField(
        "Time of the call today, if not now (optional)",
        description="For example, 8:40am",
        widget=GovTextInput(),
    )
    email = StringField(
        "The caller’s email address, if they want updates (optional)",
        widget=GovTextInput(),
        filters=[lambda text: text.strip() if text else ""],
        validators=[
            Optional(),
            Length(max=254),
            Regexp(EMAIL, message="Write an email address like name@example.org"),
        ],
    )
    phone = mobile_field("The caller’s mobile number, if they want text messages (optional)")
    submit = SubmitField("Save the report", widget=GovSubmitInput())

    def moment(self, now: datetime) -> datetime | None:
        """When the call was; None, with the error at its field, where it cannot have been."""
        text = (self.called_at.data or "").strip()
        if not text:
            return now
        try:
            at = parse_clock(text)
        except ValueError:
            self.called_at.errors = ["Write the time like 8:40am or 08:40"]
            return None
        called = datetime.combine(now.astimezone(LONDON).date(), at, LONDON)
        if called > now:
            self.called_at.errors = ["This lies in the future: check the time"]
            return None
        return called


@telephone.route("", methods=["GET", "POST"], strict_slashes=False)
@officers_only
def call() -> ResponseReturnValue:
    """Take a call down. Where several places may be meant, the page asks which."""
    form = CallForm(key=secrets.token_urlsafe(24))
    if not text_messages.are_sent(read_session(), sender()):
        del form.phone
    matches: list[FoundPlace] = []
    now = utc_now()
    if form.validate_on_submit() and (told_at := form.moment(now)) is not None:
        with refusal_at(form.words):
            matches = _look_up(form.words.data)
            if (chosen := _chosen(matches)) is not None:
                return _save(form, chosen, told_at)
        if not form.words.errors:
            form.words.errors = [SEVERAL if matches else NOWHERE]
    page = render_template("telephone/call.html", form=form, matches=matches)
    return page, 400 if form.errors or matches else 200


def _look_up(words: str) -> list[FoundPlace]:
    return place_search.look_up(read_session(), words, three_words_access(), day=today())


def _chosen(matches: list[FoundPlace]) -> FoundPlace | None:
    number = row_key(request.form.get("choice"))
    if number is not None and number < len(matches):
        return matches[number]
    return matches[0] if len(matches) == 1 else None


@commits
def _save(form: CallForm, place: FoundPlace, told_at: datetime) -> ResponseReturnValue:
    taken = quick_reports.submit_for_caller(
        g.session,
        quick_reports.found_spot(place),
        form.facts(),
        sender(),
        told_at=told_at,
        reached=Reached(form.email.data or "", dialled(form.phone) if form.phone else ""),
        user_id=current_user.account.id,
        now=utc_now(),
    )
    return redirect(url_for("telephone.saved", reference=taken.reference))


@telephone.get("/saved/<reference>")
@officers_only
def saved(reference: str) -> ResponseReturnValue:
    """What to tell the caller: the reference and by when."""
    tracked = receipts.track(read_session(), reference, now=utc_now())
    return render_template("telephone/saved.html", tracked=tracked)
