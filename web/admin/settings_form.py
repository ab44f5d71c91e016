"""The form of the council's settings."""

from datetime import time

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea, GovTextInput
from sqlalchemy.orm import Session
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from geodata.clearances.time_gaps import DEFAULT_GAP_HOURS, MOST_GAP_HOURS
from web.forms.clock_fields import is_clock_or_empty
from web.forms.clock_times import parse_clock
from web.forms.fields import day_field
from web.forms.impersonal import Impersonal
from web.forms.numbers import NumberRange
from web.forms.says_why import SaysWhy
from web.services.settings import council_settings
from web.services.settings.council_settings import CouncilSettings

SHIFT_HINT = (
    "Proposed for tonight; every shift may have other hours. Leave both empty for 20:00 to 00:30, "
    "and from sunset where that is later."
)
DEPOT_HINT = (
    "A grid reference (TQ 5409 7420), easting and northing, latitude and "
    "longitude, or the name of a known place. Leave it empty for a known place with depot in its "
    "name, or else the middle of the borough."
)

GAP_RANGE = f"Enter a whole number of hours from 0 to {MOST_GAP_HOURS}"


def _clock(label: str, description: str = "") -> StringField:
    return StringField(
        label, widget=GovTextInput(), description=description, validators=[is_clock_or_empty]
    )


class SettingsForm(FlaskForm):  # type: ignore[misc]
    council_name = StringField(
        "Name of the council",
        widget=GovTextInput(),
        description="On every page, poster and mail. Up to 100 characters.",
    )
    patrol_start_place = SelectField(
        "Where patrols start and end",
        widget=GovSelect(),
        description="Proposed for every shift, which may choose another. A place that is missing "
        "here comes in with the import of places.",
    )
    patrol_shift_start = _clock("The usual shift of a patrol starts at", SHIFT_HINT)
    patrol_shift_end = _clock("It ends at", "If it is earlier than the start, on the next day.")
    patrol_contacts = TextAreaField(
        "Whom a patrol calls",
        widget=GovTextArea(),
        description="One a line, most urgent first: who, a colon, the number. Numbers of offices, "
        "not of people. Up to 12 lines; they stand on every patrol sheet.",
    )
    round_depot = StringField(
        "Where the contractor's rounds start and end",
        widget=GovTextInput(),
        description=DEPOT_HINT,
    )
    device_gap_hours = IntegerField(
        "Hours for which a crew's own time counts",
        widget=GovTextInput(),
        description="From the time that its telephone or file tells to when it reaches us. What "
        "comes later counts when it comes, unless an officer accepts its time. Leave it empty for "
        f"{DEFAULT_GAP_HOURS}.",
        validators=[Optional(), NumberRange(0, MOST_GAP_HOURS, GAP_RANGE)],
    )
    text_messages = RadioField(
        "Text messages to people who report",
        choices=[
            SelectChoice("no", "Not sent: no mobile number is asked for"),
            SelectChoice("yes", "Sent to whoever gives a mobile number"),
        ],
        default="no",
        widget=GovRadioInput(),
        validators=[Optional()],
        description="Beside mails, or instead of them. They go out by GOV.UK Notify, which the "
        "council may have to pay for each.",
    )
    valid_from = day_field("From which day", description="Empty: at once.")
    reason = StringField(
        "Reason for the change",
        widget=GovTextInput(),
        description="A decision, or a request. No names.",
        validators=[SaysWhy(), Length(max=200), Impersonal()],
    )

    def wanted(self, session: Session, name: str) -> CouncilSettings:
        """The settings asked for; ``name`` is the council's where the form may not change it.

        Raises
        ------
        SettingRefusedError
            What a field holds cannot be taken.
        """
        return CouncilSettings(
            name or " ".join((self.council_name.data or "").split()),
            self.patrol_start_place.data or None,
            council_settings.read_contacts(self.patrol_contacts.data or ""),
            council_settings.read_shift(
                _read(self.patrol_shift_start.data), _read(self.patrol_shift_end.data)
            ),
            council_settings.read_depot(session, self.round_depot.data or ""),
            DEFAULT_GAP_HOURS if (gap := self.device_gap_hours.data) is None else gap,
            self.text_messages.data == "yes",
        )


def _read(clock: str | None) -> time | None:
    return parse_clock(clock) if clock and clock.strip() else None


def filled(now: CouncilSettings) -> dict[str, object]:
    """What the fields hold at first."""
    start, end = now.patrol_shift.to_record() if now.patrol_shift else ("", "")
    return {
        "council_name": now.council_name,
        "patrol_start_place": now.patrol_start_place or "",
        "patrol_shift_start": start,
        "patrol_shift_end": end,
        "patrol_contacts": "\n".join(f"{who}: {number}" for who, number in now.patrol_contacts),
        "round_depot": now.round_depot.where if now.round_depot else "",
        "device_gap_hours": now.device_gap_hours,
        "text_messages": "yes" if now.sends_texts else "no",
    }
