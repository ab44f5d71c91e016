"""You said, we did: the page, its Atom feed (RFC 4287), whole or of one ward, and its pictures."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for

from geodata.store.good_news import NewsItem
from web.clock import today, utc_now
from web.council import council_name
from web.database import read_session
from web.news_picture import picture_of
from web.public.feed import NAMESPACE
from web.services.good_news.public_page import approved
from web.services.good_news.public_page import you_said as told

you_said = Blueprint("you_said", __name__, url_prefix="/you-said-we-did")
TITLE = "You said, we did"


@you_said.get("", strict_slashes=False)
def page() -> str:
    return render_template("public/you_said.html", found=told(read_session(), today()))


@you_said.get("/<int:key>.png")
def picture(key: int) -> Response:
    found = [item for item in approved(read_session()) if item.id == key]
    return picture_of(found[0]) if found else abort(404)


@you_said.get("/feed.atom")
def atom() -> Response:
    """What is approved, the newest first; with ``ward`` in the address that ward's alone."""
    ward = request.args.get("ward")
    items = [item for item in approved(read_session()) if ward is None or item.ward == ward]
    document = _feed(items, f"{TITLE}: {ward or council_name()}")
    response = make_response(ET.tostring(document, encoding="utf-8", xml_declaration=True))
    response.mimetype = "application/atom+xml"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _feed(items: Sequence[NewsItem], title: str) -> ET.Element:
    root, here = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en-GB"}), url_for(".page")
    own = request.url_root.rstrip("/")
    updated = items[0].since if items else utc_now()
    _texts(root, id=own + here, title=title, updated=updated.isoformat())
    ET.SubElement(ET.SubElement(root, "author"), "name").text = council_name()
    ET.SubElement(root, "link", rel="alternate", href=own + here)
    ET.SubElement(root, "link", rel="self", href=request.url)
    for item in items:
        entry, address = ET.SubElement(root, "entry"), f"{own}{here}#news-{item.id}"
        _texts(entry, id=address, title=item.words.title, updated=item.since.isoformat())
        _texts(entry, summary=item.words.text)
        if item.ward:
            ET.SubElement(entry, "category", term=item.ward)
        ET.SubElement(entry, "link", rel="alternate", href=address)
        image = own + url_for(".picture", key=item.id)
        ET.SubElement(entry, "link", rel="enclosure", type="image/png", href=image)
    return root


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text
