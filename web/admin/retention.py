"""The schedule of what is kept how long, what is due to go, and legal holds."""

from datetime import date

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from sqlalchemy.orm import Session
from wtforms import SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from geodata.core.errors import GeodataError
from geodata.people import holds
from geodata.rules.days import local_day
from geodata.store import background
from web.admin.blueprint import admin
from web.auth import actor, requires_role
from web.clock import utc_now
from web.council import settings_in_force
from web.database import commits, read_session
from web.filters import sentence
from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.says_why import SaysWhy
from web.server.ticks import terms_of
from web.services.admin.retention import due
from web.services.admin.retention_schedule import kept_on

KINDS = (
    ("report", "A report"),
    ("incident", "An incident with its reports"),
    ("person", "A person"),
    ("notice", "A notice, with all that was done about the same act"),
)


def _reason(label: str) -> StringField:
    return StringField(
        label,
        widget=GovTextInput(),
        description="No names. It stands in the audit log.",
        validators=[SaysWhy("such as the number of a case"), Length(max=500), Impersonal()],
    )


class HoldForm(FlaskForm):  # type: ignore[misc]
    kind = SelectField(
        "What is held",
        choices=[SelectChoice(kind, words) for kind, words in KINDS],
        widget=GovSelect(),
    )
    subject = StringField(
        "Reference, or the person\u2019s email address or telephone number",
        widget=GovTextInput(),
        validators=[InputRequired("Enter what is held"), Length(max=254)],
    )
    reason = _reason("Why it is held")
    until = day_field(
        "Last day of the hold",
        is_required=True,
        description="The hold ends by itself after this day.",
    )
    submit = SubmitField("Place the hold", widget=GovSubmitInput())


class LiftForm(FlaskForm):  # type: ignore[misc]
    reason = _reason("Why it is lifted")
    submit = SubmitField("Lift the hold", widget=GovSubmitInput())


@admin.get("/retention")
@requires_role("manager")
def retention() -> ResponseReturnValue:
    return _page(read_session(), HoldForm(formdata=None))


@admin.post("/retention")
@requires_role("manager")
@commits
def place_hold() -> ResponseReturnValue:
    form = HoldForm()
    if form.validate_on_submit():
        try:
            with g.session.begin_nested():
                _place(form)
        except GeodataError as error:
            form.subject.errors = [sentence(error)]
        else:
            flash("The hold is placed: what it names is not deleted.", "success")
            return redirect(url_for(".retention"))
    return _page(g.session, form), 400


def _place(form: HoldForm) -> None:
    until: date = form.until.data
    holds.place(
        g.session,
        form.kind.data,
        form.subject.data,
        reason=form.reason.data,
        until=until,
        actor=actor(),
    )


@admin.route("/retention/holds/<int:key>", methods=["GET", "POST"])
@requires_role("manager")
@commits
def lift_hold(key: int) -> ResponseReturnValue:
    form = LiftForm()
    if form.validate_on_submit():
        holds.lift(g.session, key, reason=form.reason.data, actor=actor())
        flash("The hold is lifted.", "success")
        return redirect(url_for(".retention"))
    page = render_template("admin/lift_hold.html", form=form, key=key)
    return page, 400 if form.errors else 200


def _page(session: Session, form: HoldForm) -> str:
    now, terms = utc_now(), terms_of(settings_in_force())
    return render_template(
        "admin/retention.html",
        form=form,
        schedule=due(session, terms, now=now),
        kept_on=kept_on(terms),
        holds=holds.standing(session, local_day(now)),
        kinds=dict(KINDS),
        backups=background.backups(session),
        now=now,
    )
