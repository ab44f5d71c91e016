"""What comes between the right password and the first page: a code, or enrolment."""

from collections.abc import Callable
from functools import wraps

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import SubmitField

from geodata.accounts.account import Account
from geodata.accounts.sessions import OpenSession, Stage
from geodata.people.audit import Actor
from web.auth.addresses import next_page, own_address
from web.auth.authenticator import current_salt, qr_answer, set_up_page
from web.auth.blueprint import accounts
from web.auth.fields import code_field
from web.auth.refused_tries import status_of
from web.auth.signed_in import carry, half_way
from web.clock import utc_now
from web.database import commits, store
from web.extensions import limiter
from web.services.accounts import second_factor, signing_in

Step = Callable[[OpenSession, Account], ResponseReturnValue]


class CodeForm(FlaskForm):  # type: ignore[misc]
    code = code_field("Code", "The six digits that your app shows, or a recovery code.")
    submit = SubmitField("Continue", widget=GovSubmitInput())


class EnrolForm(FlaskForm):  # type: ignore[misc]
    code = code_field("Code", "The six digits that the app shows now.")
    submit = SubmitField("Turn it on", widget=GovSubmitInput())


def half_way_only(stage: Stage) -> Callable[[Step], Callable[[], ResponseReturnValue]]:
    """Let in whoever has reached this stage; others begin at the sign-in page."""

    def decorate(view: Step) -> Callable[[], ResponseReturnValue]:
        @wraps(view)
        def wrapped() -> ResponseReturnValue:
            opened = half_way()
            if opened is None or opened[0].stage != stage:
                flash("Sign in again: this took too long.", "")
                return redirect(url_for(".sign_in", next=own_address(request.args.get("next"))))
            return view(*opened)

        return wrapped

    return decorate


@accounts.route("/sign-in/code", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@half_way_only(Stage.SECOND_FACTOR)
def code(opened: OpenSession, account: Account) -> ResponseReturnValue:
    form = CodeForm()
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        status = status_of(
            form.code,
            lambda: second_factor.confirm(
                store(), account, form.code.data, _site_key(), now=utc_now()
            ),
        )
        if status == 200:
            return _let_in(opened, account)
    return render_template("accounts/code.html", form=form), status


@accounts.route("/sign-in/set-up", methods=["GET", "POST"])
@limiter.limit("30 per minute", methods=["POST"])
@half_way_only(Stage.ENROLMENT)
def enrol(opened: OpenSession, account: Account) -> ResponseReturnValue:
    """The council requires a second factor of this account, which has none yet."""
    form = EnrolForm()
    codes: list[str] = []
    if form.validate_on_submit():
        status_of(form.code, lambda: codes.extend(_enrol(account, form.code.data)))
    if codes:
        _let_in(opened, account)
        onward = next_page(account.role)
        return render_template("accounts/recovery_codes.html", codes=codes, onward=onward)
    page = set_up_page(form, account, qr_address=url_for(".enrol_qr"), is_required=True)
    return page, 400 if form.errors else 200


@accounts.get("/sign-in/set-up/qr.svg")
@half_way_only(Stage.ENROLMENT)
def enrol_qr(_: OpenSession, account: Account) -> ResponseReturnValue:
    return qr_answer(account)


@commits
def _enrol(account: Account, typed: str) -> list[str]:
    actor = Actor(account.id, utc_now())
    return second_factor.enrol(g.session, account, current_salt(), typed, _site_key(), actor)


@commits
def _let_in(opened: OpenSession, account: Account) -> ResponseReturnValue:
    carry(signing_in.go_on(g.session, account, opened, now=utc_now()))
    return redirect(next_page(account.role))


def _site_key() -> str:
    key: str = current_app.config["SECRET_KEY"]
    return key
