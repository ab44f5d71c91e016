"""The forms by which systems are entered, one for each kind."""

import re
from typing import Self

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovSelect,
    GovSubmitInput,
    GovTextInput,
)
from sqlalchemy.orm import Session
from wtforms import BooleanField, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from geodata.clearances.contracts import firms_of
from geodata.core.vocabulary import SystemKind
from geodata.rules.days import local_day
from web.clock import utc_now
from web.forms.canister_fields import choices
from web.forms.impersonal import Impersonal
from web.services.exchange.systems import SystemTerms

LONGEST_URL, LONGEST_SECRET = 500, 200


def _url(description: str) -> StringField:
    return StringField(
        "Its address",
        widget=GovTextInput(),
        description=description,
        validators=[InputRequired("Enter the address"), Length(max=LONGEST_URL)],
    )


class SystemForm(FlaskForm):  # type: ignore[misc]
    """A channel of a team; the others ask for more."""

    name = StringField(
        "What do you call it?",
        widget=GovTextInput(),
        description="For example, Whitespace, FixMyStreet, or Street scene team. Nobody’s name.",
        validators=[InputRequired("Give it a name"), Length(max=80), Impersonal(is_spot=True)],
    )
    url = _url("The address that Teams or Slack gives for an incoming webhook. It is kept sealed.")
    submit = SubmitField("Save and switch on", widget=GovSubmitInput())

    def offering(self, session: Session) -> Self:
        """The form with what there is to choose from."""
        return self

    def system_terms(self, kind: SystemKind) -> SystemTerms:
        """What was entered."""
        return SystemTerms(" ".join(self.name.data.split()), kind, self.url.data)


class JobsForm(SystemForm):
    url = _url("Where its webhooks arrive, such as https://jobs.example.com/hooks")
    contractor = SelectField("Whose jobs?", widget=GovSelect())
    secret = StringField(
        "Secret, if it gives you one",
        widget=GovTextInput(),
        description="Begins with whsec_. Leave empty: one is made and shown once.",
        validators=[Length(max=LONGEST_SECRET)],
    )
    submit = SubmitField("Save and switch on", widget=GovSubmitInput())

    def offering(self, session: Session) -> Self:
        firms = sorted(firms_of(session, local_day(utc_now())))
        self.contractor.choices = choices([("", "No contract"), *((firm, firm) for firm in firms)])
        return self

    def system_terms(self, kind: SystemKind) -> SystemTerms:
        return SystemTerms(
            " ".join(self.name.data.split()),
            kind,
            self.url.data,
            secret=(self.secret.data or "").strip(),
            contractor=self.contractor.data or None,
        )


class Open311Form(SystemForm):
    url = _url("Up to the version, such as https://fms.example.gov.uk/open311/v2")
    services = StringField(
        "Which of its categories are canisters?",
        widget=GovTextInput(),
        description="Its service codes, with commas between. Requests of others are left there.",
        validators=[InputRequired("Name one service code or more"), Length(max=500)],
    )
    jurisdiction = StringField(
        "Jurisdiction, if it asks for one",
        widget=GovTextInput(),
        description="Such as testford.gov.uk",
        validators=[Length(max=100)],
    )
    secret = StringField(
        "Key, if it gave you one",
        widget=GovTextInput(),
        description="What is sent as api_key. It is kept sealed and not shown again.",
        validators=[Length(max=LONGEST_SECRET)],
    )
    format = SelectField(
        "What does it answer in?",
        widget=GovSelect(),
        choices=choices([("json", "JSON"), ("xml", "XML")]),
    )
    by_updates = BooleanField(
        "It can be asked by when a request changed", widget=GovCheckboxInput()
    )
    sends_states = BooleanField(
        "Send back what became of its requests", widget=GovCheckboxInput(), default=True
    )
    submit = SubmitField("Save and switch on", widget=GovSubmitInput())

    def system_terms(self, kind: SystemKind) -> SystemTerms:
        return SystemTerms(
            " ".join(self.name.data.split()),
            kind,
            self.url.data,
            secret=(self.secret.data or "").strip(),
            terms={
                "services": sorted(set(filter(None, re.split(r"[,;\s]+", self.services.data)))),
                "jurisdiction": (self.jurisdiction.data or "").strip(),
                "format": self.format.data,
                "by_updates": bool(self.by_updates.data),
                "sends_states": bool(self.sends_states.data),
            },
        )


class NewSecretForm(FlaskForm):  # type: ignore[misc]
    """Another secret for pushes, and how long the old one signs besides."""

    secret = StringField(
        "New secret, if it gives you one",
        widget=GovTextInput(),
        description="Begins with whsec_. Leave empty: one is made and shown once.",
        validators=[Length(max=LONGEST_SECRET)],
    )
    overlap = SelectField(
        "How long should the old one be good?",
        widget=GovSelect(),
        description="Until then each push is signed by both. If others know it, end it at once.",
        choices=choices(
            [
                ("7", "7 days"),
                ("1", "1 day"),
                ("14", "14 days"),
                ("30", "30 days"),
                ("0", "End it at once"),
            ]
        ),
    )
    submit = SubmitField("Change the secret", widget=GovSubmitInput())

    @property
    def overlap_days(self) -> int:
        return int(self.overlap.data)


class NewKeyForm(FlaskForm):  # type: ignore[misc]
    """Another key that an Open311 service gave, of which it takes one at a time."""

    secret = StringField(
        "New key",
        widget=GovTextInput(),
        description="What is sent as api_key. It is kept sealed and not shown again.",
        validators=[InputRequired("Enter the key that it gave you"), Length(max=LONGEST_SECRET)],
    )
    submit = SubmitField("Change the key", widget=GovSubmitInput())
    overlap_days = 0


FORMS: dict[SystemKind, type[SystemForm]] = {
    SystemKind.JOBS: JobsForm,
    SystemKind.OPEN311: Open311Form,
    SystemKind.TEAMS: SystemForm,
    SystemKind.SLACK: SystemForm,
}
