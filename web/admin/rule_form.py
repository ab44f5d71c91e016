"""A form for a row of a dated table, made from the table's own fields."""

from collections.abc import Callable, Mapping
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

from geodata.core.errors import RefusedError
from geodata.rules.tables import RuleField, RuleTable
from web.admin.rule_words import WORDS
from web.forms.fields import day_field

HINTS = {
    "pence": "In pounds, such as 100 or 100.50.",
    "numbers": "With commas between.",
    "time": "Such as 00:01, London's clock.",
}
PREFIX = "value_"


class RowForm(FlaskForm):  # type: ignore[misc]
    """What every row has; ``form_for`` adds the table's own values."""

    valid_from = day_field("First day", description="Empty where it always held.")
    valid_to = day_field("Last day", description="Empty where it has none.")
    source = TextAreaField(
        "Source",
        widget=GovTextArea(),
        description="The Act, the instrument, or the council's decision.",
        validators=[InputRequired("Name the source"), Length(max=1000)],
    )
    is_verified = BooleanField("I have read this in the source itself", widget=GovCheckboxInput())


def form_for(table: RuleTable) -> type[RowForm]:
    """A form class with one field for each value of a table."""
    fields = {PREFIX + field.name: _field(field) for field in table.fields}
    return type("RowFormOfTable", (RowForm,), fields)


def _field(field: RuleField) -> Field:
    label = field.label + (" (optional)" if field.is_optional else "")
    if field.kind == "flag":
        return BooleanField(label, widget=GovCheckboxInput())
    if field.kind == "word":
        blank = {"": "None"} if field.is_optional else {}
        words = {word: WORDS[word] for word in field.words}
        return SelectField(label, widget=GovSelect(), choices=blank | words)
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
    return {field.name: _read(field, form[PREFIX + field.name].data) for field in table.fields}


def fill(form: RowForm, table: RuleTable, values: Mapping[str, Any]) -> None:
    """Write a row's values into an empty form."""
    for field in table.fields:
        form[PREFIX + field.name].data = shown(field, values.get(field.name))


def read(field: RuleField, value: Any) -> str | bool:
    """A value as a page says it."""
    return WORDS[value] if field.kind == "word" and value else shown(field, value)


def shown(field: RuleField, value: Any) -> str | bool:
    """A value as a form takes it."""
    if value is None:
        return ""
    if field.kind == "pence":
        return f"{value / 100:.2f}"
    if field.kind == "numbers":
        return ", ".join(map(str, value))
    return bool(value) if field.kind == "flag" else str(value)


def _read(field: RuleField, text: str | bool | None) -> object:
    if field.kind in {"flag", "word", "text", "time"} or not str(text or "").strip():
        return text
    try:
        return _NUMBER[field.kind](str(text))
    except ValueError:
        raise RefusedError(f"{field.label} is {text!r}: write a number") from None


def _pence(text: str) -> int:
    pence = float(text.replace("£", "").replace(",", "")) * 100
    if abs(pence - round(pence)) > 1e-6:
        raise ValueError(text)
    return round(pence)


_NUMBER: dict[str, Callable[[str], object]] = {
    "pence": _pence,
    "number": int,
    "numbers": lambda text: [int(part) for part in text.split(",")],
}
