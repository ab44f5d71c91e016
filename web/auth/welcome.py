"""The one-time link of an invitation: its holder chooses a password."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import SubmitField

from geodata.accounts import invitations
from geodata.core.errors import NotFoundError
from web.auth.blueprint import accounts
from web.auth.fields import new_password_field
from web.auth.refused_tries import status_of
from web.auth.signed_in import forget
from web.clock import utc_now
from web.database import read_session, store
from web.extensions import limiter
from web.services.accounts.own_account import choose_password


class WelcomeForm(FlaskForm):  # type: ignore[misc]
    password = new_password_field("Password")
    submit = SubmitField("Save the password", widget=GovSubmitInput())


@accounts.route("/welcome/<token>", methods=["GET", "POST"])
@limiter.limit("30 per minute")
def welcome(token: str) -> ResponseReturnValue:
    try:
        account = invitations.find(read_session(), token, now=utc_now())
        form = WelcomeForm()
        if form.validate_on_submit():
            new, key = form.password.data, current_app.config["HOTSPOTS"].secret_key
            status = status_of(
                form.password, lambda: choose_password(store(), token, new, key, now=utc_now())
            )
            if status == 200:
                forget()  # whoever was signed in here before is not this account
                flash(f"Your password is saved. Sign in as {account.name}.", "success")
                return redirect(url_for(".sign_in"))
    except NotFoundError:
        return render_template("accounts/link_ended.html"), 404
    page = render_template("accounts/welcome.html", form=form, account=account)
    return page, 400 if form.errors else 200
