"""Setting up an authenticator app: the picture to scan, and the secret to type."""

import io

import segno
from flask import Response, current_app, render_template, session
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from geodata.accounts.account import Account
from web.council import council_name
from web.services.accounts import second_factor

SALT = "second_factor_salt"


def current_salt() -> str:
    """What the secret that is being set up is reckoned from; kept by the browser until it counts.

    Without the site's key it says nothing, and a page that is only looked at writes nothing.
    """
    salt = session.get(SALT)
    if not isinstance(salt, str):
        salt = session[SALT] = second_factor.new_salt()
    return salt


def set_up_page(form: FlaskForm, account: Account, *, qr_address: str, is_required: bool) -> str:
    """The page with the picture, the secret in groups of four, and the form for the first code."""
    secret = _secret()
    return render_template(
        "accounts/set_up.html",
        form=form,
        qr_address=qr_address,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        name=account.name,
        is_required=is_required,
    )


def qr_answer(account: Account) -> ResponseReturnValue:
    """The picture, for the eyes of one browser: never kept."""
    address = second_factor.address_of(_secret(), account.name, council_name())
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=5, border=4, light="#fff")
    headers = {"Cache-Control": "no-store"}
    return Response(picture.getvalue(), mimetype="image/svg+xml", headers=headers)


def _secret() -> str:
    return second_factor.secret_of(current_salt(), current_app.config["SECRET_KEY"])
