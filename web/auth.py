"""Signing in and out: argon2 hashes, throttled failures, a session that a new password ends."""

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_required, login_user, logout_user
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired

from geodata.people import users
from geodata.people.audit import Actor
from web.clock import utc_now
from web.database import commits, read_session
from web.extensions import limiter, login_manager
from web.navigation import start_page
from web.request_bounds import row_key

P = ParamSpec("P")
R = TypeVar("R")

_OWN_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
"""Browsers read a backslash as a slash and leave out tabs and line ends: none may stand in it."""

accounts = Blueprint("accounts", __name__)
login_manager.login_view = "accounts.sign_in"
login_manager.login_message = "Sign in to see this page."


class SignedIn(UserMixin):  # type: ignore[misc]
    """Who is signed in, as the pages see it."""

    def __init__(self, account: users.Account) -> None:
        self.account = account

    def get_id(self) -> str:
        # The token changes with the password, so that a new password ends the other sessions.
        return f"{self.account.id}:{self.account.session_token}"

    @property
    def role(self) -> str:
        return self.account.role


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(identity: str) -> SignedIn | None:
    text, _, token = identity.partition(":")
    key = row_key(text)
    account = None if key is None else users.find_active(read_session(), key)
    return SignedIn(account) if account and account.session_token == token else None


def requires_role(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only these roles in; an admin is let in everywhere."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        @login_required  # type: ignore[untyped-decorator]
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            if current_user.role not in {*roles, "admin"}:
                abort(403)
            return view(*args, **kwargs)

        return wrapped

    return decorate


def actor() -> Actor:
    """Who is signed in, now: whose doing the audit says it is."""
    return Actor(current_user.account.id, utc_now())


class SignInForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "User name", widget=GovTextInput(), validators=[InputRequired("Enter your user name")]
    )
    password = PasswordField(
        "Password", widget=GovPasswordInput(), validators=[InputRequired("Enter your password")]
    )
    submit = SubmitField("Sign in", widget=GovSubmitInput())


@accounts.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        return _try_to_sign_in(form)
    return render_template("sign_in.html", form=form), 400 if form.errors else 200


@commits
def _try_to_sign_in(form: SignInForm) -> ResponseReturnValue:
    now = utc_now()
    try:
        account = users.authenticate(g.session, form.name.data, form.password.data, now=now)
    except users.ThrottledError as error:
        form.password.errors = [str(error)]
        return render_template("sign_in.html", form=form), 429
    if account is None:
        form.password.errors = ["The user name or the password is wrong"]
        return render_template("sign_in.html", form=form), 400
    login_user(SignedIn(account))
    return redirect(_own_address(request.args.get("next")) or start_page(account.role))


@accounts.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    logout_user()
    flash("You are signed out.", "success")
    return redirect(url_for("public.home"))


def _own_address(target: str | None) -> str | None:
    """Only a path of this site: a link must not send the user elsewhere after signing in."""
    return target if target and _OWN_PATH.fullmatch(target) else None
