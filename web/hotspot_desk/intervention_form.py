"""The form of an intervention."""

from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextArea, GovTextInput
from wtforms import DecimalField, IntegerField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from geodata.core.vocabulary import InterventionKind
from web.forms.fields import day_field
from web.forms.numbers import NumberRange

KIND_WORDS = {
    InterventionKind.OPERATION: "Operation or day of action",
    InterventionKind.CCTV: "CCTV deployment",
    InterventionKind.SCHOOL_VISIT: "School visit, Youth Council or other youth work",
    InterventionKind.EVENT: "Event, such as National Litter Day",
    InterventionKind.LIGHTING: "Lighting",
    InterventionKind.BIN: "Bin",
    InterventionKind.BARRIER: "Barrier or gate",
    InterventionKind.POSTER: "Posters",
    InterventionKind.PATROL: "Patrols",
    InterventionKind.OTHER: "Something else",
}
COLUMNS = (
    "kind",
    "name",
    "valid_from",
    "valid_to",
    "camera_ref",
    "purpose",
    "export_ref",
    "weed_on",
    "note",
)


def _line(label: str, longest: int, description: str = "") -> Any:
    return StringField(
        label,
        widget=GovTextInput(),
        description=description,
        validators=[Optional(), Length(max=longest, message=f"Use up to {longest} characters")],
        filters=[lambda text: (text or "").strip() or None],
    )


class EndForm(FlaskForm):  # type: ignore[misc]
    valid_to = day_field(
        "Last day",
        is_required=True,
        description="Its effect is judged from its first day on, whether it has ended or not.",
    )
    submit = SubmitField("Save the last day", widget=GovSubmitInput())


class MeasureForm(FlaskForm):  # type: ignore[misc]
    kind = SelectField(
        "What it is",
        widget=GovSelect(),
        choices={kind.value: words for kind, words in KIND_WORDS.items()},
    )
    name = StringField(
        "Name",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter a name"),
            Length(max=200, message="Use up to 200 characters"),
        ],
    )
    where = StringField(
        "Where",
        widget=GovTextInput(),
        description="A hotspot's code (H-0003), a grid reference (TQ 543 741), latitude and "
        "longitude, or the name of a known place or ward.",
    )
    radius_m = IntegerField(
        "How far round it, in metres",
        widget=GovTextInput(),
        default=50,
        description="Not used for a hotspot or a place that has its own outline.",
        validators=[NumberRange(0, 2000, "Enter a number from 0 to 2000")],
    )
    valid_from = day_field("First day", is_required=True)
    valid_to = day_field("Last day", description="Leave it empty while it goes on.")
    cost = DecimalField(
        "Cost in pounds",
        widget=GovTextInput(),
        validators=[Optional(), NumberRange(0, 10_000_000, "Enter an amount such as 250.00")],
    )
    camera_ref = _line("Camera reference", 40, "CCTV only. A reference, never footage.")
    purpose = _line("Purpose", 500, "CCTV only: why it is there.")
    export_ref = _line("Reference of an export", 80, "CCTV only, if footage was exported.")
    weed_on = day_field("Weed on", description="CCTV only: when the export must be gone.")
    note = TextAreaField(
        "Notes",
        widget=GovTextArea(),
        description="No names, telephone numbers or number plates.",
        validators=[Optional(), Length(max=5000, message="Use up to 5,000 characters")],
        filters=[lambda text: (text or "").strip() or None],
    )
    submit = SubmitField("Save", widget=GovSubmitInput())

    def columns(self) -> dict[str, Any]:
        """What the store keeps, but the place."""
        pence = None if self.cost.data is None else round(self.cost.data * 100)
        return {name: self[name].data for name in COLUMNS} | {"cost_pence": pence}
