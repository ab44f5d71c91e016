"""One's own second factor: set up with the password, changed with a code."""

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import SubmitField

from web.auth.authenticator import current_salt, qr_answer, set_up_page
from web.auth.blueprint import accounts
from web.auth.fields import code_field, password_field
from web.auth.refused_tries import status_of
from web.auth.signed_in import actor, carry
from web.clock import utc_now
from web.database import commits, store
from web.extensions import limiter
from web.services.accounts import own_account, second_factor, signing_in


class SetUpForm(FlaskForm):  # type: ignore[misc]
    password = password_field("Your password", "Enter your password")
    code = code_field("Code", "The six digits that the app shows now.")
    submit = SubmitField("Turn it on", widget=GovSubmitInput())


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    code = code_field("Code", "The six digits that your app shows, or a recovery code.")
    submit = SubmitField("Continue", widget=GovSubmitInput())


@accounts.route("/account/second-factor", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@login_required  # type: ignore[untyped-decorator]
def set_up_second_factor() -> ResponseReturnValue:
    mine = current_user.account
    if mine.has_second_factor or not mine.has_password:
        return redirect(url_for(".account"))
    form = SetUpForm()
    status, codes = 400 if form.is_submitted() else 200, list[str]()
    if form.validate_on_submit():
        status = status_of(form.password, lambda: _confirm_password(form))
        if status == 200:
            status = status_of(form.code, lambda: codes.extend(_enrol(form.code.data)))
    if codes:
        return _codes_page(codes)
    address = url_for(".second_factor_qr")
    return set_up_page(form, mine, qr_address=address, is_required=False), status


@accounts.get("/account/second-factor/qr.svg")
@login_required  # type: ignore[untyped-decorator]
def second_factor_qr() -> ResponseReturnValue:
    return qr_answer(current_user.account)


@accounts.route("/account/second-factor/codes", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@login_required  # type: ignore[untyped-decorator]
def new_recovery_codes() -> ResponseReturnValue:
    form = ConfirmForm()
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        status = status_of(form.code, lambda: _confirm(form))
        if status == 200:
            return _codes_page(_write_codes())
    return render_template("accounts/new_codes.html", form=form), status


@accounts.route("/account/second-factor/remove", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@login_required  # type: ignore[untyped-decorator]
def remove_second_factor() -> ResponseReturnValue:
    form = ConfirmForm()
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        status = status_of(form.code, lambda: _remove(form))
        if status == 200:
            flash("Your second factor is removed.", "success")
            return redirect(url_for(".account"))
    return render_template("accounts/remove_second_factor.html", form=form), status


def _codes_page(codes: list[str]) -> str:
    """The answer itself and no page of its own: it cannot be opened a second time."""
    onward = url_for(".account")
    return render_template("accounts/recovery_codes.html", codes=codes, onward=onward)


def _confirm_password(form: SetUpForm) -> None:
    mine, key = current_user.account, current_app.config["HOTSPOTS"].secret_key
    own_account.confirm_password(store(), mine, form.password.data, key, now=utc_now())


@commits
def _enrol(typed: str) -> list[str]:
    """Set it up; the session gets a new key, and the others end."""
    mine, key = current_user.account, current_app.config["SECRET_KEY"]
    codes = second_factor.enrol(g.session, mine, current_salt(), typed, key, actor())
    carry(signing_in.renew(g.session, mine, current_user.opened, now=utc_now()))
    return codes


@commits
def _write_codes() -> list[str]:
    return second_factor.renew_codes(g.session, current_user.account, actor())


def _remove(form: ConfirmForm) -> None:
    _confirm(form)
    _write_removal()


@commits
def _write_removal() -> None:
    mine, opened = current_user.account, current_user.opened
    carry(own_account.remove_second_factor(g.session, mine, opened, actor()))


def _confirm(form: ConfirmForm) -> None:
    key = current_app.config["SECRET_KEY"]
    second_factor.confirm(store(), current_user.account, form.code.data, key, now=utc_now())
