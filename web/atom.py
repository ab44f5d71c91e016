"""Atom feeds (RFC 4287)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from flask import Response

NAMESPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Entry:
    """One thing that is new: ``id`` never changes, ``href`` is where it is read."""

    id: str
    title: str
    updated: datetime
    summary: str
    href: str


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
        entry = ET.SubElement(root, "entry")
        _texts(
            entry,
            id=each.id,
            title=each.title,
            updated=each.updated.isoformat(),
            summary=each.summary,
        )
        ET.SubElement(entry, "link", rel="alternate", href=each.href)
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(text, mimetype="application/atom+xml")


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text
