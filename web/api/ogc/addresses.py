"""The addresses below /ogc: each reads its query, asks for rows and writes JSON or HTML."""

import json
from typing import Any

from flask import Response, render_template, request, url_for

from web.api.faults import FaultError
from web.api.ogc import documents
from web.api.ogc.blueprint import address, here
from web.api.ogc.description import document
from web.api.ogc.features import features
from web.api.ogc.queries import (
    FeatureQuery,
    FormatQuery,
    ItemsQuery,
    WantedFeatures,
    collection_named,
    is_page,
    open_collections,
    wanted_features,
)
from web.api.ogc.queryables import queryables_document
from web.api.ogc.systems import System, system_named
from web.api.operations import read_query
from web.database import read_session
from web.services.api.feature_collections import Collection, find
from web.services.api.feature_pages import FeaturePage, feature_page


@address("/")
def landing() -> Response:
    """What is here, and where it is described."""
    is_html = is_page(read_query(FormatQuery))
    return _answer("landing", documents.landing_document(is_html=is_html), is_html=is_html)


@address("/openapi.json")
def openapi() -> Response:
    """The description, OpenAPI 3.0 as the standard's class oas30 wants it."""
    read_query(FormatQuery)
    return Response(json.dumps(document()), content_type=documents.OPENAPI)


@address("/conformance")
def conformance() -> Response:
    """The classes of requirements that are kept."""
    is_html = is_page(read_query(FormatQuery))
    return _answer("conformance", documents.conformance_document(is_html=is_html), is_html=is_html)


@address("/collections")
def collections() -> Response:
    """What the request may read."""
    is_html = is_page(read_query(FormatQuery))
    content = documents.collections_document(open_collections(), is_html=is_html)
    return _answer("collections", content, is_html=is_html)


@address("/collections/<name>")
def collection(name: str) -> Response:
    """One collection."""
    is_html = is_page(read_query(FormatQuery))
    content = documents.collection_document(collection_named(name), is_html=is_html)
    return _answer("collection", content, is_html=is_html)


@address("/collections/<name>/queryables")
def queryables(name: str) -> Response:
    """What a filter may speak of."""
    is_html = is_page(read_query(FormatQuery))
    content = queryables_document(collection_named(name))
    if is_html:
        return Response(render_template("ogc/queryables.html", it=content, name=name))
    return Response(json.dumps(content, ensure_ascii=False), mimetype=documents.SCHEMA)


@address("/collections/<name>/items")
def items(name: str) -> Response:
    """A page of features."""
    wanted_collection = collection_named(name)
    query = read_query(ItemsQuery)
    wanted, is_html = wanted_features(query, wanted_collection), is_page(query)
    page = _page(wanted_collection, wanted)
    content = {
        "type": "FeatureCollection",
        "numberReturned": len(page.rows),
        "links": _items_links(name, page, is_html=is_html),
        "features": features(page.rows, wanted.system),
    }
    if page.matched is not None:
        content["numberMatched"] = page.matched
    return _geojson("items", content, wanted_collection, wanted.system, is_html=is_html)


@address("/collections/<name>/items/<reference>")
def item(name: str, reference: str) -> Response:
    """One feature."""
    its_collection = collection_named(name)
    query = read_query(FeatureQuery)
    system, is_html = system_named(query.crs, "query.crs"), is_page(query)
    row = find(read_session(), its_collection, reference)
    if row is None:
        raise FaultError(
            404,
            f"There is no feature {reference[:40]!r} in {name}",
            f"Take an id from {here('items', name=name)}.",
        )
    (feature,) = features([row], system)
    kind, parts = documents.GEOJSON, {"name": name, "reference": reference}
    feature["links"] = [
        *documents.both_formats("item", is_html=is_html, kind=kind, **parts),
        documents.link(
            here("collection", name=name), "collection", documents.JSON, its_collection.title
        ),
    ]
    return _geojson("item", feature, its_collection, system, is_html=is_html)


def _page(collection: Collection, wanted: WantedFeatures) -> FeaturePage:
    if wanted.is_nowhere:
        return FeaturePage([], None, 0)
    meets = None if wanted.area is None else wanted.area.meets
    return feature_page(read_session(), collection, wanted.wanted, meets, limit=wanted.limit)


def _items_links(name: str, page: FeaturePage, *, is_html: bool) -> list[documents.Link]:
    parts: dict[str, Any] = {n: v for n, v in request.args.items() if n != "f"}
    kind = documents.GEOJSON
    links = documents.both_formats("items", is_html=is_html, kind=kind, name=name, **parts)
    if page.next_after is not None:
        after = parts | {"cursor": f"c{page.next_after}", "f": "html" if is_html else "json"}
        links.append(
            documents.link(
                url_for("ogc.items", _external=True, name=name, **after),
                "next",
                documents.HTML if is_html else kind,
                "The next page",
            )
        )
    return links


def _geojson(
    name: str, content: dict[str, Any], features_of: Collection, system: System, *, is_html: bool
) -> Response:
    response = _answer(name, content, is_html=is_html, collection=features_of, system=system)
    if not is_html:
        response.mimetype = documents.GEOJSON
        response.headers["Content-Crs"] = f"<{system.uri}>"
    return response


def _answer(name: str, content: dict[str, Any], *, is_html: bool, **more: Any) -> Response:
    links: dict[str, str] = {each["rel"]: each["href"] for each in content["links"]}
    if is_html:
        return Response(render_template(f"ogc/{name}.html", it=content, links=links, **more))
    return Response(json.dumps(content, ensure_ascii=False), mimetype=documents.JSON)
