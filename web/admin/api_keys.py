"""Keys of other systems: made, shown once, and revoked by managers and admins."""

from flask import flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovSelect,
    GovSubmitInput,
    GovTextInput,
)
from sqlalchemy.orm import Session
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from geodata.accounts import api_keys
from geodata.clearances.contracts import firms_of
from geodata.core.vocabulary import SCOPE_WORDS, Scope
from geodata.rules.days import local_day
from web.admin.blueprint import admin, managers_only
from web.auth import actor
from web.clock import utc_now
from web.database import commits, read_session
from web.forms.canister_fields import choices
from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.numbers import NumberRange
from web.forms.refusals import refusal_at
from web.services.api import keys
from web.services.api.keys import MOST_PER_MINUTE, KeyTerms

RATE_FAULT = f"Write a whole number from 1 to {MOST_PER_MINUTE}"


class KeyForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "Which system is it for?",
        widget=GovTextInput(),
        description="For example, FixMyStreet, or the contractor’s job system. Nobody’s name.",
        validators=[InputRequired("Name the system"), Length(max=200), Impersonal()],
    )
    scopes = SelectMultipleField(
        "What may it do?",
        widget=GovCheckboxesInput(),
        choices=choices((scope.value, words) for scope, words in SCOPE_WORDS.items()),
        validators=[InputRequired("Choose what the key is for")],
    )
    contractor = SelectField("Whose jobs, if it is for jobs", widget=GovSelect())
    last_day = day_field(
        "Last day",
        is_required=True,
        description="At most two years from now. Make a new key before the old one ends.",
    )
    per_minute = IntegerField(
        "Requests a minute",
        widget=GovTextInput(),
        default=120,
        validators=[NumberRange(1, MOST_PER_MINUTE, RATE_FAULT)],
    )
    submit = SubmitField("Make the key", widget=GovSubmitInput())

    def offering(self, session: Session) -> "KeyForm":
        """The form with the contracts of today to choose from."""
        firms = sorted(firms_of(session, local_day(utc_now())))
        self.contractor.choices = choices([("", "No contract"), *((firm, firm) for firm in firms)])
        return self

    def terms(self) -> KeyTerms:
        """What was entered."""
        return KeyTerms(
            " ".join(self.name.data.split()),
            [Scope(scope) for scope in self.scopes.data],
            self.last_day.data,
            self.contractor.data or None,
            self.per_minute.data,
        )


@admin.get("/api-keys")
@managers_only
def api_key_list() -> ResponseReturnValue:
    return render_template(
        "admin/api_keys.html",
        holders=api_keys.every(read_session()),
        now=utc_now(),
        words=SCOPE_WORDS,
    )


@admin.route("/api-keys/new", methods=["GET", "POST"])
@managers_only
@commits
def new_api_key() -> ResponseReturnValue:
    form = KeyForm().offering(g.session)
    if form.validate_on_submit():
        with refusal_at(form.contractor if form.contractor.data else form.scopes):
            return _shown_once(*keys.make(g.session, actor(), form.terms()))
    return render_template("admin/new_api_key.html", form=form), 400 if form.errors else 200


def _shown_once(token: str, holder: api_keys.Holder) -> ResponseReturnValue:
    page = make_response(
        render_template("admin/api_key_made.html", token=token, holder=holder, words=SCOPE_WORDS)
    )
    page.headers["Cache-Control"] = "no-store"
    return page


@admin.post("/api-keys/<int:key>/revoke")
@managers_only
@commits
def revoke_api_key(key: int) -> ResponseReturnValue:
    holder = keys.revoke(g.session, actor(), key)
    flash(f"The key of {holder.name} opens nothing any more.", "success")
    return redirect(url_for(".api_key_list"))
