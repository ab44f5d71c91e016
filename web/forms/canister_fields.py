"""What may lie at an incident, as fields of a form: for partners' quick reports and calls."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from geodata.core.vocabulary import ChargerBand
from web.forms.impersonal import Impersonal
from web.forms.numbers import NumberRange
from web.services.common.speaking import N_, gettext
from web.services.reporting.intake import CanisterFacts

BANDS = (
    (ChargerBand.NONE.value, N_("None")),
    (ChargerBand.UP_TO_10.value, N_("1 to 10")),
    (ChargerBand.TO_50.value, N_("11 to 50")),
    (ChargerBand.TO_100.value, N_("51 to 100")),
    (ChargerBand.OVER_100.value, N_("More than 100")),
    (ChargerBand.UNKNOWN.value, N_("I do not know")),
)
HAZARDS = ("has_balloons", "has_needles", "has_glass", "is_leaking")
WHOLE_NUMBER = "Write a whole number from 0 to 9999, such as 3"
LONGEST_TEXT = 1_000
EMAIL = r"[!-+\--:=?A-~]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\Z"


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Pairs of value and words as WTForms takes them."""
    return [SelectChoice(value, label) for value, label in pairs]


class DumpForm(FlaskForm):  # type: ignore[misc]
    """The fields; a form that extends it adds what else it asks, and its button."""

    charger_band = RadioField(
        "Small chargers (8 g)",
        choices=choices(BANDS),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how many small chargers there are")],
    )
    cylinders = IntegerField(
        "Large cylinders (optional)",
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, 9999, WHOLE_NUMBER)],
    )
    has_balloons = BooleanField("Balloons or boxes", widget=GovCheckboxInput())
    has_needles = BooleanField("Needles", widget=GovCheckboxInput())
    has_glass = BooleanField("Broken glass", widget=GovCheckboxInput())
    is_leaking = BooleanField("A canister that hisses or leaks", widget=GovCheckboxInput())
    landmark = StringField(
        "Landmark for the crew (optional)",
        widget=GovTextInput(),
        validators=[
            Length(max=200, message="Write at most 200 characters"),
            Impersonal(is_spot=True),
        ],
    )
    description = TextAreaField(
        "Note for the crew, no names (optional)",
        widget=GovTextArea(),
        validators=[
            Length(max=LONGEST_TEXT, message="Write at most 1,000 characters"),
            Impersonal(),
        ],
    )
    key = HiddenField(validators=[Length(min=16, max=64)])
    """Made with the page: the same page sent twice is one report."""

    def validate_cylinders(self, field: IntegerField) -> None:
        refuse_no_number(field)

    def facts(self) -> CanisterFacts:
        """What the fields say."""
        return {
            "charger_band": self.charger_band.data,
            "cylinders": self.cylinders.data,
            "has_balloons": self.has_balloons.data,
            "has_needles": self.has_needles.data,
            "has_glass": self.has_glass.data,
            "is_leaking": self.is_leaking.data,
            "landmark": (self.landmark.data or "").strip() or None,
            "description": (self.description.data or "").strip() or None,
            "idempotency_key": self.key.data,
        }


def refuse_no_number(field: IntegerField, words: str = WHOLE_NUMBER) -> None:
    """Say in our own words that something written is no whole number."""
    if field.raw_data and field.raw_data[0].strip() and field.data is None:
        field.errors = []
        raise ValidationError(gettext(words))
