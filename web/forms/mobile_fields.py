"""A mobile number as a field, kept as it is dialled from anywhere."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import TelField, ValidationError
from wtforms.validators import Optional

from geodata.core.errors import RefusedError
from web.services.common.mobile_numbers import mobile_number
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

LONGEST = 30
REFUSED = N_("Write your mobile number like 07700 900123: only numbers of the United Kingdom")


def mobile_field(label: str, *, description: str = "") -> TelField:
    """A field that may stay empty; see ``dialled``."""
    return TelField(
        label,
        description=description,
        widget=GovTextInput(),
        filters=[lambda text: text.strip() if text else ""],
        validators=[Optional(), _is_mobile],
    )


def dialled(field: TelField) -> str:
    """The number of a valid field; empty where none was written."""
    return mobile_number(field.data) if field.data else ""


def _is_mobile(_form: FlaskForm, field: TelField) -> None:
    try:
        if len(field.data) > LONGEST:
            raise RefusedError("too long")
        mobile_number(field.data)
    except RefusedError:
        raise ValidationError(_(REFUSED)) from None
