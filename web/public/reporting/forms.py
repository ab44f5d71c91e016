"""The forms of the report, each with its own sentences for what can be wrong."""

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
from web.forms.numbers import NumberRange
from web.server.request_bounds import within_years

LONGEST_LINK = 2_000
"""A link that a map program shares is far longer than a name."""
CYLINDERS = "The number of large cylinders must be a whole number from 0 to 9999, such as 3"
YES_NO = (("yes", "Yes"), ("no", "No"), ("unknown", "I do not know"))


class FindForm(FlaskForm):  # type: ignore[misc]
    """Where, in words; or a device's position, which a script puts into the hidden fields."""

    words = StringField(
        "Postcode, street, place or landmark",
        description="For example DA1 1AB, High Street, Westgate car park, TQ 543 741, "
        "or a link to the place that you copied",
        widget=GovTextInput(),
        validators=[
            Length(max=LONGEST_LINK, message="The place must have at most 2,000 characters"),
        ],
    )
    lon = HiddenField()
    lat = HiddenField()
    accuracy_m = HiddenField()
    submit = SubmitField("Find it", widget=GovSubmitInput())


class SpotForm(FlaskForm):  # type: ignore[misc]
    """Confirms a place; a script puts a moved pin into the hidden fields."""

    landmark = StringField(
        "What will help the crew to find it? (optional)",
        description="For example: top deck, bay 114; or behind the bus shelter",
        widget=GovTextInput(),
        validators=[
            Length(
                max=200, message="What helps the crew to find it must have at most 200 characters"
            ),
            Impersonal(is_spot=True),
        ],
    )
    lon = HiddenField()
    lat = HiddenField()
    accuracy_m = HiddenField()
    submit = SubmitField("This is the place", widget=GovSubmitInput())


class WhatForm(FlaskForm):  # type: ignore[misc]
    charger_band = RadioField(
        "How many small cartridges (chargers) are there?",
        description="Small silver cartridges, as long as a finger. Your best guess is good enough.",
        choices=choices(BANDS),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how many small cartridges there are")],
    )
    cylinders = IntegerField(
        "How many large cylinders are there?",
        description="Metal bottles as long as a forearm. Leave it empty if you did not count them.",
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, 9999, CYLINDERS)],
    )
    submit = SubmitField("Continue", widget=GovSubmitInput())

    def validate_cylinders(self, field: IntegerField) -> None:
        refuse_no_number(field, CYLINDERS)


class HazardsForm(FlaskForm):  # type: ignore[misc]
    has_balloons = BooleanField("Balloons or boxes", widget=GovCheckboxInput())
    has_needles = BooleanField("Needles", widget=GovCheckboxInput())
    has_glass = BooleanField("Broken glass", widget=GovCheckboxInput())
    is_leaking = BooleanField("A canister that hisses or leaks", widget=GovCheckboxInput())
    from_vehicle = RadioField(
        "Did you see them dumped from a vehicle?",
        description="Do not tell us a number plate.",
        choices=choices(YES_NO),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose whether you saw them dumped from a vehicle")],
    )
    submit = SubmitField("Continue", widget=GovSubmitInput())


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
        "When did you first see them?",
        choices=choices((("now", "Just now"), ("earlier", "Earlier"))),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose when you first saw them")],
    )
    seen_on = DayField("Day when you first saw them", format="%d %m %Y", widget=GovDateInput())
    seen_at = StringField("Time, if you know it", widget=GovTextInput())
    clean = RadioField(
        "Do you know when the place was last clean?",
        description="It tells us in which night they were dumped.",
        choices=choices((("unknown", "No"), ("known", "Yes"))),
        widget=GovRadioInput(),
        default="unknown",  # who is in a hurry need not say that they do not know
    )
    clean_on = DayField("Day when it was last clean", format="%d %m %Y", widget=GovDateInput())
    clean_at = StringField("Time, if you know it", widget=GovTextInput())
    submit = SubmitField("Continue", widget=GovSubmitInput())

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
                "The day when it was last clean must be before you first saw them: check both"
            ]
            return None
        return seen, clean


def _name(day: Field) -> str:
    label: str = day.label.text
    return label[0].lower() + label[1:]


def _moment(day: Field, clock: Field, now: datetime, otherwise: time) -> datetime | None:
    """A day and a time as a moment; without a time, ``otherwise``, which is surely not wrong."""
    if day.data is None:
        day.errors = [f"Write the {_name(day)}, such as 23 11 2026"]
        return None
    try:
        at = parse_clock(clock.data) if (clock.data or "").strip() else otherwise
    except ValueError:
        clock.errors = [f"Write the time of the {_name(day)} like 10pm or 22:15"]
        return None
    moment = datetime.combine(day.data, at, LONDON)
    is_given = at is not otherwise
    if day.data > now.astimezone(LONDON).date() or (is_given and moment > now):
        day.errors = [f"The {_name(day)} lies in the future: check the day and the time"]
        return None
    if moment < now - timedelta(days=366):
        day.errors = [f"The {_name(day)} is more than a year ago: check the year"]
        return None
    return moment.astimezone(UTC)


class MoreForm(FlaskForm):  # type: ignore[misc]
    description = TextAreaField(
        "Is there anything else the crew should know? (optional)",
        description="Do not write names, addresses of people, telephone numbers or number plates.",
        widget=GovCharacterCount(),
        validators=[
            Length(
                max=LONGEST_TEXT,
                message="What else the crew should know must have at most 1,000 characters",
            ),
            Impersonal(),
        ],
    )
    is_nobody = BooleanField(
        "What I wrote names no person and nobody\u2019s home", widget=GovCheckboxInput()
    )
    email = StringField(
        "Your email address, if you want to hear what becomes of it (optional)",
        description="Nobody else sees it. You can have it deleted at any time.",
        widget=GovTextInput(),
        filters=[lambda text: text.strip() if text else ""],
        validators=[
            Optional(),
            Length(max=254, message="Your email address must have at most 254 characters"),
            Regexp(EMAIL, message="Write your email address like name@example.org"),
        ],
    )
    submit = SubmitField("Continue", widget=GovSubmitInput())


class SendForm(FlaskForm):  # type: ignore[misc]
    website = StringField("Leave this empty")
    submit = SubmitField("Send the report", widget=GovSubmitInput())
