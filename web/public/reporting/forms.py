"""The forms of the report, each with its own sentences for what can be wrong."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovCheckboxInput,
    GovDateInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp

from geodata.rules.days import LONDON
from web.forms.canister_fields import (
    BANDS,
    EMAIL,
    LONGEST_TEXT,
    choices,
    refuse_no_number,
)
from web.forms.clock_times import parse_clock
from web.forms.impersonal import Impersonal
from web.forms.mobile_fields import mobile_field
from web.forms.numbers import NumberRange
from web.server.request_bounds import within_years
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

LONGEST_LINK = 2_000
"""A link that a map program shares is far longer than a name."""
CYLINDERS = N_("The number of large cylinders must be a whole number from 0 to 9999, such as 3")
YES_NO = (("yes", N_("Yes")), ("no", N_("No")), ("unknown", N_("I do not know")))


class FindForm(FlaskForm):  # type: ignore[misc]
    """Where, in words; or a device's position, which a script puts into the hidden fields."""

    words = StringField(
        N_("Postcode, street, place or landmark"),
        description=N_(
            "For example DA1 1AB, High Street, Westgate car park, TQ 543 741, "
            "or a link to the place that you copied"
        ),
        widget=GovTextInput(),
        validators=[
            Length(max=LONGEST_LINK, message=N_("The place must have at most 2,000 characters")),
        ],
    )
    lon = HiddenField()
    lat = HiddenField()
    accuracy_m = HiddenField()
    submit = SubmitField(N_("Find it"), widget=GovSubmitInput())


class SpotForm(FlaskForm):  # type: ignore[misc]
    """Confirms a place; a script puts a moved pin into the hidden fields."""

    landmark = StringField(
        N_("What will help the crew to find it? (optional)"),
        description=N_("For example: top deck, bay 114; or behind the bus shelter"),
        widget=GovTextInput(),
        validators=[
            Length(
                max=200,
                message=N_("What helps the crew to find it must have at most 200 characters"),
            ),
            Impersonal(is_spot=True),
        ],
    )
    lon = HiddenField()
    lat = HiddenField()
    accuracy_m = HiddenField()
    submit = SubmitField(N_("This is the place"), widget=GovSubmitInput())


class WhatForm(FlaskForm):  # type: ignore[misc]
    charger_band = RadioField(
        N_("How many small cartridges (chargers) are there?"),
        description=N_(
            "Small silver cartridges, as long as a finger. Your best guess is good enough."
        ),
        choices=choices(BANDS),
        widget=GovRadioInput(),
        validators=[InputRequired(N_("Choose how many small cartridges there are"))],
    )
    cylinders = IntegerField(
        N_("How many large cylinders are there?"),
        description=N_(
            "Metal bottles as long as a forearm. Leave it empty if you did not count them."
        ),
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, 9999, CYLINDERS)],
    )
    submit = SubmitField(N_("Continue"), widget=GovSubmitInput())

    def validate_cylinders(self, field: IntegerField) -> None:
        refuse_no_number(field, CYLINDERS)


class HazardsForm(FlaskForm):  # type: ignore[misc]
    has_balloons = BooleanField(N_("Balloons or boxes"), widget=GovCheckboxInput())
    has_needles = BooleanField(N_("Needles"), widget=GovCheckboxInput())
    has_glass = BooleanField(N_("Broken glass"), widget=GovCheckboxInput())
    is_leaking = BooleanField(N_("A canister that hisses or leaks"), widget=GovCheckboxInput())
    from_vehicle = RadioField(
        N_("Did you see them dumped from a vehicle?"),
        description=N_("Do not tell us a number plate."),
        choices=choices(YES_NO),
        widget=GovRadioInput(),
        validators=[InputRequired(N_("Choose whether you saw them dumped from a vehicle"))],
    )
    submit = SubmitField(N_("Continue"), widget=GovSubmitInput())


class DayField(DateField):  # type: ignore[misc]
    """A day of three boxes; what is no day is no data, and the form says so where it matters."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_data = [*valuelist, "", "", ""][:3]  # what the widget shows in its boxes
        try:
            super().process_formdata(valuelist)
            self.data = self.data and within_years(self.data)
        except ValueError:
            self.data = None


class WhenForm(FlaskForm):  # type: ignore[misc]
    """Two moments that the dumping lies between; each a day and, if known, a time."""

    seen = RadioField(
        N_("When did you first see them?"),
        choices=choices((("now", N_("Just now")), ("earlier", N_("Earlier")))),
        widget=GovRadioInput(),
        validators=[InputRequired(N_("Choose when you first saw them"))],
    )
    seen_on = DayField(N_("Day when you first saw them"), format="%d %m %Y", widget=GovDateInput())
    seen_at = StringField(N_("Time, if you know it"), widget=GovTextInput())
    clean = RadioField(
        N_("Do you know when the place was last clean?"),
        description=N_("It tells us in which night they were dumped."),
        choices=choices((("unknown", N_("No")), ("known", N_("Yes")))),
        widget=GovRadioInput(),
        default="unknown",  # who is in a hurry need not say that they do not know
    )
    clean_on = DayField(N_("Day when it was last clean"), format="%d %m %Y", widget=GovDateInput())
    clean_at = StringField(N_("Time, if you know it"), widget=GovTextInput())
    submit = SubmitField(N_("Continue"), widget=GovSubmitInput())

    def moments(self, now: datetime) -> tuple[datetime, datetime | None] | None:
        """First seen and last clean; None, with the errors at their fields, if they cannot be."""
        is_seen_now = self.seen.data == "now"
        seen = now if is_seen_now else _moment(self.seen_on, self.seen_at, now, time(23, 59))
        is_unknown = self.clean.data == "unknown"
        clean = None if is_unknown else _moment(self.clean_on, self.clean_at, now, time(0))
        if seen is None or (clean is None and not is_unknown):
            return None
        seen = min(seen, now)
        if clean is not None and clean > seen:
            self.clean_on.errors = [
                _("The day when it was last clean must be before you first saw them: check both")
            ]
            return None
        return seen, clean


@dataclass(frozen=True)
class DayFaults:
    """What is said of a day or its time: each a sentence that names which day."""

    no_day: str
    no_time: str
    in_the_future: str
    too_old: str


DAY_FAULTS = {
    "seen_on": DayFaults(
        N_("Write the day when you first saw them, such as 23 11 2026"),
        N_("Write the time of the day when you first saw them like 10pm or 22:15"),
        N_("The day when you first saw them lies in the future: check the day and the time"),
        N_("The day when you first saw them is more than a year ago: check the year"),
    ),
    "clean_on": DayFaults(
        N_("Write the day when it was last clean, such as 23 11 2026"),
        N_("Write the time of the day when it was last clean like 10pm or 22:15"),
        N_("The day when it was last clean lies in the future: check the day and the time"),
        N_("The day when it was last clean is more than a year ago: check the year"),
    ),
}


def _moment(day: Field, clock: Field, now: datetime, otherwise: time) -> datetime | None:
    """A day and a time as a moment; without a time, ``otherwise``, which is surely not wrong."""
    faults = DAY_FAULTS[day.name]
    if day.data is None:
        day.errors = [_(faults.no_day)]
        return None
    try:
        at = parse_clock(clock.data) if (clock.data or "").strip() else otherwise
    except ValueError:
        clock.errors = [_(faults.no_time)]
        return None
    moment = datetime.combine(day.data, at, LONDON)
    is_given = at is not otherwise
    if day.data > now.astimezone(LONDON).date() or (is_given and moment > now):
        day.errors = [_(faults.in_the_future)]
        return None
    if moment < now - timedelta(days=366):
        day.errors = [_(faults.too_old)]
        return None
    return moment.astimezone(UTC)


class MoreForm(FlaskForm):  # type: ignore[misc]
    description = TextAreaField(
        N_("Is there anything else the crew should know? (optional)"),
        description=N_(
            "Do not write names, addresses of people, telephone numbers or number plates."
        ),
        widget=GovCharacterCount(),
        validators=[
            Length(
                max=LONGEST_TEXT,
                message=N_("What else the crew should know must have at most 1,000 characters"),
            ),
            Impersonal(),
        ],
    )
    is_nobody = BooleanField(
        N_("What I wrote names no person and nobody\u2019s home"), widget=GovCheckboxInput()
    )
    email = StringField(
        N_("Your email address, if you want to hear what becomes of it (optional)"),
        description=N_("Nobody else sees it. You can have it deleted at any time."),
        widget=GovTextInput(),
        filters=[lambda text: text.strip() if text else ""],
        validators=[
            Optional(),
            Length(max=254, message=N_("Your email address must have at most 254 characters")),
            Regexp(EMAIL, message=N_("Write your email address like name@example.org")),
        ],
    )
    phone = mobile_field(
        N_("Your mobile number, if you want to hear by text message (optional)"),
        description=N_("Nobody else sees it. Each message has a link that stops them."),
    )
    submit = SubmitField(N_("Continue"), widget=GovSubmitInput())


class SendForm(FlaskForm):  # type: ignore[misc]
    website = StringField(N_("Leave this empty"))
    submit = SubmitField(N_("Send the report"), widget=GovSubmitInput())
