"""What officers tell of a visit, at a planned stop or elsewhere."""

from datetime import datetime, time, timedelta

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
from wtforms import (
    FloatField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from geodata.rules.days import LONDON
from web.forms.clock_fields import is_clock, is_clock_or_empty
from web.forms.clock_times import parse_clock
from web.forms.impersonal import Impersonal
from web.forms.numbers import NumberRange
from web.services.common.officer_position import Standpoint
from web.services.patrols.patrol_visits import NewVisit

MANY = 10_000
WHOLE_NUMBER = "Enter a whole number, 0 or more"


def _count(label: str) -> IntegerField:
    return IntegerField(
        label,
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, MANY, WHOLE_NUMBER)],
    )


def _hidden_number(least: float, most: float) -> FloatField:
    return FloatField(widget=HiddenInput(), validators=[Optional(), NumberRange(least, most)])


class VisitForm(FlaskForm):  # type: ignore[misc]
    """A visit to a planned stop: its place is known, and may be made more exact."""

    arrived = StringField("Arrived at", widget=GovTextInput(), validators=[is_clock])
    left = StringField("Left at", widget=GovTextInput(), validators=[is_clock_or_empty])
    seen = RadioField(
        "Were there canisters?",
        choices=[
            SelectChoice("yes", "Yes"),
            SelectChoice("no", "No"),
            SelectChoice("unknown", "Not looked for"),
        ],
        widget=GovRadioInput(),
        validators=[InputRequired("Choose whether there were canisters")],
    )
    chargers = _count("Small chargers, about how many")
    cylinders = _count("Large cylinders, exact number")
    people_spoken_to = _count("People spoken to")
    note = TextAreaField(
        "What was done (no names, no number plates)",
        widget=GovTextArea(),
        validators=[
            Length(max=2_000, message="Write at most 2,000 characters"),
            Impersonal(),
        ],
    )
    pictures = MultipleFileField("Photos", widget=GovFileInput(multiple=True))
    photos_key = HiddenField(validators=[Length(max=64)])
    """Of the draft that keeps photos while the form has to be mended."""
    grid_ref = StringField("Grid reference", widget=GovTextInput())
    longitude = _hidden_number(-180, 180)
    latitude = _hidden_number(-90, 90)
    accuracy_m = _hidden_number(0, 100_000)
    key = HiddenField(validators=[Length(min=16, max=64)])
    """Made with the page: the same page sent twice is one visit and one report."""
    submit = SubmitField("Save the visit", widget=GovSubmitInput())

    def validate_seen(self, field: RadioField) -> None:
        """Canisters that were counted were there."""
        if field.data in {"no", "unknown"} and (self.chargers.data or self.cylinders.data):
            raise ValidationError("You counted canisters: choose Yes, or leave the numbers out")

    @property
    def lonlat(self) -> tuple[float, float] | None:
        """Where the device says that it is."""
        lon, lat = self.longitude.data, self.latitude.data
        return None if lon is None or lat is None else (lon, lat)

    @property
    def says_where(self) -> bool:
        return self.lonlat is not None or bool((self.grid_ref.data or "").strip())

    def forget_position(self) -> None:
        """Give the page back without a position that was refused; nobody could mend it there."""
        for field in (self.longitude, self.latitude, self.accuracy_m):
            field.data, field.raw_data = None, None

    def to_visit(
        self,
        planned: datetime,
        there: Standpoint | None,
        *,
        draft_id: int | None = None,
        posters: tuple[tuple[str, str], ...] = (),
    ) -> NewVisit:
        """The visit, at the clock times nearest to when it was planned."""
        left = (self.left.data or "").strip()
        arrived_at = _nearest(parse_clock(self.arrived.data), planned)
        return NewVisit(
            arrived_at=arrived_at,
            left_at=_nearest(parse_clock(left), arrived_at) if left else None,
            position=there.point if there else None,
            accuracy_m=there.accuracy_m if there else None,
            canisters_seen={"yes": True, "no": False}.get(self.seen.data),
            chargers=self.chargers.data,
            cylinders=self.cylinders.data,
            people_spoken_to=self.people_spoken_to.data,
            note=(self.note.data or "").strip() or None,
            idempotency_key=self.key.data,
            draft_id=draft_id,
            posters=posters,
        )


class UnplannedVisitForm(VisitForm):
    """A visit to a place that was not planned: somebody has to say where."""

    place = SelectField("Known place", widget=GovSelect(), validate_choice=False)


def _nearest(clock: time, moment: datetime) -> datetime:
    """The instant of a clock time that is nearest to a moment: shifts pass over midnight."""
    day = moment.astimezone(LONDON).date()
    days = (day - timedelta(days=1), day, day + timedelta(days=1))
    return min((datetime.combine(d, clock, LONDON) for d in days), key=lambda at: abs(at - moment))
