"""The blueprint of the JSON interface, and what is the same for each of its answers."""

from flask import Blueprint, Response, request

api = Blueprint("api", __name__, url_prefix="/api")


@api.after_request
def can_be_asked_again(response: Response) -> Response:
    """Answers to readers carry a tag: who has the same already is told so, and no more."""
    if request.method in {"GET", "HEAD"} and response.status_code == 200:
        response.add_etag()
        response.headers.setdefault("Cache-Control", "no-cache")
        response.make_conditional(request)
    return response
