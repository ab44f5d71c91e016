"""The contracts of those who clear: a page for managers."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from geodata.clearances import contracts as periods
from geodata.clearances.contracts import LONGEST_NAME, Terms
from geodata.rules.days import local_day
from web.admin.blueprint import admin, managers_only
from web.auth import actor
from web.clock import utc_now
from web.database import commits, read_session
from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.refusals import refusal_at
from web.services.settings import contracts


class ContractForm(FlaskForm):  # type: ignore[misc]
    contractor = StringField(
        "Contractor",
        widget=GovTextInput(),
        description="As its crews' accounts have it: a crew sees the jobs of its own firm.",
        validators=[InputRequired("Name the contractor"), Length(max=LONGEST_NAME)],
    )
    valid_from = day_field("First day", description="Empty where nobody knows any more.")
    valid_to = day_field("Last day", description="Empty while it goes on.")
    source = TextAreaField(
        "Reason",
        widget=GovTextArea(),
        description="The contract or the council's decision.",
        validators=[
            InputRequired("Name the contract or the decision"),
            Length(max=1000),
            Impersonal(),
        ],
    )

    def terms(self) -> Terms:
        """What was entered."""
        days = (self.valid_from.data, self.valid_to.data)
        return Terms(self.contractor.data or "", *days, self.source.data or "")


@admin.get("/contracts")
@managers_only
def contract_list() -> ResponseReturnValue:
    view = contracts.open_contracts(read_session(), local_day(utc_now()))
    return render_template("admin/contracts.html", view=view)


@admin.route("/contracts/add", methods=["GET", "POST"])
@managers_only
@commits
def contract_add() -> ResponseReturnValue:
    return _edited(None, ContractForm())


@admin.route("/contracts/<int:key>", methods=["GET", "POST"])
@managers_only
@commits
def contract_change(key: int) -> ResponseReturnValue:
    """End a contract, or correct it."""
    return _edited(key, ContractForm(obj=periods.find(g.session, key)))


def _edited(key: int | None, form: ContractForm) -> ResponseReturnValue:
    remarks: list[str] = []
    if form.validate_on_submit():
        with refusal_at(form.contractor):
            if "preview" not in request.form:
                return _saved(key, form.terms())
            remarks = contracts.preview(g.session, actor(), key, form.terms())
    page = render_template("admin/contract.html", form=form, key=key, remarks=remarks)
    return page, 400 if form.errors else 200


def _saved(key: int | None, terms: Terms) -> ResponseReturnValue:
    if key is None:
        contracts.enter(g.session, actor(), terms)
    else:
        contracts.change(g.session, actor(), key, terms)
    flash("The contract is saved. Open jobs keep the contractor that they have.", "success")
    return redirect(url_for(".contract_list"))


@admin.post("/contracts/undo")
@managers_only
@commits
def contract_undo() -> ResponseReturnValue:
    contracts.undo(g.session, actor())
    flash("The last change of the contracts is taken back.", "success")
    return redirect(url_for(".contract_list"))
