"""A field that must say why: the rule of all reasons, at the field where it was written."""

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import StopValidation

from geodata.core.reasons import EXAMPLE, reason_fault
from web.filters import sentence


class SaysWhy:
    """Validator: some words, and not an "x", dots or "n/a".

    Parameters
    ----------
    example
        What may be written, such as "such as a mistake in the day".
    """

    def __init__(self, example: str = EXAMPLE) -> None:
        self.example = example
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if fault := reason_fault(field.data, self.example):
            field.errors[:] = []
            raise StopValidation(sentence(fault))
