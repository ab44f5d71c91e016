"""The form for recording an action: first the act, then the route."""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from shapely.geometry import Point
from wtforms import (
    BooleanField,
    FloatField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp

from geodata.core.vocabulary import CONDUCT_WORDS, AgeBand
from geodata.rules.days import LONDON
from web.enforcement.evidence_form import EvidenceFields
from web.enforcement.words import AGES, OFFENCES
from web.forms.fields import NativeInput, day_field
from web.forms.numbers import NumberRange
from web.services.common.officer_position import Standpoint
from web.services.common.placing import grid_reference
from web.services.enforcement import ActDraft, Choice

ACT_FIELDS = (
    "place",
    "grid_ref",
    "longitude",
    "latitude",
    "accuracy_m",
    "offence_on",
    "offence_time",
    "issued_on",
    "age_band",
    "issuer",
    "from_vehicle",
    "over_a_sack",
    "recipient_ref",
    "act_ref",
    "conduct",
    "offence",
)
REFERENCE = r"^[A-Za-z0-9/._-]*$"


class RecordForm(EvidenceFields):
    """Both steps in one form: what the first one asked travels along hidden in the second."""

    place = SelectField("Known place", widget=GovSelect(), validators=[Optional()])
    grid_ref = StringField(
        "Grid reference",
        widget=GovTextInput(),
        description="Such as TQ 5409 7420. It is taken before the position and the known place.",
        validators=[Length(max=20)],
    )
    longitude = FloatField(validators=[Optional(), NumberRange(-180, 180)])
    latitude = FloatField(validators=[Optional(), NumberRange(-90, 90)])
    accuracy_m = FloatField(validators=[Optional(), NumberRange(0, 100_000)])
    offence_on = day_field("Day of the act", is_required=True)
    offence_time = TimeField(
        "Time of the act",
        widget=NativeInput("time"),
        format=["%H:%M", "%H:%M:%S"],
        validators=[InputRequired("Enter the time, such as 23:40")],
    )
    issued_on = day_field("Date on the notice", is_required=True)
    age_band = RadioField(
        "Age of the person",
        widget=GovRadioInput(),
        choices=dict(AGES),
        validators=[InputRequired("Choose the age")],
    )
    issuer = SelectField(
        "Issuer", widget=GovSelect(), coerce=int, validators=[InputRequired("Choose the issuer")]
    )
    from_vehicle = BooleanField("It was thrown from a vehicle", widget=GovCheckboxInput())
    over_a_sack = BooleanField("It is more than one sack", widget=GovCheckboxInput())
    recipient_ref = StringField(
        "Reference in the penalty system, if there is one",
        widget=GovTextInput(),
        description="Never a name, a plate or a date of birth.",
        validators=[
            Length(max=40),
            Regexp(REFERENCE, message="Use letters, figures and - / . _ only"),
        ],
    )
    conduct = SelectField(
        "Conduct, for a community protection warning or notice",
        widget=GovSelect(),
        choices={"": "None of these"} | {str(code): words for code, words in CONDUCT_WORDS.items()},
        description="A notice needs an earlier warning for the same conduct.",
        validators=[Optional()],
    )
    offence = SelectField(
        "Offence, for a caution or prosecution",
        widget=GovSelect(),
        choices={"": "As the rest of this page says"} | OFFENCES,
        description="Empty: littering, fly-tipping of more than one sack, or the breach.",
        validators=[Optional()],
    )
    act_ref = HiddenField()
    route = RadioField("What was done", widget=GovRadioInput(), validators=[Optional()])
    prohibition = RadioField(
        "Which prohibition was breached", widget=GovRadioInput(), validators=[Optional()]
    )
    incident = RadioField(
        "Which incident it was about, if one of these",
        widget=GovRadioInput(),
        validators=[Optional()],
        default="",
    )
    given_on = day_field("Day on which the keeper was given the notice")
    is_unserved = BooleanField(
        "The keeper was not given it yet: print it first", widget=GovCheckboxInput()
    )
    landmark = StringField(
        "Landmark",
        widget=GovTextInput(),
        description="Such as top deck, bay 114.",
        validators=[Length(max=200)],
    )
    note = TextAreaField(
        "Note",
        widget=GovTextArea(),
        description="What was seen. No names, plates, telephone numbers or addresses.",
        validators=[Length(max=2000)],
    )
    other_act_reason = StringField(
        "If it is another act than what was recorded here, why",
        widget=GovTextInput(),
        description="Such as two people, each with litter of their own. No names.",
        validators=[Length(max=200)],
    )
    idempotency_key = HiddenField(validators=[Length(max=64)])

    def prefill(self, now: datetime, issuer_id: int | None) -> None:
        """An empty form as it is met in the street: here, now, by the officer who holds it."""
        local = now.astimezone(LONDON)
        self.offence_on.data = self.issued_on.data = local.date()
        self.offence_time.data = local.time()
        self.issuer.data = issuer_id
        self.idempotency_key.data = uuid4().hex

    def prefill_act(self, act_ref: str, offence_at: datetime, point: Point) -> None:
        """The act that something was done about before, at its place and time."""
        local = offence_at.astimezone(LONDON)
        self.act_ref.data = act_ref
        self.offence_on.data, self.offence_time.data = local.date(), local.time()
        self.grid_ref.data = grid_reference(point.x, point.y)

    def lonlat(self) -> tuple[float, float] | None:
        """The device's position, where it gave one."""
        if self.longitude.data is None or self.latitude.data is None:
            return None
        return self.longitude.data, self.latitude.data

    def draft(self, where: Standpoint) -> ActDraft:
        """The act."""
        moment = datetime.combine(self.offence_on.data, self.offence_time.data, LONDON)
        return ActDraft(
            where=where,
            offence_at=moment,
            issued_on=self.issued_on.data,
            age_band=AgeBand(self.age_band.data),
            issuer_id=self.issuer.data,
            from_vehicle=self.from_vehicle.data,
            over_a_sack=self.over_a_sack.data,
            recipient_ref=(self.recipient_ref.data or "").strip(),
            act_ref=self.act_ref.data or "",
            conduct=self.conduct.data or "",
            offence=self.offence.data or "",
        )

    def choice(self) -> Choice:
        """The route that was chosen."""
        return Choice(
            kind=self.route.data,
            idempotency_key=self.idempotency_key.data or uuid4().hex,
            prohibition=self.prohibition.data or None,
            given_on=self.given_on.data,
            landmark=self.landmark.data or "",
            note=self.note.data or "",
            incident_key=self.incident.data or "",
            other_act_reason=self.other_act_reason.data or "",
            evidence=self.evidence() if self.is_stated() else None,
            is_unserved=self.is_unserved.data,
        )

    def carried(self, sent: Mapping[str, str]) -> list[tuple[str, str]]:
        """What the first step asked, as it was sent, for the second to carry along."""
        return [(name, sent[name]) for name in ACT_FIELDS if sent.get(name)]
