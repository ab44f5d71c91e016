"""A form for a row of a dated table, made from the table's own fields."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from geodata.rules.tables import RuleField, RuleTable
from web.admin.rule_words import WORDS
from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.says_why import SaysWhy
from web.services.settings.entered_values import LINES, entered, shown
from web.services.settings.promise_changes import PROMISE_TABLES

HINTS = {
    "pence": "In pounds, such as 100 or 100.50.",
    "numbers": "With commas between.",
    "paragraphs": "An empty line begins a new paragraph. The program fills the blanks in curly "
    "brackets, such as {amount}. No names.",
    "sentences": "As it is printed. No names.",
    "time": "Such as 17:00, London's clock; 23:59:59 is the end of the day.",
    "hours": "One a line: needles or leaking, a colon, the hours from the report.",
    "reasons": "One a line, as crews and receipts read it. A short name and a colon may "
    "stand before it, which keeps the reason the same when its words change.",
}
MOVES_JOBS = "Give open jobs the new due time too (else they keep what was promised)"
PREFIX = "value_"


class RowForm(FlaskForm):  # type: ignore[misc]
    """What every row has; ``form_for`` adds the table's own values."""

    valid_from = day_field("First day", description="Empty where it always held.")
    valid_to = day_field("Last day", description="Empty where it has none.")
    source = TextAreaField(
        "Source",
        widget=GovTextArea(),
        description="The Act, the instrument, or the council's decision.",
        validators=[InputRequired("Name the source"), Length(max=1000), Impersonal()],
    )
    is_verified = BooleanField("I have read this in the source itself", widget=GovCheckboxInput())


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why a row is withdrawn, or put back."""

    reason = TextAreaField(
        "Why",
        widget=GovTextArea(),
        description="Such as a decision, or a mistake. It stays in the history. No names.",
        validators=[SaysWhy(), Length(max=500), Impersonal()],
    )


def form_for(table: RuleTable) -> type[RowForm]:
    """A form class with one field for each value of a table."""
    fields = {PREFIX + field.name: _field(field) for field in table.fields}
    if table.name in PROMISE_TABLES:
        fields["moves_jobs"] = BooleanField(MOVES_JOBS, widget=GovCheckboxInput())
    return type("RowFormOfTable", (RowForm,), fields)


def _field(field: RuleField) -> Field:
    label = field.label + (" (optional)" if field.is_optional else "")
    if field.kind == "flag":
        return BooleanField(label, widget=GovCheckboxInput())
    if field.kind == "word":
        blank = {"": "None"} if field.is_optional else {}
        words = {word: WORDS[word] for word in field.words}
        return SelectField(label, widget=GovSelect(), choices=blank | words)
    if field.kind in LINES:
        widget, longest = GovTextArea(), [Length(max=2000)]
        return TextAreaField(
            label, widget=widget, description=HINTS[field.kind], validators=longest
        )
    if field.kind in {"paragraphs", "sentences"}:
        widget, hint = GovTextArea(), HINTS[field.kind]
        return TextAreaField(label, widget=widget, description=hint, validators=[Length(max=6000)])
    return StringField(
        label,
        widget=GovTextInput(),
        description=HINTS.get(field.kind, ""),
        validators=[Length(max=300)],
    )


def values_of(table: RuleTable, form: RowForm) -> dict[str, object]:
    """The values that were entered, of the kinds the table takes.

    Raises
    ------
    RefusedError
        One cannot be read as its kind.
    """
    return {field.name: entered(field, form[PREFIX + field.name].data) for field in table.fields}


def fill(form: RowForm, table: RuleTable, values: Mapping[str, Any]) -> None:
    """Write a row's values into an empty form."""
    for field in table.fields:
        form[PREFIX + field.name].data = shown(field, values.get(field.name))


def read(field: RuleField, value: Any) -> str | bool:
    """A value as a page says it."""
    if field.kind == "reasons":
        return "; ".join((value or {}).values())
    if field.kind == "hours":
        return "; ".join(f"{WORDS[word]}: {hours:g}" for word, hours in (value or {}).items())
    return WORDS[value] if field.kind == "word" and value else shown(field, value)
