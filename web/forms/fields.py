"""Form fields that several pages share."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovInput
from markupsafe import Markup
from wtforms import DateField, Field
from wtforms.validators import InputRequired, Optional, ValidationError

from web.server.request_bounds import within_years


class NativeInput(GovInput):  # type: ignore[misc]
    """An input of the browser's own kind, such as ``date``: a telephone opens its picker."""

    def __init__(self, input_type: str) -> None:
        super().__init__()
        self.input_type = input_type

    def __call__(self, field: Field, **kwargs: object) -> Markup:
        """Rendered with its value as the browser writes one; of any other it would show nothing."""
        if self.input_type in {"date", "time"}:
            kwargs.setdefault("value", field.data.strftime(field.format[0]) if field.data else "")
        rendered: Markup = super().__call__(field, **kwargs)
        return rendered


DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
DAY_FAULT = "Enter a day such as 13/06/2026"


class DayField(DateField):  # type: ignore[misc]
    """A day, which says how to write one where it cannot be read."""

    data: Any  # a day; None only where none must be given

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
            self.data = self.data and within_years(self.data)
        except ValueError:
            self.data = None
            raise ValueError(DAY_FAULT) from None


def is_of_a_known_year(_: object, field: Field) -> None:
    """Refuse a day or a moment of a year that is not reckoned with."""
    if field.data is None:  # it could not be read, which is told already
        return
    try:
        within_years(field.data)
    except ValueError as error:
        raise ValidationError(f"Check the year: {error}") from None


def day_field(label: str, *, is_required: bool = False, description: str = "") -> DayField:
    """A day, typed or picked."""
    return DayField(
        label,
        widget=NativeInput("date"),
        format=DAY_FORMATS,
        description=description,
        validators=[InputRequired(DAY_FAULT) if is_required else Optional()],
    )
