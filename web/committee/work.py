"""The work programme and action log: what was asked for, by which meeting, and how far it is."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from geodata.core.vocabulary import WorkState
from geodata.store import work_items
from geodata.store.work_items import WorkDraft, WorkStep
from web.auth import actor
from web.committee.blueprint import audiences, committee, officers_only, readers
from web.database import commits_when_sent, read_session
from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.post import Post
from web.services.committee.drafting import STATES, WORK_KINDS

KINDS = {code: words for code, words in WORK_KINDS.items() if code != work_items.RECOMMENDATION}
"""Those that are entered; a recommendation comes of a release."""
STEPS_SHOWN = 200


class WorkForm(FlaskForm):  # type: ignore[misc]
    """A new item."""

    kind = RadioField(
        "What it is",
        choices=[SelectChoice(code, words) for code, words in KINDS.items()],
        widget=GovRadioInput(),
    )
    item = StringField(
        "Item",
        widget=GovTextInput(),
        validators=[InputRequired("Write what it is"), Length(max=500), Impersonal()],
    )
    owner = StringField(
        "Owner",
        widget=GovTextInput(),
        description="A post and no name.",
        validators=[InputRequired("Write whose it is"), Length(max=80), Post()],
    )
    meeting_on = day_field("Meeting on")
    due_on = day_field("To be done by")


class StepForm(FlaskForm):  # type: ignore[misc]
    """How far an item is."""

    state = RadioField(
        "State",
        choices=[SelectChoice(each.value, STATES[each]) for each in WorkState],
        widget=GovRadioInput(),
    )
    note = StringField("Note", widget=GovTextInput(), validators=[Length(max=500), Impersonal()])


@committee.get("/work")
@readers
def work() -> ResponseReturnValue:
    session, seen = read_session(), audiences()
    return render_template(
        "committee/work.html",
        rows=work_items.items(session, seen),
        steps=work_items.steps(session, seen, most=STEPS_SHOWN),
        kinds=WORK_KINDS,
        states=STATES,
    )


@committee.route("/work/new", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def add_work() -> ResponseReturnValue:
    form = WorkForm()
    if form.validate_on_submit():
        draft = WorkDraft(
            form.kind.data,
            form.item.data,
            form.owner.data,
            form.meeting_on.data,
            form.due_on.data,
        )
        by = actor()
        work_items.add(g.session, draft, user_id=by.user_id, now=by.now)
        flash("The item is on the programme.")
        return redirect(url_for(".work"))
    return render_template("committee/add_work.html", form=form), 400 if form.errors else 200


@committee.route("/work/<int:key>", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def step(key: int) -> ResponseReturnValue:
    form = StepForm()
    item = work_items.find(g.session, key, audiences())
    if form.validate_on_submit():
        made, by = WorkStep(WorkState(form.state.data), form.note.data or ""), actor()
        work_items.add_step(g.session, key, made, user_id=by.user_id, now=by.now)
        flash("The state is noted.")
        return redirect(url_for(".work"))
    return render_template("committee/step.html", form=form, item=item), 400 if form.errors else 200
