"""On what a notice rests: fields of the form for a new one, and of the page that corrects them."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea, GovTextInput
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from geodata.core.vocabulary import PickUp, Recording
from geodata.enforcement.evidence import EvidenceDraft
from web.enforcement.words import PICK_UPS, RECORDINGS
from web.forms.fields import day_field
from web.forms.seen_so_far import SeenSoFar


class EvidenceFields(FlaskForm):  # type: ignore[misc]
    """What both forms ask. Nobody's name, plate or address."""

    grounds = TextAreaField(
        "Statement of grounds",
        widget=GovTextArea(),
        description="What was seen, from where, and how it is known who did it. It is printed on "
        "the notice. No names, plates, telephone numbers or addresses.",
        validators=[Length(max=2000)],
    )
    pick_up = RadioField(
        "Was a chance to pick it up given?",
        widget=GovRadioInput(),
        choices=dict(PICK_UPS),
        validators=[Optional()],
    )
    pick_up_reason = StringField(
        "If not, why",
        widget=GovTextInput(),
        description="Such as thrown from a moving car.",
        validators=[Length(max=200)],
    )
    recording = RadioField(
        "Recording",
        widget=GovRadioInput(),
        choices=dict(RECORDINGS),
        default=Recording.NO_RECORDING.value,
        validators=[Optional()],
    )
    recording_ref = StringField(
        "Reference of the recording",
        widget=GovTextInput(),
        description="A reference, never footage.",
        validators=[Length(max=80)],
    )
    weed_on = day_field("The recording must be gone by")

    def is_stated(self) -> bool:
        """Whether anything of it was filled in."""
        texts = (self.grounds, self.pick_up, self.pick_up_reason, self.recording_ref, self.weed_on)
        is_recorded = (self.recording.data or "no_recording") != Recording.NO_RECORDING
        return is_recorded or any(field.data for field in texts)

    def evidence(self) -> EvidenceDraft:
        """What was stated; a chance to pick up that nobody spoke of was not given."""
        return EvidenceDraft(
            self.grounds.data or "",
            PickUp(self.pick_up.data or PickUp.NOT_GIVEN),
            self.pick_up_reason.data or "",
            Recording(self.recording.data or Recording.NO_RECORDING),
            self.recording_ref.data or "",
            self.weed_on.data,
        )


class EvidenceForm(EvidenceFields, SeenSoFar):
    """The page of a notice's evidence."""

    pick_up = RadioField(
        "Was a chance to pick it up given?",
        widget=GovRadioInput(),
        choices=dict(PICK_UPS),
        validators=[InputRequired("Choose whether a chance to pick it up was given")],
    )
    weeded_on = day_field("The recording was deleted on", description="Empty while it is kept.")
    reason = StringField(
        "Why this is corrected",
        widget=GovTextInput(),
        description="Not needed the first time.",
        validators=[Length(max=200)],
    )

    def evidence(self) -> EvidenceDraft:
        stated = super().evidence()
        return EvidenceDraft(**{**vars(stated), "weeded_on": self.weeded_on.data})
