"""Answers to the public that browsers keep until what they are reckoned from changes."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from flask import Response, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from web.council import council_name, settings_in_force
from web.services.common import speaking


def kept(answer: Callable[[], ResponseReturnValue], *reckoned_from: object) -> Response:
    """An answer with its tag; 304 and nothing reckoned where the reader has the same already.

    The tag is weak (RFC 9110, 8.8.1): compressed or not, it is the same. Nothing is kept of what
    is for one person: a signed-in one, or one to whom something is to be said.

    Parameters
    ----------
    reckoned_from
        All that the answer depends on besides the program and its settings.
    """
    if current_user.is_authenticated or "_flashes" in session:
        return make_response(answer())
    tag = _tag(request.full_path, request.host_url, *reckoned_from)
    is_known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if is_known else make_response(answer())
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Cookie")  # who signs in sees another page at the same address
    return response


def _tag(*parts: object) -> str:
    state = repr((_program(), settings_in_force(), council_name(), speaking.current(), parts))
    return hashlib.sha256(state.encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _program() -> tuple[str, float]:
    """Its version, and when a page or a text was last changed: not every change has a version."""
    web = Path(__file__).parents[1]
    files = [*web.glob("templates/**/*.html"), *web.glob("translations/*.po")]
    return metadata.version("canister-hotspots"), max(file.stat().st_mtime for file in files)
