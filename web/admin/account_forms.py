"""Forms of accounts: they offer only what whoever fills them in may give."""

from typing import Self

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovSelect,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import BooleanField, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from geodata.accounts.account import Account
from geodata.accounts.rights import Rights, grantable_roles
from geodata.accounts.users import MAX_NAME_LENGTH
from web.admin.account_words import ROLES


def _stripped(text: str | None) -> str:
    return " ".join((text or "").split())


class _RightsForm(FlaskForm):  # type: ignore[misc]
    role = SelectField("Role", widget=GovSelect())
    is_enforcer = BooleanField(
        "May read enforcement data",
        widget=GovCheckboxInput(),
        description="Penalty notices and orders. Every look is in the audit log.",
    )
    email = StringField(
        "Email (optional)",
        widget=GovTextInput(),
        description="For the link, and for alerts.",
        filters=[_stripped],
        validators=[
            Optional(),
            Length(max=254),
            Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message="Enter an address such as jo@example.org"),
        ],
    )
    employer = StringField(
        "Employer (optional)",
        widget=GovTextInput(),
        description="For crews and partners: the company or organisation.",
        filters=[_stripped],
        validators=[Length(max=200)],
    )

    def offering(self, giver: Account) -> Self:
        """The form with the roles that somebody may give, and the permission if they hold it."""
        self.role.choices = [(role.value, ROLES[role]) for role in grantable_roles(giver.rights)]
        if not giver.may_read_enforcement:
            del self.is_enforcer
        return self

    def rights(self) -> Rights:
        """The rights that are asked for."""
        is_enforcer = bool(self.is_enforcer and self.is_enforcer.data)
        return Rights(self.role.data, is_enforcer)


class InviteForm(_RightsForm):
    name = StringField(
        "User name",
        widget=GovTextInput(),
        description="To sign in with. Others see it in the audit log.",
        filters=[_stripped],
        validators=[
            InputRequired("Enter a user name"),
            Length(max=MAX_NAME_LENGTH, message=f"Use {MAX_NAME_LENGTH} characters or fewer"),
        ],
    )
    submit = SubmitField("Make the link", widget=GovSubmitInput())


class AccountForm(_RightsForm):
    submit = SubmitField("Save", widget=GovSubmitInput())
