"""Answers as XML and as JSON, by the ending of the address."""

import json
import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from flask import Response, request

UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""
Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
SINGULAR = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "changeset": "change",
}


def answer(name: str, content: Value, status: int = 200) -> Response:
    """Content in the format of this request's address; ``name`` is that of the XML's root."""
    if request.path.endswith(".json"):
        text = json.dumps(content, ensure_ascii=False)
        return Response(text, status, mimetype="application/json")
    root = ET.Element(name)
    _fill(root, content)
    xml = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(xml, status, content_type="text/xml; charset=utf-8")


def as_open311(status: int, title: str, detail: str) -> Response:
    """An error in the specification's own format."""
    return answer("errors", [{"code": status, "description": f"{title}. {detail}"}], status)


def _fill(element: ET.Element, content: Value) -> None:
    if isinstance(content, Mapping):
        for name, value in content.items():
            if value is not None:  # an empty element reads as a thing of its own in Perl
                _fill(ET.SubElement(element, name), value)
    elif isinstance(content, str):
        element.text = UNWRITABLE.sub("", content)
    elif isinstance(content, Sequence):
        for each in content:
            _fill(ET.SubElement(element, SINGULAR[element.tag]), each)
    else:
        element.text = str(content).lower() if isinstance(content, bool) else str(content)
