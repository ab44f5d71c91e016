"""The blueprint of the report's pages, and who may see them."""

from flask import Blueprint

from web.auth import requires_role

committee = Blueprint("committee", __name__, url_prefix="/officer/committee")
officers_only = requires_role("officer", "manager")
