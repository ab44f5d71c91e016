"""Fields that the pages of accounts share. Passwords are bounded before they are hashed."""

from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovTextInput
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from geodata.accounts.passwords import MAX_LENGTH, MIN_LENGTH

LONGEST_POST = 1000
"""Of a password that is compared: more is no password that anybody has."""
RULE = (
    f"{MIN_LENGTH} to {MAX_LENGTH} characters. Three random words are good. Common passwords, rows "
    "of keys and your user name are refused."
)


def password_field(label: str, missing: str) -> PasswordField:
    """A password that somebody has."""
    return PasswordField(
        label,
        widget=GovPasswordInput(),
        validators=[InputRequired(missing), Length(max=LONGEST_POST, message="This is too long")],
    )


def new_password_field(label: str) -> PasswordField:
    """A password that somebody chooses; what may be one is checked where it is hashed."""
    return PasswordField(
        label,
        widget=GovPasswordInput(),
        description=RULE,
        validators=[
            InputRequired("Enter a password"),
            Length(max=MAX_LENGTH, message=f"Use {MAX_LENGTH} characters or fewer"),
        ],
        render_kw={"params": {"autocomplete": "new-password"}},
    )


def code_field(label: str, description: str) -> StringField:
    """A code of an authenticator app, or a recovery code."""
    return StringField(
        label,
        widget=GovTextInput(),
        description=description,
        validators=[InputRequired("Enter the code"), Length(max=40, message="This is too long")],
        render_kw={"autocomplete": "one-time-code"},
    )
