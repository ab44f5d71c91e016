"""The blueprint that the patrol pages hang on, and who may see them."""

from flask import Blueprint

from web.auth import requires_role

patrols = Blueprint("patrols", __name__, url_prefix="/patrols")
officers_only = requires_role("officer", "manager")
