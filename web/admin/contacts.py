"""Contacts and times of keeping that the council sets: a page for managers."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import Field, StringField
from wtforms.validators import Length

from web.admin.blueprint import admin, managers_only
from web.auth import actor
from web.clock import today
from web.config import PREFIX
from web.council import is_fixed
from web.database import commits
from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.refusals import refusal_at
from web.forms.says_why import SaysWhy
from web.services.settings import contacts
from web.services.settings.council_settings import value_words

SHOWN_CHANGES = 20


class ContactsForm(FlaskForm):  # type: ignore[misc]
    """What every change has; ``contacts.CONTACTS`` are the other fields."""

    valid_from = day_field("From which day", description="Empty: at once.")
    reason = StringField(
        "Reason for the change",
        widget=GovTextInput(),
        description="A decision, or a request. No names.",
        validators=[SaysWhy(), Length(max=200), Impersonal()],
    )


def _field(contact: contacts.Contact) -> Field:
    return StringField(
        contact.label, widget=GovTextInput(), description=contact.hint, validators=[Length(max=100)]
    )


@admin.route("/contacts", methods=["GET", "POST"])
@managers_only
@commits
def contact_settings() -> ResponseReturnValue:
    config = current_app.config["HOTSPOTS"]
    open_ = [each for each in contacts.CONTACTS if not is_fixed(config, each.name)]
    fields = {each.name: _field(each) for each in open_}
    held = contacts.stored(g.session, today())
    form = type("ContactsFormHere", (ContactsForm,), fields)(data=held)
    if form.validate_on_submit():
        with refusal_at(form.reason):
            wanted = {each.name: str(form[each.name].data or "") for each in open_}
            first = form.valid_from.data
            if "preview" in request.form:
                return _page(form, open_, contacts.changes_of(g.session, wanted, first or today()))
            contacts.save(g.session, actor(), wanted, reason=form.reason.data, valid_from=first)
            flash("The contacts are saved.", "success")
            return redirect(url_for(".contact_settings"))
    return _page(form, open_, None)


@admin.post("/contacts/<int:entry>/undo")
@managers_only
@commits
def undo_contact(entry: int) -> ResponseReturnValue:
    contacts.undo(g.session, actor(), entry)
    flash("The change is undone; both stay in the list.", "success")
    return redirect(url_for(".contact_settings"))


def _page(
    form: ContactsForm,
    open_: list[contacts.Contact],
    preview: list[tuple[str, str, str]] | None,
) -> ResponseReturnValue:
    config = current_app.config["HOTSPOTS"]
    page = render_template(
        "admin/contacts.html",
        form=form,
        preview=preview,
        ahead=[each for each in contacts.ahead(g.session) if each.valid_from > today()],
        labels={each.name: each.label for each in contacts.CONTACTS},
        words=value_words,
        names=[each.name for each in open_],
        fixed=[
            (each.label, getattr(config, each.name), f"{PREFIX}{each.name.upper()}")
            for each in contacts.CONTACTS
            if is_fixed(config, each.name)
        ],
        defaults=config,
        changes=contacts.history(g.session, today(), limit=SHOWN_CHANGES),
    )
    return page, 400 if form.errors else 200
