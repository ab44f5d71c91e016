"""Where somebody goes after signing in: a page of this site, or where their role begins."""

import posixpath
import re
from urllib.parse import unquote

from flask import current_app, request, url_for

from geodata.core.vocabulary import Role
from geodata.detections.runs import has_hotspots
from web.database import read_session
from web.navigation import start_page

_OWN_PATH = re.compile(r"/(?!/)[!-\[\]-~]*")
"""Browsers read a backslash as a slash and leave out tabs and line ends: none may stand in it."""


def next_page(role: str) -> str:
    """The page that was asked for, or where a role begins."""
    return own_address(request.args.get("next")) or _beginning(role)


def _beginning(role: str) -> str:
    """Where a role begins; who sets a store up is led through it until it has hotspots to show."""
    has_steps = "admin.start" in current_app.view_functions  # a partnership's site has none
    is_led = has_steps and role in {Role.MANAGER, Role.ADMIN} and not has_hotspots(read_session())
    return url_for("admin.start") if is_led else start_page(role)


def own_address(target: str | None) -> str | None:
    """Only a path of this site: a link must not send the user elsewhere after signing in.

    Another council's site of the same house is elsewhere too.
    """
    is_path = bool(target and _OWN_PATH.fullmatch(target))
    return target if target and is_path and _is_below(request.root_path, target) else None


def _is_below(root: str, target: str) -> bool:
    """Whether a path lies under the one that this site stands at, whichever way its dots lead."""
    path = posixpath.normpath(unquote(target.partition("?")[0].partition("#")[0]))
    return path == root.rstrip("/") or path.startswith(root.rstrip("/") + "/")
