"""A control character in a field is refused at that field, with what else was entered kept.

Every form of the site gets the check, by the one place where its library binds a field: nobody has
to think of it, and no field can be without. What reads a request without a form refuses by
``web.server.request_bounds``.
"""

from typing import Any

from flask import Flask, Response, request
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, Form, FormField
from wtforms.meta import DefaultMeta
from wtforms.validators import StopValidation

from web.forms.translated import translated
from web.server.request_bounds import has_control_characters, without_control_characters
from web.services.common.speaking import gettext as _

_REFUSED = "hotspots.refused_characters"
OF_FIELDS = (FormField, FieldList)
"""Fields that hold others, each of which is bound by itself."""


def refuse_control_characters(form: Form, field: Field) -> None:
    """Refuse a field that was sent with a character that is none of a text."""
    if any(isinstance(value, str) and has_control_characters(value) for value in _sent(field)):
        request.environ[_REFUSED] = True
        raise StopValidation(
            _(
                "“%(field)s” held a character that cannot be shown or kept: it was taken out. "
                "Check the text and send it again",
                field=field.label.text,
            )
        )


def _sent(field: Field) -> list[Any]:
    return list(field.raw_data or [])


def _cleaned(value: object) -> object:
    return without_control_characters(value) if isinstance(value, str) else value


def _bind_checked(
    meta: DefaultMeta, form: Form, unbound_field: Any, options: dict[str, Any]
) -> Field:
    """Bind a field that cleans what it is given, and refuses it where there was need to."""
    field = translated(DefaultMeta.bind_field(meta, form, unbound_field, options))
    if not isinstance(field, OF_FIELDS):
        field.filters = [_cleaned, *field.filters]
        field.validators = [refuse_control_characters, *field.validators]
    return field


def check_every_form(app: Flask) -> None:
    """Let every form of the site check its fields, and answer 400 where one refuses."""
    FlaskForm.Meta.bind_field = _bind_checked
    app.after_request(_as_bad_request)


def _as_bad_request(response: Response) -> Response:
    """Some pages answer 200 to an answer that they refuse, for people; this one no person typed."""
    if _REFUSED in request.environ and response.status_code == 200:
        response.status_code = 400
    return response
