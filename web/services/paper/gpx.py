"""Routes as GPX 1.1, for navigation apps."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

NAMESPACE = "http://www.topografix.com/GPX/1/1"


@dataclass(frozen=True)
class RoutePoint:
    """A halt, WGS 84 degrees, with what the app shows there."""

    lon: float
    lat: float
    name: str
    about: str


def as_waypoints(points: Iterable[RoutePoint]) -> bytes:
    """Places in no order as a GPX document.

    >>> as_waypoints([RoutePoint(0.2, 51.4, "H-0001", "Car park")]).decode()[-52:]
    '<name>H-0001</name><desc>Car park</desc></wpt></gpx>'
    """
    root = _root()
    for point in points:
        _halt(root, "wpt", point)
    return _document(root)


def as_gpx(routes: Iterable[tuple[str, Iterable[RoutePoint]]]) -> bytes:
    """Named routes as a GPX document.

    >>> as_gpx([("Team 1", [RoutePoint(0.2, 51.4, "1. Park & ride", "20:00")])]).decode()[-69:]
    '<name>1. Park &amp; ride</name><desc>20:00</desc></rtept></rte></gpx>'
    """
    root = _root()
    for name, points in routes:
        route = SubElement(root, "rte")
        SubElement(route, "name").text = name
        for point in points:
            _halt(route, "rtept", point)
    return _document(root)


def _root() -> Element:
    return Element("gpx", version="1.1", creator="canister-hotspots", xmlns=NAMESPACE)


def _halt(parent: Element, kind: str, point: RoutePoint) -> None:
    halt = SubElement(parent, kind, lat=f"{point.lat:.6f}", lon=f"{point.lon:.6f}")
    SubElement(halt, "name").text = point.name
    SubElement(halt, "desc").text = point.about


def _document(root: Element) -> bytes:
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document
