"""One's own account: what it may do, its password, second factor and sessions."""

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import SubmitField

from geodata.accounts import second_factors, sessions
from geodata.accounts.account import Account
from geodata.accounts.passwords import HashedPassword
from geodata.accounts.sessions import OpenSession
from web.auth.blueprint import accounts
from web.auth.fields import new_password_field, password_field
from web.auth.refused_tries import status_of
from web.auth.session_words import shown_sessions
from web.auth.signed_in import actor, carry
from web.clock import utc_now
from web.database import commits, read_session, store
from web.extensions import limiter
from web.services.accounts import own_account as changes
from web.services.accounts.second_factor import is_required
from web.services.accounts.signing_in import Begun


class PasswordForm(FlaskForm):  # type: ignore[misc]
    old = password_field("Your password now", "Enter your password")
    new = new_password_field("New password")
    submit = SubmitField("Change the password", widget=GovSubmitInput())


@accounts.get("/account")
@login_required  # type: ignore[untyped-decorator]
def account() -> ResponseReturnValue:
    mine, reader = current_user.account, read_session()
    return render_template(
        "accounts/account.html",
        account=mine,
        sessions=shown_sessions(sessions.of_user(reader, mine.id), mine.role),
        current=current_user.opened.id,
        codes_left=second_factors.recovery_codes_left(reader, mine.id),
        is_required=is_required(reader) and mine.is_council,
    )


@accounts.route("/account/password", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@login_required  # type: ignore[untyped-decorator]
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        status = status_of(form.old, lambda: _confirm(form))
        if status == 200:
            status = status_of(form.new, lambda: _change(form))
        if status == 200:
            flash("Your password is changed. You are signed out everywhere else.", "success")
            return redirect(url_for(".account"))
    return render_template("accounts/password.html", form=form), status


def _confirm(form: PasswordForm) -> None:
    mine, key = current_user.account, current_app.config["HOTSPOTS"].secret_key
    changes.confirm_password(store(), mine, form.old.data, key, now=utc_now())


def _change(form: PasswordForm) -> None:
    mine, opened = current_user.account, current_user.opened
    key = current_app.config["HOTSPOTS"].secret_key
    new = changes.checked_password(mine, form.old.data, form.new.data, key)
    carry(_write(mine, opened, new))


@commits
def _write(mine: Account, opened: OpenSession, new: HashedPassword) -> Begun:
    return changes.change_password(g.session, mine, opened, new, actor())
