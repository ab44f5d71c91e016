"""The blueprint, and who may open what of it."""

from flask import Blueprint

from web.auth import requires_role

admin = Blueprint("admin", __name__, url_prefix="/admin")
admins_only = requires_role()
managers_only = requires_role("manager")
