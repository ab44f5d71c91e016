"""The released figures as an Atom feed (RFC 4287), one entry a release."""

from xml.etree import ElementTree as ET

from flask import Blueprint, Response, make_response, url_for

from web.clock import utc_now
from web.council import council_name
from web.database import read_session
from web.public.figure_words import in_time, month_name, ward_count
from web.services.publishing.public_figures import MonthFigures, PublicFigures, published

feed = Blueprint("feed", __name__)
NAMESPACE = "http://www.w3.org/2005/Atom"


@feed.get("/feed.atom")
def atom() -> Response:
    """The last twelve released months and the last released year, newest first."""
    document = _feed(published(read_session()), council_name())
    response = make_response(ET.tostring(document, encoding="utf-8", xml_declaration=True))
    response.mimetype = "application/atom+xml"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _feed(figures: PublicFigures, council: str) -> ET.Element:
    page = url_for("public.home", _external=True)
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en-GB"})
    updated = figures.updated_at or utc_now()
    _texts(root, id=page, title=f"Dumped canisters in {council}", updated=updated.isoformat())
    ET.SubElement(ET.SubElement(root, "author"), "name").text = council
    ET.SubElement(root, "link", rel="alternate", href=page)
    ET.SubElement(root, "link", rel="self", href=url_for("feed.atom", _external=True))
    for year in figures.years[-1:]:
        entry = ET.SubElement(root, "entry")
        sentences = (f"{ward.name}: {ward_count(ward.reported)}" for ward in year.wards)
        _texts(
            entry,
            id=f"{page}#{year.name}",
            title=f"Wards in {year.name}",
            updated=year.released_at.isoformat(),
            summary=f"Reported. {'. '.join(sentences)}.",
        )
        ET.SubElement(entry, "link", rel="alternate", href=page)
    for month in reversed(figures.recent_months):
        _month_entry(root, page, month)
    return root


def _month_entry(root: ET.Element, page: str, month: MonthFigures) -> None:
    entry = ET.SubElement(root, "entry")
    _texts(
        entry,
        id=f"{page}#{month.name}",
        title=month_name(month.first_day),
        updated=(month.revised_at or month.released_at).isoformat(),
        summary=f"Reported: {ward_count(month.reported)}. Fell due: {ward_count(month.due)}. "
        f"Cleared: {ward_count(month.cleared)}. Cleared in time: {in_time(month)}.",
    )
    ET.SubElement(entry, "link", rel="alternate", href=page)


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text
