"""No form takes free text that may name somebody: each field is checked, or listed with why not."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.fields.core import UnboundField

import web
from web.forms.impersonal import Impersonal

BY_THE_USE_CASE = {
    # geodata.posters: campaigns, sites, events and wordings
    *{f"{form}.name" for form in ("_Dates", "SiteForm")},
    "CampaignForm.note",
    "RetireForm.reason",
    "EventForm.note",
    *{f"WordingForm.{name}" for name in ("heading", "law", "extra", "call")},
    # geodata.detections.hotspot_records
    "NoteForm.text",
    *{f"SaraForm.{name}" for name in ("scanning", "analysis", "response", "assessment")},
    # geodata.posters.interventions
    *{f"MeasureForm.{name}" for name in ("name", "note", "purpose", "camera_ref", "export_ref")},
    # web.services.clearing.outcomes takes out: a crew's entry is never lost for a word
    *{f"OutcomeForm.{name}" for name in ("land_owner", "no_photo_reason", "note")},
    # web.services.enforcement
    *{f"RecordForm.{name}" for name in ("landmark", "note", "other_act_reason")},
    *{f"EvidenceFields.{name}" for name in ("grounds", "pick_up_reason", "recording_ref")},
    "EvidenceForm.reason",
    "StepForm.reason",
    *{f"FootageForm.{name}" for name in ("camera_ref", "export_ref", "purpose")},
    "IssuerForm.badge",
    # web.services.patrols.patrol_wish_places, web.services.settings.council_settings
    "ShiftForm.include",
    "ShiftForm.avoid",
    "SettingsForm.patrol_contacts",
}
NO_FREE_TEXT = {
    # Codes, clocks, numbers, references and places, each read as what it is
    *{f"{form}.code" for form in ("SetUpForm", "ConfirmForm", "CodeForm", "EnrolForm")},
    *{f"SettingsForm.{name}" for name in ("patrol_shift_start", "patrol_shift_end", "round_depot")},
    *{f"ShiftForm.{name}" for name in ("start", "end", "teams")},
    *{f"VisitForm.{name}" for name in ("arrived", "left", "grid_ref")},
    *{f"WhenForm.{name}" for name in ("seen_at", "clean_at")},
    *{f"BoroughForm.{name}" for name in ("crs", "name_column")},
    *{f"RecordForm.{name}" for name in ("grid_ref", "recipient_ref")},
    *{f"{form}.url" for form in ("JobsForm", "SystemForm", "Open311Form")},
    *{f"{form}.secret" for form in ("JobsForm", "NewKeyForm", "NewSecretForm", "Open311Form")},
    *{f"Open311Form.{name}" for name in ("jurisdiction", "services")},
    "FollowForm.spot",
    "CallForm.called_at",
    "CallForm.words",
    "FindForm.words",
    "MergeForm.into",
    "MoveForm.grid_ref",
    "InForceForm.grid_ref",
    "AreaForm.corners",
    "SiteForm.where",
    "MeasureForm.where",
    "OutcomeForm.duplicate_of",
    "FootageForm.notice",
    "DetectionForm.radii_m",
    "TableForm.year",
    "SendForm.website",
}
MEANT_TO_SAY_WHO = {
    # An account, a reporter who wants an answer, whom a request is about; councils and firms
    *{f"_RightsForm.{name}" for name in ("email", "employer")},
    *{f"PersonForm.{name}" for name in ("who",)},
    "InviteForm.name",
    "SignInForm.name",
    "CallForm.email",
    "FollowForm.email",
    "MoreForm.email",
    "HoldForm.subject",
    "SettingsForm.council_name",
    "ContractForm.contractor",
    "IssuerForm.employer",
}


def _forms(base: type) -> Iterator[type]:
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)


def _unchecked() -> Iterator[str]:
    for module in pkgutil.walk_packages(web.__path__, "web."):
        importlib.import_module(module.name)
    for form in _forms(FlaskForm):
        is_made_by_a_page = not hasattr(sys.modules[form.__module__], form.__name__)
        for name, field in vars(form).items() if not is_made_by_a_page else ():
            if form.__module__.startswith("web.") and isinstance(field, UnboundField):
                is_text = field.field_class in {StringField, TextAreaField}
                validators = field.kwargs.get("validators", [])
                if is_text and not any(isinstance(each, Impersonal) for each in validators):
                    yield f"{form.__name__}.{name}"


def test_every_free_text_is_checked_for_names_or_is_none() -> None:
    listed = BY_THE_USE_CASE | NO_FREE_TEXT | MEANT_TO_SAY_WHO
    assert set(_unchecked()) - listed == set()


def test_the_lists_name_no_field_that_is_gone() -> None:
    listed = BY_THE_USE_CASE | NO_FREE_TEXT | MEANT_TO_SAY_WHO
    assert listed - set(_unchecked()) == set()
