"""What stands in the navigation bar and the footer, for whom."""

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_login import current_user


@dataclass(frozen=True)
class Entry:
    """A page of the bar; shown to these roles, to everybody where there are none."""

    endpoint: str
    text: str
    roles: frozenset[str] = frozenset()


OFFICERS = frozenset({"officer", "manager", "admin"})

BAR = (
    Entry("public.home", "Map"),
    Entry("officer.hotspots", "Hotspots", OFFICERS),
    Entry("patrols.board", "Patrols", OFFICERS),
    Entry("posters.board", "Posters", OFFICERS),
)
START = {  # where each role begins after signing in
    "officer": "officer.hotspots",
    "manager": "officer.hotspots",
    "admin": "officer.hotspots",
}
FOOTER: tuple[Entry, ...] = ()


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
        if not entry.roles or role in entry.roles
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
