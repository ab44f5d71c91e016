"""The landing page, what is conformed to, and the collections, as JSON has them."""

from typing import Any

import shapely

from geodata import places
from geodata.core.geography import lonlat_shapes
from web.api.ogc.blueprint import here
from web.api.ogc.systems import CRS84, GRID, SYSTEMS
from web.council import council_name
from web.database import read_session
from web.services.api.feature_collections import Collection

JSON, HTML, GEOJSON = "application/json", "text/html", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
SCHEMA = "application/schema+json"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_SPEC = "http://www.opengis.net/spec"
CONFORMS_TO = (
    f"{_SPEC}/ogcapi-features-1/1.0/conf/core",
    f"{_SPEC}/ogcapi-features-1/1.0/conf/oas30",
    f"{_SPEC}/ogcapi-features-1/1.0/conf/html",
    f"{_SPEC}/ogcapi-features-1/1.0/conf/geojson",
    f"{_SPEC}/ogcapi-features-2/1.0/conf/crs",
    f"{_SPEC}/ogcapi-features-3/1.0/conf/queryables",
    f"{_SPEC}/ogcapi-features-3/1.0/conf/filter",
    f"{_SPEC}/ogcapi-features-3/1.0/conf/features-filter",
    f"{_SPEC}/cql2/1.0/conf/cql2-text",
    f"{_SPEC}/cql2/1.0/conf/cql2-json",
    f"{_SPEC}/cql2/1.0/conf/basic-cql2",
    f"{_SPEC}/cql2/1.0/conf/advanced-comparison-operators",
    f"{_SPEC}/cql2/1.0/conf/basic-spatial-functions",
    f"{_SPEC}/cql2/1.0/conf/basic-spatial-functions-plus",
)
Link = dict[str, str]


def link(href: str, rel: str, kind: str, title: str) -> Link:
    """A link as the standard writes it."""
    return {"href": href, "rel": rel, "type": kind, "title": title}


def both_formats(document: str, /, *, is_html: bool, kind: str = JSON, **parts: Any) -> list[Link]:
    """Links to this document and to the same in the other format."""
    own, other = (HTML, kind) if is_html else (kind, HTML)
    return [
        link(here(document, **parts, f=_format(own)), "self", own, "This document"),
        link(
            here(document, **parts, f=_format(other)),
            "alternate",
            other,
            f"This document as {'HTML' if other == HTML else 'JSON'}",
        ),
    ]


def _format(kind: str) -> str:
    return "html" if kind == HTML else "json"


def landing_document(*, is_html: bool) -> dict[str, Any]:
    """Where everything begins."""
    return {
        "title": f"Dumped canisters in {council_name()}",
        "description": "Areas, orders and released figures for everybody. With a key that the "
        "council gives, its officers’ systems read reports, incidents and hotspots too.",
        "links": [
            *both_formats("landing", is_html=is_html),
            link(here("openapi"), "service-desc", OPENAPI, "The description (OpenAPI 3.0)"),
            link(here("landing", f="html"), "service-doc", HTML, "The same to read"),
            link(here("conformance"), "conformance", JSON, "What this interface conforms to"),
            link(here("collections"), "data", JSON, "The collections"),
        ],
    }


def conformance_document(*, is_html: bool) -> dict[str, Any]:
    """What this interface conforms to."""
    return {
        "links": both_formats("conformance", is_html=is_html),
        "conformsTo": list(CONFORMS_TO),
    }


def collections_document(readable: list[Collection], *, is_html: bool) -> dict[str, Any]:
    """All collections that the request may read."""
    return {
        "links": both_formats("collections", is_html=is_html),
        "crs": list(SYSTEMS),
        "collections": [collection_document(each, is_html=is_html) for each in readable],
    }


def collection_document(collection: Collection, *, is_html: bool) -> dict[str, Any]:
    """One collection: what it holds, where, and in which systems."""
    name = collection.name
    links = both_formats("collection", is_html=is_html, name=name)
    items = [
        link(here("items", name=name, f=_format(kind)), "items", kind, collection.title)
        for kind in (GEOJSON, HTML)
    ]
    schema = link(here("queryables", name=name), QUERYABLES, SCHEMA, "What a filter may speak of")
    licence = link(LICENCE, "license", HTML, "Open Government Licence v3.0")
    return {
        "id": name,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "extent": _extent(),
        "crs": list(SYSTEMS),
        "storageCrs": GRID.uri,
        "links": [*links, *items, schema, *([licence] if collection.scope is None else [])],
    }


def _extent() -> dict[str, Any]:
    """The borough's, which all lies in or next to; the time is open on both sides."""
    time = {"temporal": {"interval": [[None, None]]}}
    borough = places.borough(read_session())
    if borough is None:
        return time
    box = [round(float(side), 6) for side in shapely.bounds(lonlat_shapes(borough))]
    return {"spatial": {"bbox": [box], "crs": CRS84.uri}, **time}
