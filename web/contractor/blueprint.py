"""The blueprint that the contractor's pages hang on, and who may see them."""

from flask import Blueprint

from web.auth import requires_role

contractor = Blueprint("contractor", __name__, url_prefix="/contractor")
crews_only = requires_role("contractor", "officer", "manager")
