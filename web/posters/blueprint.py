"""The blueprint that the poster pages hang on, who may see them, and whose doing a change is."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, g
from flask_login import current_user
from flask_wtf import FlaskForm

from geodata.core.errors import RefusedError
from geodata.people.audit import Actor
from web.auth import requires_role
from web.filters import LONDON, sentence, utc_now

posters = Blueprint("posters", __name__, url_prefix="/posters")
officers_only = requires_role("officer", "manager")


def actor() -> Actor:
    """Who is signed in, now."""
    return Actor(current_user.account.id, utc_now())


def today() -> date:
    """The day in London."""
    return utc_now().astimezone(LONDON).date()


def is_taken(form: FlaskForm, change: Callable[[], object], *, field: str) -> bool:
    """Whether a change is made; where it is refused, the reason stands at a field.

    What a refused change wrote before it was refused is undone.
    """
    try:
        with g.session.begin_nested():
            change()
    except RefusedError as error:
        form[field].errors = [sentence(error)]
        return False
    return True
