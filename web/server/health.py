"""For the load balancer, the monitor and the person on call."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from web.clock import utc_now
from web.config import Config
from web.database import read_session, store
from web.extensions import limiter
from web.services.background import readiness

health = Blueprint("health", __name__)


@health.get("/health")
@limiter.exempt
def check() -> ResponseReturnValue:
    """200 and ``{"status": "ok"}`` while the store answers."""
    read_session().execute(text("SELECT 1"))
    return jsonify(status="ok")


@health.get("/health/live")
@limiter.exempt
def live() -> ResponseReturnValue:
    """200 while the process answers, whatever its store does: else start it anew."""
    return jsonify(status="ok")


@health.get("/health/ready")
@limiter.exempt
def ready() -> ResponseReturnValue:
    """200 while all is as it must be, else 503; every check by its name."""
    config: Config = current_app.config["HOTSPOTS"]
    sends_mail = bool(config.smtp_host and config.mail_from)
    checks = readiness.checks(store(), now=utc_now(), sends_mail=sends_mail)
    is_ready = all(each.is_ok for each in checks)
    named = {each.name: "ok" if each.is_ok else each.detail for each in checks}
    status = "ok" if is_ready else "not ready"
    return jsonify(status=status, checks=named), 200 if is_ready else 503
