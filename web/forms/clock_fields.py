"""Checks of fields that hold a time of day."""

from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError

from web.forms.clock_times import parse_clock


def is_clock(_: FlaskForm, field: StringField) -> None:
    """Refuse what is no time of day."""
    try:
        parse_clock(field.data or "")
    except ValueError:
        raise ValidationError("Enter a time such as 20:30") from None


def is_clock_or_empty(form: FlaskForm, field: StringField) -> None:
    """Refuse what is neither empty nor a time of day."""
    if (field.data or "").strip():
        is_clock(form, field)
