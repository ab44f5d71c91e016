"""Places as KML 2.2, for Google Earth and telephones."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

NAMESPACE = "http://www.opengis.net/kml/2.2"


@dataclass(frozen=True)
class Placemark:
    """A point or an area, WGS 84 degrees with longitude first, and what is said of it."""

    shape: Any
    name: str
    about: str


def as_kml(title: str, places: Iterable[Placemark]) -> bytes:
    """Places as a KML document, in their order.

    >>> from shapely import Point
    >>> as_kml("Stops", [Placemark(Point(0.2, 51.4), "1. Park & ride", "20:00")]).decode()[-52:]
    '0</coordinates></Point></Placemark></Document></kml>'
    """
    root = Element("kml", xmlns=NAMESPACE)
    document = SubElement(root, "Document")
    SubElement(document, "name").text = title
    for each in places:
        mark = SubElement(document, "Placemark")
        SubElement(mark, "name").text = each.name
        SubElement(mark, "description").text = each.about
        _add(mark, each.shape)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _add(parent: Element, shape: Any) -> None:
    if shape.geom_type == "Point":
        _line(SubElement(parent, "Point"), shape)
    elif shape.geom_type == "Polygon":
        area = SubElement(parent, "Polygon")
        for kind, rings in (("outer", [shape.exterior]), ("inner", shape.interiors)):
            for ring in rings:
                _line(SubElement(SubElement(area, f"{kind}BoundaryIs"), "LinearRing"), ring)
    else:
        several = SubElement(parent, "MultiGeometry")
        for part in shape.geoms:
            _add(several, part)


def _line(parent: Element, line: Any) -> None:
    corners = (f"{lon:.6f},{lat:.6f}" for lon, lat, *_ in line.coords)
    SubElement(parent, "coordinates").text = " ".join(corners)
