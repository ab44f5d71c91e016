"""Figures for Prometheus, behind a token: ``HOTSPOTS_METRICS_TOKEN``; without one there are none.

Each process counts its own requests; what stands in the store is the same in all of them.
"""

import hmac
import time
from collections.abc import Iterable

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue

from geodata.people import outbox
from geodata.store import background
from web.clock import utc_now
from web.config import Config, ConfigError
from web.database import read_session
from web.extensions import limiter

metrics = Blueprint("metrics", __name__)


def count_requests(app: Flask, config: Config) -> None:
    """Count and time every request, where a token is set.

    Raises
    ------
    ConfigError
        The token is set, but the library is not installed.
    """
    if not config.metrics_token:
        return
    try:
        from prometheus_client import CollectorRegistry, Histogram
    except ModuleNotFoundError:
        raise ConfigError(
            "metrics_token is set, but prometheus-client is not installed: "
            "pip install 'canister-hotspots[metrics]'"
        ) from None
    registry = CollectorRegistry()
    took = Histogram(
        "hotspots_request_seconds",
        "Time to answer, by endpoint",
        ("endpoint", "method", "status"),
        registry=registry,
    )
    app.extensions["metrics"] = registry

    def begin() -> None:
        g.metrics_began = time.perf_counter()

    def end(response: Response) -> Response:
        labels = request.endpoint or "none", request.method, str(response.status_code)
        took.labels(*labels).observe(time.perf_counter() - g.metrics_began)
        return response

    app.before_request(begin)
    app.after_request(end)


@metrics.get("/metrics")
@limiter.exempt
def scrape() -> ResponseReturnValue:
    """The figures in Prometheus' text format; 404 without a token, 401 without the right one."""
    registry = current_app.extensions.get("metrics")
    if registry is None:
        abort(404)
    config: Config = current_app.config["HOTSPOTS"]
    wanted = f"Bearer {config.metrics_token}"
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), wanted.encode()):
        abort(401)
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    text = generate_latest(registry).decode() + "\n".join(_of_the_store()) + "\n"
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _of_the_store() -> Iterable[str]:
    session, now = read_session(), utc_now()
    yield from _gauge("hotspots_mails_waiting", "Mails not sent yet", outbox.waiting(session))
    oldest = outbox.oldest_waiting(session)
    age = (now - oldest).total_seconds() if oldest else 0
    yield from _gauge("hotspots_oldest_mail_seconds", "Age of the oldest of them", age)
    ticks = background.ticks(session)
    if ticks:
        since = (now - ticks[0].ended_at).total_seconds()
        yield from _gauge("hotspots_tick_age_seconds", "Since background work was done", since)


def _gauge(name: str, words: str, value: float) -> Iterable[str]:
    return f"# HELP {name} {words}", f"# TYPE {name} gauge", f"{name} {value:g}"
