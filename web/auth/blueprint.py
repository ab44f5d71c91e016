"""The blueprint, and the sign-in page that protected pages lead to."""

from flask import Blueprint

from web.extensions import login_manager

accounts = Blueprint("accounts", __name__)
login_manager.login_view = "accounts.sign_in"
login_manager.login_message = "Sign in to see this page."
