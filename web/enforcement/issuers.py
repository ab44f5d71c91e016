"""Who may issue what: badges, written authorities, and their days."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from geodata.core.vocabulary import IssuerKind, Power
from geodata.enforcement import issuers
from web.auth import actor
from web.clock import utc_now
from web.database import commits
from web.enforcement.blueprint import enforcement, enforcers_only
from web.enforcement.order_forms import TakingBackForm
from web.enforcement.words import ISSUERS, POWERS
from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.refusals import refusal_at
from web.services.enforcement import authority_changes, issuing


class IssuerForm(FlaskForm):  # type: ignore[misc]
    badge = StringField(
        "Badge",
        widget=GovTextInput(),
        description="A number such as CEO-07, never a name.",
        validators=[InputRequired("Enter the badge"), Length(max=40)],
    )
    kind = SelectField("Kind", widget=GovSelect(), choices=dict(ISSUERS))
    employer = StringField(
        "Employer",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the employer"), Length(max=200)],
    )
    account = SelectField("Account that signs in", widget=GovSelect(), coerce=int, default=0)


class AuthorityForm(FlaskForm):  # type: ignore[misc]
    power = SelectField("Power", widget=GovSelect(), choices=dict(POWERS))
    instrument = StringField(
        "Written authority",
        widget=GovTextInput(),
        description="The instrument and its date, such as Director's authorisation 14/2026.",
        validators=[InputRequired("Name the written authority"), Length(max=200), Impersonal()],
    )
    valid_from = day_field("First day", is_required=True)
    valid_to = day_field("Last day", description="Empty where it has none.")


class EndForm(TakingBackForm):
    last_day = day_field("Last day", is_required=True)


@enforcement.route("/issuers", methods=["GET", "POST"])
@enforcers_only
@commits
def issuer_list() -> ResponseReturnValue:
    form = IssuerForm()
    form.account.choices = {0: "None"} | dict(issuing.free_accounts(g.session))
    if form.validate_on_submit():
        with refusal_at(form.badge):
            issuer = issuing.add_issuer(
                g.session,
                form.badge.data,
                IssuerKind(form.kind.data),
                form.employer.data,
                form.account.data or None,
                actor(),
            )
            flash(f"{issuer.badge} is added. Now enter what it is authorised for.", "success")
            return redirect(url_for(".issuer", key=issuer.id))
    rows = issuing.issuers_on(g.session, utc_now().date())
    page = render_template("enforcement/issuers.html", form=form, rows=rows)
    return page, 400 if form.errors else 200


@enforcement.route("/issuers/<int:key>", methods=["GET", "POST"])
@enforcers_only
@commits
def issuer(key: int) -> ResponseReturnValue:
    row, remarks = issuers.find(g.session, key), []
    form = AuthorityForm()
    if form.validate_on_submit():
        power, days = Power(form.power.data), (form.valid_from.data, form.valid_to.data)
        with refusal_at(form.valid_to):
            if "preview" not in request.form:
                issuing.authorise(g.session, row, power, form.instrument.data, *days, actor())
                flash("The authority is recorded.", "success")
                return redirect(url_for(".issuer", key=key))
            remarks = authority_changes.preview_authority(
                g.session, row, power, form.instrument.data, days, actor()
            )
    page = render_template(
        "enforcement/issuer.html",
        issuer=row,
        form=form,
        remarks=remarks,
        given=issuers.authorisations(g.session, key),
        changes=authority_changes.history(g.session, key),
        undoes=authority_changes.to_undo(g.session, key),
    )
    return page, 400 if form.errors else 200


@enforcement.route("/issuers/<int:key>/undo", methods=["GET", "POST"])
@enforcers_only
@commits
def undo_authority(key: int) -> ResponseReturnValue:
    row, form = issuers.find(g.session, key), TakingBackForm()
    undoes = authority_changes.to_undo(g.session, key)
    if undoes is None:
        flash("There is no decision about an authority to take back.")
        return redirect(url_for(".issuer", key=key))
    if form.validate_on_submit():
        with refusal_at(form.reason):
            authority_changes.undo(g.session, key, actor(), reason=form.reason.data)
            flash("The decision is taken back; the history keeps both.", "success")
            return redirect(url_for(".issuer", key=key))
    page = render_template("enforcement/undo_authority.html", issuer=row, form=form, undoes=undoes)
    return page, 400 if form.errors else 200


@enforcement.route("/issuers/<int:key>/authorities/<int:authority>/end", methods=["GET", "POST"])
@enforcers_only
@commits
def end_authority(key: int, authority: int) -> ResponseReturnValue:
    row, form, remarks = issuers.find(g.session, key), EndForm(), []
    if form.validate_on_submit():
        last_day, reason = form.last_day.data, form.reason.data
        with refusal_at(form.last_day):
            if "preview" not in request.form:
                issuing.end_authority(g.session, key, authority, last_day, actor(), reason=reason)
                flash("The authority ends.", "success")
                return redirect(url_for(".issuer", key=key))
            remarks = authority_changes.preview_end(g.session, row, authority, last_day, actor())
    page = render_template("enforcement/end_authority.html", issuer=row, form=form, remarks=remarks)
    return page, 400 if form.errors else 200
