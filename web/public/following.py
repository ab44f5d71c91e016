"""Following a ward by mail: asked for, confirmed, and stopped by one click."""

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Regexp

from geodata import places
from geodata.core.errors import NotFoundError, RefusedError
from geodata.core.vocabulary import PlaceKind
from geodata.people import followers
from geodata.rules.days import local_day
from web.clock import utc_now
from web.database import commits, read_session
from web.extensions import csrf, limiter
from web.forms.canister_fields import EMAIL, choices
from web.forms.refusals import refusal_at
from web.server.senders import sender
from web.services.alerts import following
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

follow = Blueprint("follow", __name__, url_prefix="/follow")
limit_asking = limiter.shared_limit("10 per minute; 60 per hour", scope="follow")
limit_links = limiter.shared_limit("120 per minute", scope="follow-links")
SPOT = "0"


class FollowForm(FlaskForm):  # type: ignore[misc]
    ward = SelectField(N_("Which ward?"), widget=GovSelect())
    spot = StringField(
        N_("Or which spot?"),
        widget=GovTextInput(),
        description=N_("A street or a postcode. We find its ward by it, and do not keep it."),
        validators=[Length(max=100)],
    )
    email = StringField(
        N_("Your email address"),
        widget=GovTextInput(),
        description=N_("We send a link to it first. Nobody else sees it."),
        filters=[lambda text: text.strip() if text else ""],
        validators=[
            InputRequired(N_("Enter your email address")),
            Length(max=254, message=N_("Write at most 254 characters")),
            Regexp(EMAIL, message=N_("Write an email address like name@example.org")),
        ],
    )
    submit = SubmitField(N_("Send me the link"), widget=GovSubmitInput())

    def offering(self, session: Session) -> "FollowForm":
        """The form with the wards of today to choose from."""
        wards = session.scalars(places.current(local_day(utc_now()), PlaceKind.WARD)).all()
        listed = sorted((ward.name, str(ward.id)) for ward in wards)
        self.ward.choices = choices(
            [(SPOT, _("The ward of the spot below")), *((key, name) for name, key in listed)]
        )
        return self

    def ward_id(self, session: Session) -> int:
        """The ward that was chosen, or in which the spot lies.

        Raises
        ------
        RefusedError
            Neither says which.
        """
        if self.ward.data != SPOT:
            return int(self.ward.data)
        words = " ".join((self.spot.data or "").split())
        if not words:
            raise RefusedError(_("choose a ward, or write a street or a postcode"))
        return following.ward_of_spot(session, words, now=utc_now()).id


@follow.route("", methods=["GET", "POST"], strict_slashes=False)
@limit_asking
def start() -> ResponseReturnValue:
    """Where somebody asks; nothing is sent but the link until they follow it."""
    form = FollowForm().offering(read_session())
    is_open = bool(sender().base_url)  # without it no link can be written
    if is_open and form.validate_on_submit():
        with refusal_at(form.spot):
            _ask(form.email.data, form.ward_id(read_session()))
            return redirect(url_for(".sent"))
    page = render_template("public/follow/start.html", form=form, is_open=is_open)
    return page, 400 if form.errors else 200


@commits
def _ask(email: str, ward_id: int) -> None:
    following.ask(g.session, sender(), email, ward_id, now=utc_now())


@follow.get("/sent")
def sent() -> ResponseReturnValue:
    """The same for everybody: it says nothing of who follows already."""
    return render_template("public/follow/sent.html")


@follow.route("/confirm/<token>", methods=["GET", "POST"])
@limit_links
def confirm(token: str) -> ResponseReturnValue:
    """Begin; a mail program that opens links to look at them begins nothing."""
    follower = _known(token)
    if request.method == "POST":
        _confirm(token)
        return redirect(url_for(".confirm", token=token))  # to go back sends no form again
    is_done = follower.confirmed_at is not None
    return render_template("public/follow/confirm.html", follower=follower, is_done=is_done)


@commits
def _confirm(token: str) -> None:
    following.confirm(g.session, token, now=utc_now())


@follow.route("/stop/<token>", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the token is all that it takes, as for reports
@limit_links
def stop(token: str) -> ResponseReturnValue:
    """Forget an address; a mail program that is told to unsubscribe posts here (RFC 8058)."""
    if "List-Unsubscribe" in request.form:
        _stop(token)
        return Response("No more mails will come.\n", mimetype="text/plain")
    follower = _known(token)
    if request.method == "POST":
        _stop(token)
    return render_template(
        "public/follow/stop.html", follower=follower, is_done=request.method == "POST"
    )


@commits
def _stop(token: str) -> None:
    following.stop(g.session, token)


def _known(token: str) -> followers.Following:
    follower = followers.by_token(read_session(), token)
    if follower is None:
        raise NotFoundError(_("We keep no email address under this link: no mails will come"))
    return follower
