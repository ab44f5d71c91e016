"""What stands in the navigation bar and the footer, for whom."""

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_login import current_user


@dataclass(frozen=True)
class Entry:
    """A page of the bar; shown to these roles, to everybody where there are none.

    ``is_enforcement`` pages take the permission to read enforcement data besides.
    """

    endpoint: str
    text: str
    roles: frozenset[str] = frozenset()
    is_enforcement: bool = False


OFFICERS = frozenset({"officer", "manager", "admin"})
CLEARERS = OFFICERS | {"contractor"}
PARTNERS = frozenset({"partner"})

BAR = (
    Entry("report.start", "Report"),
    Entry("public.home", "Map"),
    Entry("desk.hotspots", "Hotspots", OFFICERS),
    Entry("patrols.board", "Patrols", OFFICERS),
    Entry("posters.board", "Posters", OFFICERS),
    Entry("contractor.board", "Worklist", CLEARERS),
    Entry("casework.incidents", "Incidents", OFFICERS),
    Entry("casework.performance", "Performance", OFFICERS),
    Entry("telephone.call", "Telephone", OFFICERS),
    Entry("moderation.queue", "To look at", OFFICERS),
    Entry("partner.board", "Quick report", PARTNERS),
    Entry("enforcement.overview", "Enforcement", OFFICERS, is_enforcement=True),
    Entry("admin.rules", "Rules", frozenset({"admin"})),
    Entry("admin.audit_log", "Audit", frozenset({"admin"})),
    Entry("admin.settings", "Settings", frozenset({"manager", "admin"})),
)
START = {  # where each role begins after signing in
    "partner": "partner.board",
    "officer": "desk.hotspots",
    "manager": "desk.hotspots",
    "admin": "desk.hotspots",
    "contractor": "contractor.board",
}
FOOTER: tuple[Entry, ...] = (
    Entry("track.find", "Follow a report"),
    Entry("legal.privacy", "Privacy"),
    Entry("legal.cookies", "Cookies"),
    Entry("legal.accessibility", "Accessibility"),
)


def navigation() -> list[dict[str, object]]:
    """The bar as GOV.UK's component takes it."""
    role = current_user.role if current_user.is_authenticated else None
    return [
        {
            "text": entry.text,
            "href": url_for(entry.endpoint),
            "current": request.endpoint == entry.endpoint,
            "active": (request.endpoint or "").startswith(entry.endpoint),
        }
        for entry in BAR
        if (not entry.roles or role in entry.roles)
        and (not entry.is_enforcement or current_user.account.may_read_enforcement)
    ]


def start_page(role: str) -> str:
    """The address where a role begins."""
    return url_for(START.get(role, "public.home"))


def footer_links() -> list[dict[str, str]]:
    """The footer's links."""
    return [{"text": entry.text, "href": url_for(entry.endpoint)} for entry in FOOTER]


def register(app: Flask) -> None:
    app.add_template_global(navigation)
    app.add_template_global(footer_links)
