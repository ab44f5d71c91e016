"""The desk's blueprint, who may use it, and whose doing a change is."""

from flask import Blueprint

from web.auth import requires_role

desk = Blueprint("desk", __name__, url_prefix="/officer")
officers_only = requires_role("officer", "manager")
