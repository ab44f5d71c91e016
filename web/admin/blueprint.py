"""The blueprint: for the role admin alone."""

from flask import Blueprint

from web.auth import requires_role

admin = Blueprint("admin", __name__, url_prefix="/admin")
admins_only = requires_role()
