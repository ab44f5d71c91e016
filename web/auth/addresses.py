"""Where somebody goes after signing in: a page of this site, or where their role begins."""

from urllib.parse import urlsplit

from flask import request

from web.navigation import start_page


def next_page(role: str) -> str:
    """The page that was asked for, or where a role begins."""
    return own_address(request.args.get("next")) or start_page(role)


def own_address(target: str | None) -> str | None:
    """Only a path of this site: a link must not send the user elsewhere after signing in."""
    if not target or not target.isprintable() or "\\" in target:
        return None
    if not target.startswith("/") or target.startswith("//"):
        return None
    try:
        return None if urlsplit(target).netloc else target
    except ValueError:
        return None
