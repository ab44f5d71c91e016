"""Forms about one hotspot."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import HiddenField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.says_why import SaysWhy

STEP_HINTS = {
    "scanning": "What happens here, how often, who is hurt by it, and how we know.",
    "analysis": "Why here and why then: who comes, what draws them, what was tried before.",
    "response": "What is done, by whom, from when to when.",
    "assessment": "What came of it. The effect page of each intervention has the figures.",
}


class NameForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "Name",
        widget=GovTextInput(),
        description="As people here would say it. Later runs keep it.",
        validators=[InputRequired("Enter a name"), Impersonal()],
    )
    submit = SubmitField("Save the name", widget=GovSubmitInput())


class NoteForm(FlaskForm):  # type: ignore[misc]
    text = TextAreaField(
        "Add a note",
        widget=GovTextArea(),
        description="No names, telephone numbers or number plates.",
        validators=[InputRequired("Write the note")],
    )
    submit = SubmitField("Save the note", widget=GovSubmitInput())


class DismissForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(
        "Why it is no hotspot",
        widget=GovTextArea(),
        description="For example: the depot's own skip, or a postcode's centre.",
        validators=[SaysWhy("such as the depot's own skip"), Impersonal()],
    )
    until = day_field(
        "Up to which day",
        is_required=True,
        description="After it the hotspot comes back by itself, if a run still flags it.",
    )
    submit = SubmitField("Dismiss it", widget=GovSubmitInput())


def _step(name: str) -> Any:
    return TextAreaField(name.capitalize(), widget=GovTextArea(), description=STEP_HINTS[name])


class SaraForm(FlaskForm):  # type: ignore[misc]
    scanning = _step("scanning")
    analysis = _step("analysis")
    response = _step("response")
    assessment = _step("assessment")
    owner_id = SelectField("Owner", widget=GovSelect(), coerce=int)
    review_on = day_field("Review on", description="The board marks it from this day on.")
    seen = HiddenField()
    """What the record was when the form was opened."""
    submit = SubmitField("Save the record", widget=GovSubmitInput())
