"""A form's own words, and what its validators say, in the language that is spoken.

Forms are written in English, once, with their texts marked. Each field is translated where the
library binds it to a request, so that no form has to think of it.
"""

from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.gov_form_base import GovFormBase
from markupsafe import Markup
from wtforms import Field, Label, SelectFieldBase
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from web.services.common import speaking
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

Validator = Callable[[FlaskForm, Field], object]


def translated(field: Field) -> Field:
    """The field, with its label, hint, choices and refusals translated."""
    if speaking.current().is_english:
        return field
    field.label = Label(field.label.field_id, _(str(field.label.text)))
    field.description = _(field.description)
    field.validators = [_speaking(validator) for validator in field.validators]
    if isinstance(field, SelectFieldBase) and getattr(field, "choices", None):
        field.choices = [SelectChoice(each.value, _(each.label)) for each in field.choices]
    return field


def translated_widgets() -> None:
    """Let GOV.UK's widgets say what they say of themselves in the language that is spoken."""
    GovFormBase.render = _rendered


_render = GovFormBase.render
DATE_PARTS = {"Day": N_("Day"), "Month": N_("Month"), "Year": N_("Year")}


def _rendered(widget: GovFormBase, params: dict[str, Any]) -> Markup:
    if not speaking.current().is_english:
        if params.get("errorMessage"):
            params["errorMessage"]["visuallyHiddenText"] = _("Error")
        for item in params.get("items") or ():
            if item.get("label") in DATE_PARTS:
                item["label"] = _(DATE_PARTS[item["label"]])
        if "maxlength" in params:
            params |= _counting()
    return Markup(_render(widget, params))  # noqa: S704 - its own template, which escapes


def _counting() -> dict[str, object]:
    """What a field says of how many characters are left."""
    return {
        "textareaDescriptionText": _("You can enter up to %{count} characters"),
        "charactersUnderLimitText": {"other": _("Characters left: %{count}")},
        "charactersAtLimitText": _("No characters left"),
        "charactersOverLimitText": {"other": _("Characters too many: %{count}")},
    }


def _speaking(validator: Validator) -> Validator:
    def check(form: FlaskForm, field: Field) -> None:
        try:
            validator(form, field)
        except (StopValidation, ValueError) as refusal:
            raise type(refusal)(*(_(str(words)) for words in refusal.args)) from None

    return check
