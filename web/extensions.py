"""The Flask extensions, made once and bound to each application in ``create_app``."""

from flask import Flask, Response, current_app, g, request
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


def bind_limits(app: Flask) -> None:
    """Count requests; an answer that says itself when to come back is not told the limit's time.

    The limiter writes over ``Retry-After`` whatever the answer's status is. Flask runs what follows
    a request from the last that was registered to the first.
    """
    app.after_request(_put_own_wait_back)
    limiter.init_app(app)
    app.after_request(_note_own_wait)


def _note_own_wait(response: Response) -> Response:
    g.own_wait = response.headers.get("Retry-After")
    return response


def _put_own_wait_back(response: Response) -> Response:
    if own_wait := g.get("own_wait"):
        response.headers["Retry-After"] = own_wait
    return response
