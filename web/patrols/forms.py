"""What a shift is asked for with, and what is told of a visit."""

import re
import secrets
from datetime import datetime, time, timedelta

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovDateInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from shapely.geometry import Point
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from geodata.geography import from_lonlat
from hotspots.patrol_wishes import DWELL_MIN
from web.filters import LONDON
from web.services.patrol_visits import NewVisit
from web.services.patrolling import PatrolWish

MANY = 10_000
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


def read_clock(text: str | None) -> time:
    """A time of day by the 24-hour clock.

    >>> read_clock("20:30"), read_clock("9.05")
    (datetime.time(20, 30), datetime.time(9, 5))
    """
    match = _CLOCK.fullmatch((text or "").strip())
    if match is None:
        raise ValidationError("Enter a time such as 20:30")
    return time(int(match[1]), int(match[2]))


def _is_clock(_: FlaskForm, field: StringField) -> None:
    read_clock(field.data)


def _is_clock_or_empty(_: FlaskForm, field: StringField) -> None:
    if (field.data or "").strip():
        read_clock(field.data)


def _are_teams(_: FlaskForm, field: StringField) -> None:
    read_teams(field.data)


def read_teams(text: str | None) -> tuple[int, ...]:
    """Officers in each team, one number each.

    >>> read_teams("2, 2")
    (2, 2)
    """
    sizes = re.findall(r"\d+", text or "")
    if not sizes or re.search(r"[^\d,;\s]", text or ""):
        raise ValidationError("Enter the officers in each team, such as 2, 2")
    if len(sizes) > 10 or not all(1 <= int(size) <= 20 for size in sizes):
        raise ValidationError("Enter 1 to 10 teams of 1 to 20 officers")
    return tuple(int(size) for size in sizes)


def read_codes(text: str | None) -> tuple[str, ...]:
    """Codes of hotspots out of a free text.

    >>> read_codes("h-0001, H-0003")
    ('H-0001', 'H-0003')
    """
    return tuple(word.upper() for word in re.split(r"[,;\s]+", text or "") if word)


class ShiftForm(FlaskForm):  # type: ignore[misc]
    day = DateField(
        "Day on which the shift starts",
        format="%d %m %Y",
        widget=GovDateInput(),
        validators=[InputRequired("Enter the day on which the shift starts")],
    )
    start = StringField("Starts at", widget=GovTextInput(), validators=[_is_clock])
    end = StringField("Ends at", widget=GovTextInput(), validators=[_is_clock])
    teams = StringField("Officers in each team", widget=GovTextInput(), validators=[_are_teams])
    start_place = SelectField(
        "Where teams start and end", widget=GovSelect(), validate_choice=False
    )
    mode = RadioField(
        "How teams move",
        choices=[SelectChoice("vehicle", "By vehicle"), SelectChoice("foot", "On foot")],
        default="vehicle",
        widget=GovRadioInput(),
    )
    dwell_min = IntegerField(
        "Minutes at each stop",
        default=15,
        widget=GovTextInput(),
        validators=[InputRequired("Enter 10 to 16"), NumberRange(*DWELL_MIN, "Enter 10 to 16")],
    )
    max_stops = IntegerField(
        "Stops for each team, at most",
        default=5,
        widget=GovTextInput(),
        validators=[InputRequired("Enter 1 to 20"), NumberRange(1, 20, "Enter 1 to 20")],
    )
    include = StringField("Hotspots to include", widget=GovTextInput())
    avoid = StringField("Hotspots to leave out", widget=GovTextInput())
    submit = SubmitField("Plan the shift", widget=GovSubmitInput())

    def to_wish(self) -> PatrolWish:
        """The wish; a shift that ends before it starts ends the next day."""
        starts_at = datetime.combine(self.day.data, read_clock(self.start.data), LONDON)
        ends_at = datetime.combine(self.day.data, read_clock(self.end.data), LONDON)
        return PatrolWish(
            starts_at=starts_at,
            ends_at=ends_at if ends_at > starts_at else ends_at + timedelta(days=1),
            seed=secrets.randbelow(2**31),
            teams=read_teams(self.teams.data),
            mode=self.mode.data,
            dwell_min=self.dwell_min.data,
            max_stops=self.max_stops.data,
            start_place=self.start_place.data or None,
            include=read_codes(self.include.data),
            avoid=read_codes(self.avoid.data),
        )


class VisitForm(FlaskForm):  # type: ignore[misc]
    arrived = StringField("Arrived at", widget=GovTextInput(), validators=[_is_clock])
    left = StringField("Left at", widget=GovTextInput(), validators=[_is_clock_or_empty])
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
    chargers = IntegerField(
        "Small chargers, about how many",
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, MANY, "Enter a whole number, 0 or more")],
    )
    cylinders = IntegerField(
        "Large cylinders, exact number",
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, MANY, "Enter a whole number, 0 or more")],
    )
    people_spoken_to = IntegerField(
        "People spoken to",
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, MANY, "Enter a whole number, 0 or more")],
    )
    note = TextAreaField(
        "What was done (no names, no number plates)",
        widget=GovTextArea(),
        validators=[Length(max=2_000, message="Write at most 2,000 characters")],
    )
    lon, lat = HiddenField(), HiddenField()
    submit = SubmitField("Save the visit", widget=GovSubmitInput())

    def to_visit(self, planned: datetime) -> NewVisit:
        """The visit, at the clock times nearest to when it was planned."""
        left = (self.left.data or "").strip()
        arrived_at = _nearest(read_clock(self.arrived.data), planned)
        return NewVisit(
            arrived_at=arrived_at,
            left_at=_nearest(read_clock(left), arrived_at) if left else None,
            position=_position(self.lon.data, self.lat.data),
            canisters_seen={"yes": True, "no": False}.get(self.seen.data),
            chargers=self.chargers.data,
            cylinders=self.cylinders.data,
            people_spoken_to=self.people_spoken_to.data,
            note=self.note.data or None,
        )


def _nearest(clock: time, moment: datetime) -> datetime:
    """The instant of a clock time that is nearest to a moment: shifts pass over midnight."""
    day = moment.astimezone(LONDON).date()
    days = (day - timedelta(days=1), day, day + timedelta(days=1))
    return min((datetime.combine(d, clock, LONDON) for d in days), key=lambda at: abs(at - moment))


def _position(lon: str | None, lat: str | None) -> Point | None:
    try:
        point = Point(*from_lonlat(float(lon or ""), float(lat or "")))
    except ValueError:
        return None
    return point if point.is_valid and not point.is_empty else None
