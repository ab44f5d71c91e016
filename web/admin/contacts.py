"""Contacts and times of keeping that the council sets: a page for managers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import Field, StringField
from wtforms.validators import InputRequired, Length

from geodata.people import audit
from geodata.rules.days import date_in_words
from web.admin.blueprint import admin, managers_only
from web.auth import actor
from web.clock import today
from web.config import PREFIX
from web.council import is_fixed
from web.database import commits
from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.refusals import refusal_at
from web.services.admin import contacts

if TYPE_CHECKING:
    from geodata.models import AuditEntry

SHOWN_CHANGES = 20


class ContactsForm(FlaskForm):  # type: ignore[misc]
    """What every change has; ``contacts.CONTACTS`` are the other fields."""

    valid_from = day_field("From which day", description="Empty: at once.")
    reason = StringField(
        "Reason for the change",
        widget=GovTextInput(),
        description="A decision, or a request. No names.",
        validators=[InputRequired("Write why"), Length(max=200), Impersonal()],
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
    config, changes = current_app.config["HOTSPOTS"], _changes()
    page = render_template(
        "admin/contacts.html",
        form=form,
        preview=preview,
        held=contacts.stored(g.session, today()),
        ahead=[each for each in contacts.ahead(g.session) if each.valid_from > today()],
        labels={each.name: each.label for each in contacts.CONTACTS},
        names=[each.name for each in open_],
        fixed=[
            (each.label, getattr(config, each.name), f"{PREFIX}{each.name.upper()}")
            for each in contacts.CONTACTS
            if is_fixed(config, each.name)
        ],
        defaults=config,
        changes=changes,
        first_days={entry.id: _first_day(entry) for entry, _ in changes},
    )
    return page, 400 if form.errors else 200


def _first_day(entry: AuditEntry) -> str:
    """From which day a change holds, empty where it held at once."""
    day = (entry.after or {}).get(contacts.VALID_FROM)
    return date_in_words(date.fromisoformat(day)) if day else ""


def _changes() -> Sequence[tuple[AuditEntry, str | None]]:
    known = {each.name for each in contacts.CONTACTS}
    return [
        (entry, who)
        for entry, who in audit.entries(g.session, contacts.ENTITY)
        if known & set(entry.after or {})
    ][:SHOWN_CHANGES]
