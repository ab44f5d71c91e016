"""The blueprint of imports, who may see it, and where files wait."""

from pathlib import Path

from flask import Blueprint, current_app
from flask_login import current_user

from geodata.accounts.rights import Rights
from web.auth import requires_role
from web.database import store
from web.server.ticks import import_folder

imports = Blueprint("imports", __name__, url_prefix="/officer/imports")
officers_only = requires_role("officer", "manager")


def folder() -> Path:
    """Where files wait."""
    return import_folder(current_app.config["HOTSPOTS"], store())


def rights() -> Rights:
    """Of whoever is signed in."""
    own: Rights = current_user.account.rights
    return own
