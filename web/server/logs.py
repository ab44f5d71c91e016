"""What the program writes to its log: a line of JSON for each event, and nothing about a person.

A line has its time, level, event, and the id of the request that it belongs to, which the answer
carries as ``X-Request-ID``. Addresses are written as the route's pattern, since what stands in a
path or a query may be somebody's reference. A failure is written by its type and where it came
from, since the message of an error may hold what somebody typed.
"""

import logging
import re
import sys
import time
import traceback
import uuid
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from structlog.typing import Processor

from geodata.people.personal_data import taken_out

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADER = "X-Request-ID"
QUIET = {"static", "assets.static", "health.check", "health.live", "health.ready", "metrics.scrape"}
"""Endpoints whose success is no news."""
Event = MutableMapping[str, Any]
log = structlog.stdlib.get_logger("web.requests")


def configure(style: str) -> None:
    """Send every log line of the process to standard error.

    Parameters
    ----------
    style
        ``json``, ``text``, or ``auto``: text on a terminal, where requests are no news.
    """
    is_text = style == "text" or (style == "auto" and sys.stderr.isatty())
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_it_failed,
        _nobody_named,
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    last: Processor = structlog.processors.JSONRenderer()
    if is_text:
        last = structlog.dev.ConsoleRenderer(colors=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    # Libraries are heard when something is wrong; what they tell besides may hold whole addresses.
    root.setLevel(logging.WARNING)
    logging.getLogger("web").setLevel(logging.WARNING if is_text else logging.INFO)


def _where_it_failed(_: Any, __: str, event: Event) -> Event:
    """The type of an error and the places that it passed, never its message."""
    failed = event.pop("exc_info", None)
    if failed:
        kind, error, trace = sys.exc_info() if failed is True else failed
        if kind is not None and error is not None:
            frames = traceback.extract_tb(trace)
            event["error"] = kind.__name__
            event["at"] = [f"{_module(f.filename)}:{f.lineno} {f.name}" for f in frames]
    return event


def _module(path: str) -> str:
    return "/".join(path.rsplit("/", 3)[1:])


def _nobody_named(_: Any, __: str, event: Event) -> Event:
    """The last net: a library's own sentence may hold a mail address or a telephone number."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = taken_out(value)
    return event


def watch(app: Flask) -> None:
    """Give every request an id, and write a line when it is answered."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    # A proxy's own id is kept; anything else that a stranger sends could forge a line.
    g.request_id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    if site := current_app.config["MOUNT"].code:  # of several in one process
        structlog.contextvars.bind_contextvars(site=site)


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    is_news = response.status_code >= 400 or request.endpoint not in QUIET
    if is_news:
        log.info(
            "answered",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            ms=round((time.perf_counter() - g.began) * 1000),
        )
    return response
