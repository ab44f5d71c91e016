"""Numbers within bounds, however large what was typed."""

from wtforms import Field, Form, ValidationError, validators


class NumberRange(validators.NumberRange):  # type: ignore[misc]
    """WTForms' own asks whether a number is NaN, which fails for one of 400 digits."""

    def __call__(self, form: Form, field: Field) -> None:
        try:
            super().__call__(form, field)
        except OverflowError:
            raise ValidationError(
                self.message or f"Write a number from {self.min} to {self.max}"
            ) from None
