"""The words of a draft: summary, strengths and weaknesses, plan, and recommendations."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import FieldList, Form, FormField, StringField, TextAreaField
from wtforms.validators import Length

from geodata.store import committee_papers
from web.auth import actor
from web.committee.blueprint import check_may_read, committee, officers_only
from web.database import commits_when_sent
from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.post import Post
from web.services.committee import drafting
from web.services.committee.narrative import SWOT, Narrative, Recommendation, narrative_of

ROWS = 6
LONGEST = 4000


def _words(label: str, hint: str = "") -> TextAreaField:
    return TextAreaField(
        label,
        widget=GovTextArea(),
        description=hint,
        validators=[Length(max=LONGEST), Impersonal()],
    )


class RecommendationForm(Form):  # type: ignore[misc]
    """One row; an empty text is no recommendation."""

    text = StringField(
        "Recommendation", widget=GovTextInput(), validators=[Length(max=500), Impersonal()]
    )
    owner = StringField(
        "Owner",
        widget=GovTextInput(),
        description="A post, such as Community safety manager, and no name.",
        validators=[Length(max=80), Post()],
    )
    due_on = day_field("By")


class WordsForm(FlaskForm):  # type: ignore[misc]
    """All words of a report."""

    summary = _words("Summary in plain English", "An empty line begins a new paragraph.")
    plan = _words("Plan on a page", "What is to be done, by whom and by when.")
    strengths = _words(SWOT["strengths"])
    weaknesses = _words(SWOT["weaknesses"])
    opportunities = _words(SWOT["opportunities"])
    threats = _words(SWOT["threats"])
    recommendations = FieldList(FormField(RecommendationForm), min_entries=ROWS, max_entries=ROWS)

    def narrative(self) -> Narrative:
        rows = tuple(
            Recommendation(row.form.text.data, row.form.owner.data, row.form.due_on.data)
            for row in self.recommendations
            if row.form.text.data
        )
        fields = {name: self[name].data or "" for name in ("summary", *SWOT, "plan")}
        return Narrative(**fields, recommendations=rows)


@committee.route("/draft/<int:key>/words", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def edit_words(key: int) -> ResponseReturnValue:
    draft = committee_papers.draft(g.session, key)
    check_may_read(draft.audience)
    form = WordsForm(data=vars(narrative_of(draft.narrative)))
    if form.validate_on_submit():
        drafting.write_words(g.session, key, form.narrative(), actor())
        flash("The words are in the draft.")
        return redirect(url_for(".draft", key=key))
    return render_template("committee/words.html", form=form, key=key), 400 if form.errors else 200
