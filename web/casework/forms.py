"""What an officer may decide about an incident, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovSelect,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import Field, SelectField, SelectMultipleField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput

from geodata.core.grid_references import GridReferenceError, parse_gridref
from web.forms.impersonal import Impersonal
from web.forms.says_why import SaysWhy

if TYPE_CHECKING:
    from geodata.models import Report


def _reason() -> StringField:
    return StringField(
        "Why",
        widget=GovTextInput(),
        validators=[
            SaysWhy("such as the same pile seen from two roads"),
            Length(max=500),
            Impersonal(),
        ],
    )


class ReasonForm(FlaskForm):  # type: ignore[misc]
    reason = _reason()
    submit = SubmitField("Save", widget=GovSubmitInput())


class PauseForm(FlaskForm):  # type: ignore[misc]
    reason = SelectField("Reason", widget=GovSelect(), validate_choice=False)
    note = StringField(
        "More about it", widget=GovTextInput(), validators=[Length(max=500), Impersonal()]
    )
    submit = SubmitField("Stop the clock", widget=GovSubmitInput())

    def offer(self, reasons: dict[str, str]) -> PauseForm:
        self.reason.choices = [SelectChoice(value, words) for value, words in reasons.items()]
        return self


class ReassignForm(FlaskForm):  # type: ignore[misc]
    contractor = StringField(
        "Contractor or crew",
        widget=GovTextInput(),
        validators=[InputRequired("Enter who is to do it"), Length(max=80), Impersonal()],
    )
    reason = _reason()
    submit = SubmitField("Reassign", widget=GovSubmitInput())


class MergeForm(FlaskForm):  # type: ignore[misc]
    into = StringField(
        "Reference of the incident that it is the same as",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the other incident's reference"), Length(max=20)],
    )
    reason = _reason()
    submit = SubmitField("Merge", widget=GovSubmitInput())


class SplitForm(FlaskForm):  # type: ignore[misc]
    references = SelectMultipleField(
        "Reports that speak of another incident",
        widget=GovCheckboxesInput(),
        option_widget=CheckboxInput(),
        validate_choice=False,
        validators=[InputRequired("Choose at least one report")],
    )
    reason = _reason()
    submit = SubmitField("Split", widget=GovSubmitInput())

    def offer(self, reports: Iterable[Report]) -> SplitForm:
        self.references.choices = [
            SelectChoice(report.reference, report.reference) for report in reports
        ]
        return self


class MoveForm(FlaskForm):  # type: ignore[misc]
    grid_ref = StringField(
        "Grid reference of where it really lies",
        description="Such as TQ 5431 7368",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a grid reference"), Length(max=30)],
    )
    reason = _reason()
    submit = SubmitField("Move", widget=GovSubmitInput())

    def validate_grid_ref(self, field: Field) -> None:
        try:
            easting, northing, side = parse_gridref(field.data)
        except GridReferenceError as error:
            raise ValidationError(str(error)) from None
        if side > 100:
            raise ValidationError("That is a large square: give at least six figures")
        self.position = easting, northing
