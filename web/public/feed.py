"""The public's figures by month as an Atom feed (RFC 4287), one entry a finished month."""

from xml.etree import ElementTree as ET

from flask import Blueprint, Response, make_response, url_for

from web.clock import utc_now
from web.council import council_name
from web.database import read_session
from web.services.publishing.public_figures import PublicFigures, figures

feed = Blueprint("feed", __name__)
NAMESPACE = "http://www.w3.org/2005/Atom"


@feed.get("/feed.atom")
def atom() -> Response:
    """The figures of the last twelve full months, newest first; small counts hidden as there."""
    published = figures(read_session(), now=utc_now())
    document = _feed(published, council_name())
    response = make_response(ET.tostring(document, encoding="utf-8", xml_declaration=True))
    response.mimetype = "application/atom+xml"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _feed(published: PublicFigures, council: str) -> ET.Element:
    page = url_for("public.home", _external=True)
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en-GB"})
    _texts(
        root, id=page, title=f"Dumped canisters in {council}", updated=published.until.isoformat()
    )
    ET.SubElement(ET.SubElement(root, "author"), "name").text = council
    ET.SubElement(root, "link", rel="alternate", href=page)
    ET.SubElement(root, "link", rel="self", href=url_for("feed.atom", _external=True))
    for finished, row in reversed(list(zip(published.month_ends, published.months, strict=True))):
        entry = ET.SubElement(root, "entry")
        _texts(
            entry,
            id=f"{page}#{finished:%Y-%m-%d}",
            title=row.name,
            updated=finished.isoformat(),
            summary=f"Reported: {row.reported}. Cleared: {row.cleared}. "
            f"Cleared in time: {row.in_target}.",
        )
        ET.SubElement(entry, "link", rel="alternate", href=page)
    return root


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text
