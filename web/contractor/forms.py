"""The outcome form: few fields, large targets, nothing asked that the crew cannot see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from shapely.geometry import Point
from wtforms import (
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from geodata import clearances
from geodata.core.geography import from_lonlat, to_lonlat
from geodata.core.vocabulary import Outcome
from geodata.media.pictures import CleanPicture
from web.contractor.jobs import position
from web.contractor.outcome_rules import OUTCOME_NEEDED, keeps
from web.server.request_bounds import row_key
from web.services.clearing.new_clearance import NewClearance
from web.services.clearing.worklist import BAND_WORDS
from web.services.common.speaking import N_

if TYPE_CHECKING:
    from geodata.models import Clearance

OUTCOMES = (  # most frequent first
    (Outcome.CLEARED.value, N_("Cleared")),
    (Outcome.NOT_FOUND.value, N_("Not found")),
    (Outcome.NO_ACCESS.value, N_("Could not get in")),
    (Outcome.SPECIALIST.value, N_("Specialist needed")),
    (Outcome.NOT_OUR_LAND.value, N_("Not our land")),
    (Outcome.DUPLICATE.value, N_("Same as another job")),
)
BANDS = [("", N_("Not counted")), *((k, v) for k, v in BAND_WORDS.items() if k != "unknown")]
DISPOSAL = (
    ("", N_("Choose")),
    ("scrap_metal", N_("Scrap metal (chargers)")),
    ("specialist_gas", N_("Specialist gas contractor (cylinders)")),
    ("depot_cage", N_("Cage at the depot")),
    ("residual", N_("Residual waste")),
)
SANE_YEARS = (2000, 2200)
"""A telephone without a battery begins at 1970; years beyond these cannot be reckoned with."""


def _choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    outcome = RadioField(
        N_("What did you do?"),
        choices=_choices(OUTCOMES),
        widget=GovRadioInput(),
        validators=[InputRequired(OUTCOME_NEEDED)],
    )
    pictures = MultipleFileField(N_("Photo of the place now"), widget=GovFileInput(multiple=True))
    no_photo_reason = StringField(
        N_("No photo? Say why"), widget=GovTextInput(), validators=[keeps("no_photo_reason")]
    )
    charger_band = SelectField(
        N_("Small chargers (8 g)"), choices=_choices(BANDS), default="", widget=GovSelect()
    )
    cylinders = IntegerField(
        N_("Large cylinders, exact number"), widget=GovTextInput(), validators=[keeps("cylinders")]
    )
    sacks = IntegerField(N_("Sacks"), widget=GovTextInput(), validators=[keeps("sacks")])
    weight_kg = DecimalField(
        N_("Weight in kilograms"),
        widget=GovTextInput(),
        validators=[keeps("weight_kg")],
        places=None,
    )
    disposal = SelectField(
        N_("Where it goes"), choices=_choices(DISPOSAL), default="", widget=GovSelect()
    )
    land_owner = StringField(
        N_("Whose land is it?"), widget=GovTextInput(), validators=[keeps("land_owner")]
    )
    duplicate_of = StringField(
        N_("Reference of the other job"),
        widget=GovTextInput(),
        description=N_(
            "It is on your list of jobs. Without it this job stays open, and its clock "
            "runs, until an officer joins the two."
        ),
        validators=[keeps("duplicate_of")],
    )
    note = TextAreaField(
        N_("Anything else (names and addresses of people are taken out)"),
        widget=GovTextArea(),
        validators=[keeps("note")],
    )
    idempotency_key = HiddenField(validators=[Length(max=64)])
    supersedes = HiddenField(validators=[Length(max=2_000)])
    """Keys of the same entry as it was before it was changed on the phone, the newest last."""
    owner = HiddenField()
    """The account that made an entry, which may have waited on a phone that several use."""
    occurred_at = HiddenField()
    lon, lat, accuracy_m = HiddenField(), HiddenField(), HiddenField()
    replaces = HiddenField()
    then = HiddenField(validators=[Length(max=2_000)])
    """References of the stops of the round after this one, with full stops between them."""
    submit = SubmitField(N_("Save"), widget=GovSubmitInput())

    @classmethod
    def correcting(cls, row: Clearance) -> OutcomeForm:
        """The form filled with an entry; what is sent takes the place of what was entered."""
        form = cls(data=as_entered(row))
        for name in ("charger_band", "disposal"):  # a file may have told what no crew is offered
            known, entered = form[name].choices, getattr(row, name)
            if entered and entered not in {choice.value for choice in known}:
                form[name].choices = [*known, SelectChoice(entered, entered)]
        return form

    @property
    def without_photos(self) -> frozenset[int]:
        """Photos of the corrected entry that are ticked to be left out."""
        return frozenset(request.form.getlist("without", type=int))

    @property
    def earlier_keys(self) -> list[str]:
        """Keys that the entry had before it was changed on the phone, the newest first."""
        return (self.supersedes.data or "").split()[::-1]

    def to_clearance(
        self,
        incident_id: int,
        user_id: int,
        cleaned: Sequence[CleanPicture],
        *,
        now: datetime,
    ) -> NewClearance:
        """What was told, with its photos; of what is asked for another outcome, nothing."""
        return NewClearance(
            incident_id=incident_id,
            outcome=self.outcome.data,
            occurred_at=_instant(self.occurred_at.data) or now,
            idempotency_key=self.idempotency_key.data or None,
            position=_point(self.data),
            accuracy_m=_number(self.accuracy_m.data),
            no_photo_reason=self.no_photo_reason.data or None,
            note=self.note.data or None,
            pictures=cleaned,
            user_id=user_id,
            replaces_id=row_key(self.replaces.data),
            photos_of_id=row_key(self.replaces.data),
            without_photos=self.without_photos,
            **self._asked_for_outcome(),
        )

    def _asked_for_outcome(self) -> dict[str, Any]:
        """What the page asks for the chosen outcome alone: it hides the rest, which may be old."""
        weight = self.weight_kg.data
        fields: dict[str, dict[str, Any]] = {
            Outcome.CLEARED.value: {
                "charger_band": self.charger_band.data or None,
                "cylinders": self.cylinders.data,
                "sacks": self.sacks.data,
                "weight_kg": None if weight is None else float(weight),
                "disposal": self.disposal.data or None,
            },
            Outcome.NOT_OUR_LAND.value: {"land_owner": self.land_owner.data or None},
            Outcome.DUPLICATE.value: {
                "duplicate_of": (self.duplicate_of.data or "").strip().upper() or None
            },
        }
        return fields.get(self.outcome.data, {})


def as_entered(row: Clearance) -> dict[str, Any]:
    """A recorded outcome as the form's fields held it, to be corrected."""
    names = (
        "outcome",
        "cylinders",
        "sacks",
        "weight_kg",
        "land_owner",
        "no_photo_reason",
        "note",
    )
    where: dict[str, Any] = {}
    if row.geometry is not None:
        lon, lat = to_lonlat(row.geometry.x, row.geometry.y)
        where = {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "accuracy_m": row.accuracy_m}
    lists = {name: getattr(row, name) or "" for name in ("charger_band", "disposal")}
    at = {"occurred_at": clearances.told_at(row).isoformat(), "replaces": str(row.id)}
    chosen = {"outcome": Outcome.DUPLICATE.value} if row.outcome == Outcome.TO_JOIN else {}
    return {name: getattr(row, name) for name in names} | lists | where | at | chosen


def _instant(text: str | None) -> datetime | None:
    """The telephone's own time; None where it sent none that can be read."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    is_sane = moment.tzinfo is not None and SANE_YEARS[0] <= moment.year <= SANE_YEARS[1]
    return moment if is_sane else None


def _point(data: dict[str, str | None]) -> Point | None:
    place = position({name: data[name] or "" for name in ("lon", "lat")})
    point = None if place is None else Point(*from_lonlat(*place))
    return point if point is not None and point.is_valid and not point.is_empty else None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e6 else None  # also refuses NaN
