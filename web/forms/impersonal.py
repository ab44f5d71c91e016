"""Free text that says who somebody is, stopped at the field where it was written."""

from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

from geodata.people.personal_data import certain_in, found_in
from web.services.common.speaking import gettext as _

NOBODY = "is_nobody"
"""A form's box that says that a find is no person; what is certain is refused all the same."""


class Impersonal:
    """Validator: nobody's name, address, number or plate.

    Parameters
    ----------
    is_spot
        The field says where canisters lie: a house number there is a place and nobody's home.
    """

    def __init__(self, *, is_spot: bool = False) -> None:
        self.is_spot = is_spot

    def __call__(self, form: FlaskForm, field: Field) -> None:
        words = field.data or ""
        can_say_so = NOBODY in form
        personal = certain_in(words)
        if not personal and not (can_say_so and form[NOBODY].data):
            personal = found_in(words, is_spot=self.is_spot)
        if personal:
            raise ValidationError(refusal(personal, can_say_so=can_say_so))


def refusal(personal: list[str], *, can_say_so: bool = False) -> str:
    """What is said of a text that names somebody.

    >>> refusal(["Sarah Jones"])
    'Take out \\u201cSarah Jones\\u201d: it may say who somebody is or where they live'
    """
    pieces = ", ".join(f"\u201c{piece}\u201d" for piece in dict.fromkeys(personal))
    if can_say_so:
        return _(
            "Take out %(pieces)s: it may say who somebody is or where they live. If it is no "
            "person and no home, tick the box below",
            pieces=pieces,
        )
    return _("Take out %(pieces)s: it may say who somebody is or where they live", pieces=pieces)
