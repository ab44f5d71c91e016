"""The blueprint that the poster pages hang on, who may see them, and whose doing a change is."""

from flask import Blueprint

from web.auth import requires_role

posters = Blueprint("posters", __name__, url_prefix="/posters")
officers_only = requires_role("officer", "manager")
