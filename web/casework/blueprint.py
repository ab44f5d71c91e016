"""The blueprint of officers' casework, and who may see it."""

from flask import Blueprint

from web.auth import requires_role

casework = Blueprint("casework", __name__, url_prefix="/officer")
officers_only = requires_role("officer", "manager")
