"""Forms of poster campaigns, their sites and their wording."""

from collections.abc import Mapping
from datetime import datetime

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovFileInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    Field,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from geodata.posters.campaign_wordings import LONGEST, PosterTexts
from geodata.posters.poster_wording import ENGLISH
from geodata.rules.days import LONDON
from web.forms.fields import NativeInput, day_field
from web.forms.impersonal import Impersonal
from web.forms.numbers import NumberRange
from web.forms.says_why import SaysWhy
from web.services.posters.poster_siting import KINDS, CampaignWish

EVENT_WORDS = {
    "installed": "Put up, or replaced by a new one",
    "seen": "Seen, in good order",
    "damaged": "Damaged or covered",
    "removed": "Taken down, or gone",
}
WHERE_HINT = (
    "A grid reference (TQ 5409 7420), easting and northing, latitude and "
    "longitude, or the name of a place."
)
NO_NAMES = "No names, telephone numbers or number plates."


def _refuse_before_start(form: FlaskForm, field: Field) -> None:
    first = form.valid_from.data
    if field.data and first and field.data < first:
        raise ValidationError("Enter a day on or after the one on which posters go up")


def _name(label: str, hint: str = "") -> StringField:
    return StringField(
        label,
        widget=GovTextInput(),
        description=hint,
        validators=[InputRequired("Enter a name"), Length(max=200, message="At most 200 letters")],
    )


class _Dates(FlaskForm):  # type: ignore[misc]
    """A campaign's name and days."""

    name = _name("Name of the campaign")
    valid_from = day_field("Day on which posters go up", is_required=True)
    valid_to = day_field(
        "Day on which they come down", description="Leave it empty while that is open."
    )
    review_on = day_field("Day on which to ask whether it worked", description="Optional.")

    def validate_valid_to(self, field: Field) -> None:
        """Posters come down after they went up."""
        _refuse_before_start(self, field)

    def validate_review_on(self, field: Field) -> None:
        """What was not up yet cannot be judged."""
        _refuse_before_start(self, field)


class WishForm(_Dates):
    """What a campaign is asked for with; read from the address, so that a choice can be shared."""

    budget = IntegerField(
        "Number of posters",
        default=8,
        widget=GovTextInput(),
        validators=[InputRequired("Enter 1 to 500"), NumberRange(1, 500, "Enter 1 to 500")],
    )
    view_m = IntegerField(
        "A poster is read from so many metres",
        default=50,
        widget=GovTextInput(),
        validators=[InputRequired("Enter 5 to 500"), NumberRange(5, 500, "Enter 5 to 500")],
    )
    kinds = SelectMultipleField(
        "Choose among",
        widget=GovCheckboxesInput(),
        choices=[SelectChoice(kind, words) for kind, words in KINDS.items()],
        validators=[InputRequired("Choose where posters may hang")],
    )
    languages = SelectMultipleField(
        "Languages beside English",
        widget=GovCheckboxesInput(),
        choices=[],
    )
    submit = SubmitField("Propose sites", widget=GovSubmitInput())

    class Meta:
        csrf = False  # it asks, and changes nothing

    def offer(self, languages: Mapping[str, str]) -> None:
        """Languages to choose from: code and name."""
        self.languages.choices = [
            SelectChoice(code, name) for code, name in languages.items() if code != ENGLISH
        ]

    def to_wish(self, kept: list[str], struck: list[str]) -> CampaignWish:
        """The wish; who strikes a site out and keeps it too, strikes it out."""
        return CampaignWish(
            " ".join(self.name.data.split()),
            self.valid_from.data,
            self.budget.data,
            float(self.view_m.data),
            self.valid_to.data,
            self.review_on.data,
            (ENGLISH, *self.languages.data),
            tuple(self.kinds.data),
            tuple(key for key in dict.fromkeys(kept) if key not in struck),
            tuple(dict.fromkeys(struck)),
        )


class CampaignForm(_Dates):
    """A running campaign's name, days and note."""

    note = TextAreaField(
        "Notes and what the review found",
        widget=GovTextArea(),
        description=NO_NAMES,
        validators=[Length(max=5000, message="Use up to 5,000 characters")],
        filters=[lambda text: (text or "").strip() or None],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def columns(self) -> dict[str, object]:
        names = ("name", "valid_from", "valid_to", "review_on", "note")
        return {name: self[name].data for name in names}


class SiteForm(FlaskForm):  # type: ignore[misc]
    """A site: what an installer finds it by, and where it is."""

    name = _name("What the installer finds it by", "Such as: lamp column 12, by the cycle racks")
    where = StringField(
        "Where", widget=GovTextInput(), description=WHERE_HINT, validators=[Length(max=200)]
    )
    submit = SubmitField("Save the site", widget=GovSubmitInput())


class RetireForm(FlaskForm):  # type: ignore[misc]
    reason = StringField(
        "Why is it given up?",
        widget=GovTextInput(),
        description=NO_NAMES,
        validators=[SaysWhy("such as a bin that was moved"), Length(max=200)],
    )
    submit = SubmitField("Retire the site", widget=GovSubmitInput())


class EventForm(FlaskForm):  # type: ignore[misc]
    """What befell a poster; by a telephone on the spot, or at a desk afterwards."""

    kind = RadioField(
        "What happened?",
        widget=GovRadioInput(),
        choices=[SelectChoice(kind, words) for kind, words in EVENT_WORDS.items()],
        validators=[InputRequired("Choose what happened")],
    )
    photo = FileField(
        "Photo",
        widget=GovFileInput(),
        description="Optional. No people and no number plates, please. Where and when it was taken "
        "is removed from it.",
        validators=[Optional()],
    )
    note = StringField(
        "Note",
        widget=GovTextInput(),
        description=f"Optional. {NO_NAMES}",
        validators=[Length(max=500, message="Use up to 500 characters")],
    )
    day = day_field("Day", is_required=True)
    clock = TimeField(
        "Time",
        widget=NativeInput("time"),
        format=["%H:%M", "%H:%M:%S"],
        validators=[InputRequired("Enter the time, such as 14:40")],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    @property
    def at(self) -> datetime:
        """The moment, by London's clock."""
        return datetime.combine(self.day.data, self.clock.data, LONDON)


def _words(label: str, name: str, *, is_long: bool = False) -> StringField:
    longest = LONGEST[name]
    field = TextAreaField if is_long else StringField
    return field(
        label,
        widget=GovTextArea() if is_long else GovTextInput(),
        description=f"Up to {longest} letters.",
        validators=[Length(max=longest, message=f"Use up to {longest} letters")],
        filters=[lambda text: " ".join((text or "").split())],
    )


def _why() -> TextAreaField:
    return TextAreaField(
        "Reason",
        widget=GovTextArea(),
        description="Such as a decision, or a mistake that this mends. No names.",
        validators=[SaysWhy(), Length(max=1000), Impersonal()],
    )


class WordingUndoForm(FlaskForm):  # type: ignore[misc]
    reason = _why()


class WordingForm(FlaskForm):  # type: ignore[misc]
    heading = _words("Heading", "heading")
    law = _words("What the law says", "law", is_long=True)
    extra = _words("The harm, and where to find help (optional)", "extra", is_long=True)
    call = _words("Beneath the code", "call")
    first_day = day_field(
        "First day of the new words",
        description="Empty: all days of this wording. What it said before that day stays.",
    )
    reason = _why()

    def texts(self) -> PosterTexts:
        return PosterTexts(self.heading.data, self.law.data, self.call.data, self.extra.data)
