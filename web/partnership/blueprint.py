"""The blueprint of the partnership's pages, and who may see it."""

from flask import Blueprint

from web.auth import requires_role

partnership = Blueprint("partnership", __name__, url_prefix="/officer/partnership")
officers_only = requires_role("officer", "manager")
