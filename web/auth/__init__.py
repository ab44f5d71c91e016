"""Signing in and out, one's own account, and who may open which page.

Other pages take ``requires_role`` and ``actor`` from here. Start with `signed_in`.
"""

from flask import Flask

from web.auth import (
    own_account,
    own_second_factor,
    own_sessions,
    second_step,
    session_ends,
    sign_in,
    single_sign_on,
    welcome,
)
from web.auth.blueprint import accounts
from web.auth.signed_in import actor, note_use, requires_role

__all__ = [
    "accounts",
    "actor",
    "own_account",
    "own_second_factor",
    "own_sessions",
    "register",
    "requires_role",
    "second_step",
    "sign_in",
    "single_sign_on",
    "welcome",
]


def register(app: Flask) -> None:
    """Check the settings of sessions and single sign-on, and note which sessions are in use.

    Raises
    ------
    ConfigError
        With them nobody could sign in.
    """
    session_ends.check(app.config["HOTSPOTS"])
    single_sign_on.check(app.config["HOTSPOTS"])
    app.config["PERMANENT_SESSION_LIFETIME"] = session_ends.longest(app.config["HOTSPOTS"])
    app.after_request(note_use)
