"""The blueprint of OGC API - Features, and what is the same for each of its answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, g, request, url_for

from geodata.accounts.api_keys import Holder
from web.api.keyed import bearer, let_in

ogc = Blueprint("ogc", __name__, url_prefix="/ogc")
"""Its pages and documents; see `addresses`."""


def address(rule: str) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Hang a function on an address that anybody asks, with a key or without."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def wrapped(**parts: Any) -> Response:
            g.api_key = let_in(None, bearer())
            answer: Response = view(**parts)
            return answer

        ogc.add_url_rule(rule, view.__name__, wrapped, methods=["GET"], strict_slashes=False)
        return wrapped

    return decorate


def key_holder() -> Holder | None:
    """Whose key this request bears; None: it bears none."""
    holder: Holder | None = g.api_key
    return holder


def here(document: str, /, **parts: Any) -> str:
    """The whole address of one of these documents."""
    return url_for(f"ogc.{document}", _external=True, **parts)


@ogc.after_request
def can_be_asked_again(response: Response) -> Response:
    """Answers carry a tag, and differ by key and by what is accepted."""
    response.vary.update(("Accept", "Authorization"))
    if request.method in {"GET", "HEAD"} and response.status_code == 200:
        response.add_etag()
        response.headers.setdefault("Cache-Control", "no-cache")
        response.make_conditional(request)
    return response
