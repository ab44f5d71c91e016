"""Elements, styles and the package of an OpenDocument text (ODF 1.3, parts 2 and 3)."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}
MIMETYPE = "application/vnd.oasis.opendocument.text"
VERSION = "1.3"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""Of every part: when it was packed is nobody's business."""
for _prefix, _address in NAMES.items():
    register_namespace(_prefix, _address)


def qualified(name: str) -> str:
    """
    >>> qualified("text:p")
    '{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p'
    """
    prefix, _, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def put(parent: Element, name: str, words: str = "", /, **attributes: str) -> Element:
    """A new last child; ``text_style_name`` is the attribute ``text:style-name``."""
    child = SubElement(parent, qualified(name))
    for key, value in attributes.items():
        prefix, _, local = key.partition("_")
        child.set(qualified(f"{prefix}:{local.replace('_', '-')}"), value)
    child.text = words or None
    return child


def root(name: str) -> Element:
    """Of one part of the package."""
    made = Element(qualified(name))
    made.set(qualified("office:version"), VERSION)
    return made


def package(parts: Mapping[str, Element], pictures: Mapping[str, bytes]) -> bytes:
    """The file: its type first and not packed, so that programs know it by its beginning."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as file:
        _write(file, "mimetype", MIMETYPE.encode(), ZIP_STORED)
        for name, part in {**parts, "META-INF/manifest.xml": _manifest(parts, pictures)}.items():
            _write(file, name, tostring(part, encoding="utf-8", xml_declaration=True))
        for name, content in pictures.items():
            _write(file, name, content, ZIP_STORED)
    return held.getvalue()


def _write(file: ZipFile, name: str, content: bytes, method: int = ZIP_DEFLATED) -> None:
    facts = ZipInfo(name, LONG_AGO)
    facts.compress_type = method
    file.writestr(facts, content)


def _manifest(parts: Mapping[str, Element], pictures: Mapping[str, bytes]) -> Element:
    manifest = Element(qualified("manifest:manifest"))
    manifest.set(qualified("manifest:version"), VERSION)
    kinds = {
        "/": MIMETYPE,
        **dict.fromkeys(parts, "text/xml"),
        **dict.fromkeys(pictures, "image/png"),
    }
    for path, kind in kinds.items():
        put(manifest, "manifest:file-entry", manifest_full_path=path, manifest_media_type=kind)
    return manifest


def facts(title: str, author: str, now: datetime) -> Element:
    """Nothing of who made it, on which machine."""
    part = root("office:document-meta")
    meta = put(part, "office:meta")
    put(meta, "dc:title", title)
    put(meta, "meta:initial-creator", author)
    put(meta, "dc:creator", author)
    put(meta, "dc:language", "en-GB")
    for name in ("meta:creation-date", "dc:date"):
        put(meta, name, now.replace(tzinfo=None).isoformat(timespec="seconds"))
    return part
