"""The Flask extensions, made once and bound to each application in ``create_app``."""

from flask import current_app, request
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from web.server.proxies import visitor_of


def this_visitor() -> str:
    """What limits are counted by where nothing nearer to a person is known."""
    site = current_app.config["MOUNT"].code  # of several in one process, each counts for itself
    return f"{site} {visitor_of(request.remote_addr or '')}".strip()


csrf = CSRFProtect()
# Its counter in memory can fail under many threads; a count lost must not cost a report.
limiter = Limiter(this_visitor, storage_uri="memory://", headers_enabled=True, swallow_errors=True)
login_manager = LoginManager()
