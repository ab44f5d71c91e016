"""The outcome form: few fields, large targets, nothing asked that the crew cannot see."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from shapely.geometry import Point
from wtforms import (
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from geodata.core.geography import from_lonlat
from geodata.core.vocabulary import Outcome
from geodata.media.pictures import CleanPicture
from web.contractor.jobs import position
from web.request_bounds import row_key
from web.services.clearing.new_clearance import NewClearance
from web.services.clearing.worklist import BAND_WORDS

OUTCOMES = (  # most frequent first
    (Outcome.CLEARED.value, "Cleared"),
    (Outcome.NOT_FOUND.value, "Not found"),
    (Outcome.NO_ACCESS.value, "Could not get in"),
    (Outcome.SPECIALIST.value, "Specialist needed"),
    (Outcome.NOT_OUR_LAND.value, "Not our land"),
    (Outcome.DUPLICATE.value, "Same as another job"),
)
BANDS = [("", "Not counted"), *((k, v) for k, v in BAND_WORDS.items() if k != "unknown")]
DISPOSAL = (
    ("", "Choose"),
    ("scrap_metal", "Scrap metal (chargers)"),
    ("specialist_gas", "Specialist gas contractor (cylinders)"),
    ("depot_cage", "Cage at the depot"),
    ("residual", "Residual waste"),
)
MANY = 10_000
SANE_YEARS = (2000, 2200)
"""A telephone without a battery begins at 1970; years beyond these cannot be reckoned with."""


def _choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    outcome = RadioField(
        "What did you do?",
        choices=_choices(OUTCOMES),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose what you did")],
    )
    pictures = MultipleFileField("Photo of the place now", widget=GovFileInput(multiple=True))
    no_photo_reason = StringField(
        "No photo? Say why", widget=GovTextInput(), validators=[Length(max=200)]
    )
    charger_band = SelectField(
        "Small chargers (8 g)", choices=_choices(BANDS), default="", widget=GovSelect()
    )
    cylinders = IntegerField(
        "Large cylinders, exact number",
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, MANY, "Enter a whole number, 0 or more")],
    )
    sacks = IntegerField(
        "Sacks",
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, MANY, "Enter a whole number, 0 or more")],
    )
    weight_kg = DecimalField(
        "Weight in kilograms",
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, MANY, "Enter a number, 0 or more")],
    )
    disposal = SelectField(
        "Where it goes", choices=_choices(DISPOSAL), default="", widget=GovSelect()
    )
    land_owner = StringField(
        "Whose land is it?", widget=GovTextInput(), validators=[Length(max=200)]
    )
    duplicate_of = StringField(
        "Reference of the other job, if you know it",
        widget=GovTextInput(),
        validators=[Length(max=20)],
    )
    note = TextAreaField(
        "Anything else (no names)", widget=GovTextArea(), validators=[Length(max=2_000)]
    )
    idempotency_key = HiddenField(validators=[Length(max=64)])
    occurred_at = HiddenField()
    lon, lat, accuracy_m = HiddenField(), HiddenField(), HiddenField()
    replaces = HiddenField()
    submit = SubmitField("Save", widget=GovSubmitInput())

    def to_clearance(
        self,
        incident_id: int,
        user_id: int,
        cleaned: Sequence[CleanPicture],
        *,
        now: datetime,
    ) -> NewClearance:
        """What was told, with its photos."""
        return NewClearance(
            incident_id=incident_id,
            outcome=self.outcome.data,
            occurred_at=_instant(self.occurred_at.data) or now,
            idempotency_key=self.idempotency_key.data or None,
            position=_point(self.data),
            accuracy_m=_number(self.accuracy_m.data),
            charger_band=self.charger_band.data or None,
            cylinders=self.cylinders.data,
            sacks=self.sacks.data,
            weight_kg=None if self.weight_kg.data is None else float(self.weight_kg.data),
            disposal=self.disposal.data or None,
            land_owner=self.land_owner.data or None,
            no_photo_reason=self.no_photo_reason.data or None,
            duplicate_of=(self.duplicate_of.data or "").strip().upper() or None,
            note=self.note.data or None,
            pictures=cleaned,
            user_id=user_id,
            replaces_id=row_key(self.replaces.data),
        )


def _instant(text: str | None) -> datetime | None:
    """The telephone's own time; None where it sent none that can be read."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    is_sane = moment.tzinfo is not None and SANE_YEARS[0] <= moment.year <= SANE_YEARS[1]
    return moment if is_sane else None


def _point(data: dict[str, str | None]) -> Point | None:
    place = position({name: data[name] or "" for name in ("lon", "lat")})
    point = None if place is None else Point(*from_lonlat(*place))
    return point if point is not None and point.is_valid and not point.is_empty else None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e6 else None  # also refuses NaN
