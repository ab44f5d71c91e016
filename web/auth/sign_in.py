"""The sign-in page, and signing out."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from wtforms import StringField, SubmitField
from wtforms.validators import InputRequired, Length

from geodata.accounts.sessions import Method, Stage
from geodata.accounts.sign_in_tries import ThrottledError
from web.auth.addresses import next_page
from web.auth.blueprint import accounts
from web.auth.fields import LONGEST_POST, password_field
from web.auth.signed_in import actor, carry, forget
from web.clock import utc_now
from web.database import close_session, commits, store
from web.extensions import limiter
from web.filters import sentence
from web.services.accounts import signing_in
from web.services.accounts.devices import device_in_words
from web.services.accounts.signing_in import Attempt, Begun

NEXT_STEP = {Stage.SECOND_FACTOR: "accounts.code", Stage.ENROLMENT: "accounts.enrol"}


class SignInForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "User name",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter your user name"),
            Length(max=LONGEST_POST, message="This is too long"),
        ],
        render_kw={"autocomplete": "username"},
    )
    password = password_field("Password", "Enter your password")
    submit = SubmitField("Sign in", widget=GovSubmitInput())


@accounts.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 400 if form.errors else 200
    close_session()
    try:
        begun = _try(form)
    except ThrottledError as error:
        form.password.errors = [sentence(error)]
        return _page(form), 429
    if begun is None:
        form.password.errors = ["The user name or the password is wrong"]
        return _page(form), 400
    return enter(begun, request.args.get("next"))


def enter(begun: Begun, wanted: str | None) -> ResponseReturnValue:
    """Let somebody in, or lead to the step that is left."""
    carry(begun)
    if begun.stage != Stage.FULL:
        return redirect(url_for(NEXT_STEP[begun.stage], next=wanted))
    return redirect(next_page(begun.account.role))


def device() -> str:
    """The browser that asks, in words."""
    return device_in_words(request.headers.get("User-Agent", ""))


@accounts.post("/sign-out")
@commits
def sign_out() -> ResponseReturnValue:
    is_sso = False
    if current_user.is_authenticated:
        account, opened = current_user.account, current_user.opened
        is_sso = opened.method == Method.SSO
        signing_in.end(g.session, account, opened.id, actor(), act="sign_out")
    forget()
    if is_sso and current_app.config["HOTSPOTS"].has_sso:
        return redirect(url_for(".signed_out"))
    flash("You are signed out.", "success")
    return redirect(url_for("public.home"))


def _try(form: SignInForm) -> Begun | None:
    config = current_app.config
    attempt = Attempt(form.name.data, form.password.data, request.remote_addr or "", device())
    return signing_in.with_password(
        store(),
        attempt,
        config["SECRET_KEY"],
        now=utc_now(),
        linked_may=config["HOTSPOTS"].sso_allows_passwords,
    )


def _page(form: SignInForm) -> str:
    config = current_app.config["HOTSPOTS"]
    return render_template(
        "sign_in.html",
        form=form,
        sso_name=config.sso_name if config.has_sso else "",
        wanted=request.args.get("next"),
    )
