"""What is kept of one person: looked up, given out as a file, erased. Never in an address."""

from flask import Response, flash, g, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from web.admin.blueprint import admin
from web.auth import actor, requires_role
from web.clock import utc_now
from web.database import commits
from web.forms.impersonal import Impersonal
from web.forms.refusals import refusal_at
from web.services.admin.person_data import (
    Erased,
    PersonData,
    erase_person,
    export_person,
    find_person,
)


class PersonForm(FlaskForm):  # type: ignore[misc]
    who = StringField(
        "Email address or telephone number",
        widget=GovTextInput(),
        description="As the person wrote to you. Make sure first that it is theirs.",
        validators=[InputRequired("Enter an address or a number"), Length(max=254)],
    )
    reason = StringField(
        "Why it is erased",
        widget=GovTextInput(),
        description="Such as the number of the request. No names: it stands in the audit log.",
        validators=[Length(max=500), Impersonal()],
    )


@admin.get("/person")
@requires_role("manager")
def person() -> ResponseReturnValue:
    return _page(PersonForm(formdata=None))


@admin.post("/person/<any(find, export, erase):act>")
@requires_role("manager")
@commits
def person_act(act: str) -> ResponseReturnValue:
    """Find, export or erase. Whoever is looked for travels in the body: addresses are logged."""
    form = PersonForm()
    if not form.validate_on_submit():
        return _page(form), 400
    erased: Erased | None = None
    person_data: PersonData | None = None
    with refusal_at(form.reason if act == "erase" else form.who):
        if act == "export":
            return _zip(export_person(g.session, form.who.data, actor()))
        if act == "erase":
            erased = erase_person(g.session, form.who.data, form.reason.data or "", actor())
            flash("It is done. What was erased, what was kept, and why, stands below.", "success")
        person_data = find_person(g.session, form.who.data, now=utc_now())
    return _page(form, person_data=person_data, erased=erased), 400 if form.errors else 200


def _zip(content: bytes) -> Response:
    answer = Response(content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = "attachment; filename=person.zip"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(
    form: PersonForm, *, person_data: PersonData | None = None, erased: Erased | None = None
) -> str:
    return render_template("admin/person.html", form=form, person_data=person_data, erased=erased)
