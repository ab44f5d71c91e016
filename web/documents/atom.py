"""Atom feeds (RFC 4287)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from flask import Response

NAMESPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Entry:
    """One thing that is new: ``id`` never changes, ``href`` is where it is read.

    ``category`` (such as a ward) and ``picture`` (the address of a PNG) may be empty.
    """

    id: str
    title: str
    updated: datetime
    summary: str
    href: str
    category: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Feed:
    """What a feed is called, by whom, where it is read as a page, and its own address."""

    title: str
    author: str
    page: str
    address: str
    updated: datetime


def as_atom(feed: Feed, entries: Iterable[Entry]) -> Response:
    """A feed with its entries in their order."""
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en-GB"})
    _texts(root, id=feed.page, title=feed.title, updated=feed.updated.isoformat())
    ET.SubElement(ET.SubElement(root, "author"), "name").text = feed.author
    ET.SubElement(root, "link", rel="alternate", href=feed.page)
    ET.SubElement(root, "link", rel="self", href=feed.address)
    for each in entries:
        _add(root, each)
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(text, mimetype="application/atom+xml")


def _add(root: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(root, "entry")
    updated = entry.updated.isoformat()
    _texts(element, id=entry.id, title=entry.title, updated=updated, summary=entry.summary)
    if entry.category:
        ET.SubElement(element, "category", term=entry.category)
    ET.SubElement(element, "link", rel="alternate", href=entry.href)
    if entry.picture:
        ET.SubElement(element, "link", rel="enclosure", type="image/png", href=entry.picture)


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text
