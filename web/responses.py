"""Answers that are not pages."""

from flask import Response, make_response, request

from web.maps.sheet import Sheet


def script(sheet: Sheet) -> Response:
    """A map's script; the browser keeps it until the map changes."""
    response = make_response(sheet.script)
    response.mimetype = "text/javascript"
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


def jpeg(content: bytes) -> Response:
    """A photo: for this reader only, and never more than a photo."""
    response = make_response(content)
    response.mimetype = "image/jpeg"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
