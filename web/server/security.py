"""Headers that every answer carries."""

from flask import Flask, Response, current_app, request, session

from web.config import Config

SAME_FOR_ALL = frozenset({"static", "assets.static", "basemap.archive"})
"""Files of the program and the ground of maps; all else that is sent to a signed-in person stays
in no cache."""


def content_security_policy(config: Config) -> str:
    """Only our own host, and the background map's for pictures; nothing inline."""
    tiles = f" {config.tile_host}" if config.tile_host else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data:{tiles}",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def add_headers(response: Response) -> Response:
    config: Config = current_app.config["HOTSPOTS"]
    headers = {
        "Content-Security-Policy": content_security_policy(config),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if _is_signed_in() and request.endpoint not in SAME_FOR_ALL:
        response.headers["Cache-Control"] = "no-store"
    elif response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _is_signed_in() -> bool:
    """By the session alone: the account need not be read for it, and may be gone by now."""
    return "_user_id" in session


def protect(app: Flask) -> None:
    app.after_request(add_headers)
