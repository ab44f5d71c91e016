"""What a shift is asked for with."""

import re
from dataclasses import asdict

from flask import request
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovDateInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
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
from wtforms.validators import InputRequired, ValidationError

from geodata.rules.days import local_day
from hotspots.patrol.wishes import DWELL_MIN
from web.filters import hours
from web.forms.clock_fields import is_clock
from web.forms.clock_times import parse_clock
from web.forms.fields import is_of_a_known_year
from web.forms.numbers import NumberRange
from web.server.request_bounds import row_key
from web.services.patrols.patrol_wish_places import place_lines
from web.services.patrols.patrolling import PatrolWish, new_seed
from web.services.patrols.shift_hours import ShiftHours


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


def sent_seed() -> int:
    """The seed that came with a page; a new one where it is none of ours."""
    seed = request.form.get("seed", type=row_key)
    return new_seed() if seed is None else seed


class ShiftForm(FlaskForm):  # type: ignore[misc]
    day = DateField(
        "Day on which the shift starts",
        format="%d %m %Y",
        widget=GovDateInput(),
        validators=[
            InputRequired("Enter the day on which the shift starts"),
            is_of_a_known_year,
        ],
    )
    start = StringField("Starts at", widget=GovTextInput(), validators=[is_clock])
    end = StringField("Ends at", widget=GovTextInput(), validators=[is_clock])
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
    include = TextAreaField("Places to include", widget=GovTextArea())
    avoid = TextAreaField("Places to avoid", widget=GovTextArea())
    seed = HiddenField(default=new_seed)
    submit = SubmitField("Plan the shift", widget=GovSubmitInput())

    def to_wish(self) -> PatrolWish:
        """The wish; a shift that ends before it starts ends the next day."""
        hours = ShiftHours(parse_clock(self.start.data), parse_clock(self.end.data))
        starts_at, ends_at = hours.on(self.day.data)
        return PatrolWish(
            starts_at=starts_at,
            ends_at=ends_at,
            seed=sent_seed(),
            teams=read_teams(self.teams.data),
            mode=self.mode.data,
            dwell_min=self.dwell_min.data,
            max_stops=self.max_stops.data,
            start_place=self.start_place.data or None,
            include=place_lines(self.include.data),
            avoid=place_lines(self.avoid.data),
        )


def filled_form(wish: PatrolWish, start_place: str) -> ShiftForm:
    """The form that asks for a wish; nothing is read from the request."""
    return ShiftForm(
        formdata=None,
        data=asdict(wish)
        | {
            "day": local_day(wish.starts_at),
            "start": hours(wish.starts_at),
            "end": hours(wish.ends_at),
            "teams": ", ".join(map(str, wish.teams)),
            "start_place": start_place,
            "include": "\n".join(wish.include),
            "avoid": "\n".join(wish.avoid),
        },
    )
