"""What search engines and social media read: robots.txt, the sitemap, and a picture to show."""

from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, url_for

from web.council import council_name
from web.database import read_session
from web.documents.share_card import front_card
from web.public.kept import kept
from web.services.publishing.public_figures import published

search = Blueprint("search", __name__)
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
PAGES = (
    "report.start",
    "track.find",
    "open_data.page",
    "legal.privacy",
    "legal.cookies",
    "legal.accessibility",
    "legal.security",
)
"""Pages for everybody that no release changes."""
FIGURES = ("public.home", "activity.enforcement_activity")
"""Pages that a release changes."""
CLOSED = ("/track/", "/report/", "/sign-in", "/api/")
"""One person's own pages, and what no reader looks for. All else asks for an account anyway."""


@search.get("/robots.txt")
def robots() -> Response:
    """Everything that is public may be found, but nobody's report."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {address}" for address in CLOSED),
        f"Sitemap: {url_for('search.sitemap', _external=True)}",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@search.get("/sitemap.xml")
def sitemap() -> Response:
    """Each public page, with when its figures were last released."""
    updated = published(read_session()).updated_at
    return kept(lambda: _document(updated), updated)


def _document(updated: datetime | None) -> Response:
    root = ET.Element("urlset", xmlns=NAMESPACE)
    for endpoint, moment in _pages(updated):
        page = ET.SubElement(root, "url")
        ET.SubElement(page, "loc").text = url_for(endpoint, _external=True)
        if moment is not None:
            ET.SubElement(page, "lastmod").text = moment.isoformat()
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(text, mimetype="application/xml")


def _pages(updated: datetime | None) -> Iterator[tuple[str, datetime | None]]:
    yield from ((endpoint, updated) for endpoint in FIGURES)
    yield from ((endpoint, None) for endpoint in PAGES)


@search.get("/preview.png")
def preview() -> Response:
    """What is shown where somebody shares a page of ours; any site may show it."""
    council = council_name()
    response = kept(lambda: Response(front_card(council), mimetype="image/png"), council)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
