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
