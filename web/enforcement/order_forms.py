"""Forms about orders."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovFileInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from shapely.geometry.base import BaseGeometry
from wtforms import (
    BooleanField,
    DecimalField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional

from geodata.core.vocabulary import OrderChange
from geodata.rules.enforcement.prohibitions import HINT
from web.enforcement.words import CHANGES
from web.forms.fields import NativeInput, day_field
from web.forms.impersonal import Impersonal
from web.forms.numbers import NumberRange
from web.forms.says_why import SaysWhy
from web.services.enforcement.ordering import VersionDraft

CORNERS_HINT = "One a line: a grid reference such as TQ 5409 7420, or latitude, longitude."


class AreaForm(FlaskForm):  # type: ignore[misc]
    """An area: a file, or corners."""

    file = FileField(
        "File of the area",
        widget=GovFileInput(),
        description="GeoJSON, GeoPackage or zipped Shapefile with the order's plan.",
        validators=[Optional()],
    )
    corners = TextAreaField(
        "Or its corners, in order",
        widget=GovTextArea(),
        description=CORNERS_HINT,
        validators=[Length(max=20_000)],
    )


class VersionForm(AreaForm):
    """A version of an order; without an area it keeps that of the version before."""

    change = SelectField("What it is", widget=GovSelect(), choices=dict(CHANGES))
    made_on = day_field(
        "Made on",
        is_required=True,
        description="Nothing holds before it was made, and what has expired cannot be extended.",
    )
    valid_from = day_field("First day in force", is_required=True)
    valid_to = day_field(
        "Last day in force", description="At most three years; empty to discharge."
    )
    penalty = DecimalField(
        "Penalty of a notice, in pounds",
        widget=NativeInput("text"),
        validators=[Optional(), NumberRange(1, 100_000)],
    )
    document = StringField(
        "Address of the order's document",
        widget=GovTextInput(),
        validators=[Length(max=500), Impersonal()],
    )
    prohibitions = TextAreaField(
        "Prohibitions, one a line",
        widget=GovTextArea(),
        description=HINT,
        validators=[Length(max=20_000), Impersonal()],
    )

    source = TextAreaField(
        "Reason",
        widget=GovTextArea(),
        description="The decision, or the mistake that this mends.",
        validators=[InputRequired("Name the decision"), Length(max=1000), Impersonal()],
    )

    def draft(self, geometry: BaseGeometry, earlier: dict[str, str]) -> VersionDraft:
        """The version, with the earlier prohibitions where none are entered."""
        lines = [line.strip() for line in (self.prohibitions.data or "").splitlines()]
        listed = {f"p{n}": line for n, line in enumerate(filter(None, lines), 1)}
        return VersionDraft(
            OrderChange(self.change.data),
            self.valid_from.data,
            self.valid_to.data,
            geometry,
            listed or earlier,
            self.made_on.data,
            None if self.penalty.data is None else round(self.penalty.data * 100),
            self.document.data or None,
            (self.source.data or "").strip(),
        )


class OrderForm(VersionForm):
    """A new order with its first version."""

    name = StringField(
        "Name of the order",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the order's name"), Length(max=200), Impersonal()],
    )


class TakingBackForm(FlaskForm):  # type: ignore[misc]
    """Why a decision is taken back."""

    reason = TextAreaField(
        "Reason",
        widget=GovTextArea(),
        description="Such as a mistake in the day. No names.",
        validators=[SaysWhy(), Length(max=1000), Impersonal()],
    )


class InForceForm(FlaskForm):  # type: ignore[misc]
    """A place and a day; in the address, so that an answer can be kept."""

    class Meta:
        csrf = False

    place = SelectField("Known place", widget=GovSelect(), default="")
    grid_ref = StringField(
        "Grid reference",
        widget=GovTextInput(),
        description="Such as TQ 5409 7420.",
        validators=[Length(max=20)],
    )
    longitude = DecimalField(validators=[Optional(), NumberRange(-180, 180)])
    latitude = DecimalField(validators=[Optional(), NumberRange(-90, 90)])
    accuracy_m = DecimalField(validators=[Optional(), NumberRange(0, 100_000)])
    day = day_field("Day", is_required=True)
    at = TimeField(
        "Time",
        widget=NativeInput("time"),
        format=["%H:%M", "%H:%M:%S"],
        description="Prohibitions may have hours. Empty: of the whole day.",
        validators=[Optional()],
    )
    has_vehicle = BooleanField("With a vehicle", widget=GovCheckboxInput())
