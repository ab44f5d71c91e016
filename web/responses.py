"""Answers that are not pages, and addresses that carry a query on."""

from typing import Any

from flask import Response, make_response, request

from web.maps.sheet import Sheet


def script(sheet: Sheet) -> Response:
    """A map's script; the browser keeps it until the map changes."""
    response = make_response(sheet.script)
    response.mimetype = "text/javascript"
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def query_carried_on() -> dict[str, Any]:
    """The query of this address for ``url_for`` of another, each name with all of its values.

    Names that ``url_for`` reads itself (``endpoint``, ``_scheme``, ``_external`` …) are left out:
    whoever writes the address must not steer where ours lead.
    """
    return {
        name: values
        for name, values in request.args.lists()
        if name != "endpoint" and not name.startswith("_")
    }


def jpeg(content: bytes) -> Response:
    """A photo: for this reader only, and never more than a photo."""
    response = make_response(content)
    response.mimetype = "image/jpeg"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
