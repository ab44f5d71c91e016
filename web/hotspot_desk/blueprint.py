"""The desk's blueprint, who may use it, and whose doing a change is."""

from datetime import date

from flask import Blueprint
from flask_login import current_user

from geodata.people.audit import Actor
from web.auth import requires_role
from web.filters import LONDON, utc_now

desk = Blueprint("desk", __name__, url_prefix="/officer")
officers_only = requires_role("officer", "manager")


def actor() -> Actor:
    """Who is signed in, now."""
    return Actor(current_user.account.id, utc_now())


def today() -> date:
    """The day in London."""
    return utc_now().astimezone(LONDON).date()
