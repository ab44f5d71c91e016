"""Times of outcomes that were told too late to count, and the officer's word on each."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from sqlalchemy.orm import Session
from wtforms import SelectMultipleField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from geodata.clearances import time_gaps
from web.auth import actor
from web.casework.blueprint import casework, officers_only
from web.database import commits, read_session
from web.forms.impersonal import Impersonal
from web.forms.refusals import accepted
from web.forms.says_why import SaysWhy
from web.services.clearing.accepted_times import accept_time

SHOWN = 100


class AcceptTimesForm(FlaskForm):  # type: ignore[misc]
    outcomes = SelectMultipleField(
        coerce=int,
        validate_choice=False,
        validators=[InputRequired("Choose at least one outcome")],
    )
    reason = StringField(
        "Why these times are accepted",
        description="For example: the crew had no signal for two days, and its photos show it.",
        widget=GovTextInput(),
        validators=[SaysWhy("such as a crew without signal"), Length(max=500), Impersonal()],
    )
    submit = SubmitField("Accept the times that were told", widget=GovSubmitInput())


@casework.get("/outcome-times")
@officers_only
def told_late() -> ResponseReturnValue:
    return _page(read_session(), AcceptTimesForm(formdata=None))


@casework.post("/outcome-times")
@officers_only
@commits
def accept_times() -> ResponseReturnValue:
    form = AcceptTimesForm()

    def accept() -> None:
        for key in form.outcomes.data:
            accept_time(g.session, key, form.reason.data, actor())

    if form.validate_on_submit() and accepted(form, "outcomes", accept):
        flash("The times are accepted: the outcomes count as they were told.", "success")
        return redirect(url_for(".told_late"))
    return _page(g.session, form), 400


def _page(session: Session, form: AcceptTimesForm) -> str:
    return render_template(
        "casework/told_late.html",
        form=form,
        undecided=time_gaps.undecided(session)[:SHOWN],
        decided=time_gaps.accepted(session, limit=SHOWN),
        longest_h=time_gaps.most_gap(session).total_seconds() / 3600,
    )
