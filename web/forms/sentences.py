"""What a form answers to a value of the wrong kind, in place of what WTForms says itself."""

from typing import ClassVar

from flask_wtf import FlaskForm

from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _


class Sentences:
    """WTForms asks this, as it would ask a translation, for each of its own messages."""

    SAID: ClassVar = {
        "Not a valid integer value.": N_("Enter a whole number, such as 12"),
        "Not a valid decimal value.": N_("Enter a number, such as 12.50"),
        "Not a valid float value.": N_("Enter a number, such as 12.5"),
        "Not a valid date value.": N_("Enter a day such as 13/06/2026"),
        "Not a valid time value.": N_("Enter a time such as 20:30"),
        "Not a valid datetime value.": N_("Enter a day and a time"),
        "Not a valid choice.": N_(
            "Choose one of the list: what was sent is not in it, or no longer"
        ),
    }

    def gettext(self, message: str) -> str:
        return _(self.SAID.get(message, message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return singular if number == 1 else plural


def answer_with_them() -> None:
    """Let every form of the application answer in these sentences."""
    FlaskForm.Meta.get_translations = lambda _meta, _form: Sentences()
