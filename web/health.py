"""For the load balancer and the person on call."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from web.database import read_session
from web.extensions import limiter

health = Blueprint("health", __name__)


@health.get("/health")
@limiter.exempt
def check() -> ResponseReturnValue:
    """200 and ``{"status": "ok"}`` while the store answers."""
    read_session().execute(text("SELECT 1"))
    return jsonify(status="ok")
