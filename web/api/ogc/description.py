"""The description of OGC API - Features: OpenAPI 3.0, as its class oas30 wants it."""

from importlib import metadata
from typing import Any

from web.api.description import PROBLEM, WORDS
from web.api.listing import CURSOR
from web.api.ogc.blueprint import here
from web.api.ogc.documents import GEOJSON, HTML, JSON, SCHEMA
from web.api.ogc.filters.reading import LONGEST
from web.api.ogc.queries import MOST
from web.api.ogc.systems import CRS84, SYSTEMS
from web.services.api.feature_collections import COLLECTIONS

Schema = dict[str, Any]


def document() -> Schema:
    """The whole description."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Dumped canisters: OGC API - Features",
            "version": metadata.version("canister-hotspots"),
            "description": "Areas, orders and released figures need no key. The other collections "
            "take one with the scope read:officer, as a bearer or as the password.",
            "license": {
                "name": "Open Government Licence v3.0",
                "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            },
        },
        "servers": [{"url": here("landing").rstrip("/")}],
        "paths": _paths(),
        "components": {
            "schemas": {"Problem": PROBLEM},
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic"},
            },
        },
    }


def _paths() -> Schema:
    one = [_collection_id()]
    return {
        "/": _get("landing", "What is here", _object("title", "links")),
        "/openapi.json": _get("openapi", "Read this description", _object("openapi", "paths")),
        "/conformance": _get("conformance", "What is conformed to", _object("conformsTo")),
        "/collections": _get(
            "collections", "List the collections", _object("links", "collections")
        ),
        "/collections/{collectionId}": _get(
            "collection", "Read a collection", _object("id", "links", "crs"), one
        ),
        "/collections/{collectionId}/queryables": _get(
            "queryables",
            "Read what a filter may speak of",
            _object("$id", "properties"),
            one,
            SCHEMA,
        ),
        "/collections/{collectionId}/items": _get(
            "items",
            "Read features",
            _object("type", "features", "links", "numberReturned"),
            one + _which(),
            GEOJSON,
        ),
        "/collections/{collectionId}/items/{featureId}": _get(
            "item",
            "Read a feature",
            _object("type", "id", "geometry", "properties", "links"),
            [*one, _feature_id(), _system("crs")],
            GEOJSON,
        ),
    }


def _get(
    name: str,
    summary: str,
    schema: Schema,
    parameters: list[Schema] | None = None,
    kind: str = JSON,
) -> Schema:
    content: Schema = {kind: {"schema": schema}, HTML: {"schema": {"type": "string"}}}
    if name == "openapi":
        content = {"application/vnd.oai.openapi+json": {"schema": schema}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    wrong = [400, 401, 429, 503] + ([403, 404] if parameters else [])
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [*(parameters or []), _query("f", _texts("json", "html"), "Format")],
            "responses": {
                "200": {"description": "Done", "content": content},
                "304": {"description": "You have the same already"},
                **{
                    str(each): {"description": WORDS[each], "content": problem}
                    for each in sorted(wrong)
                },
            },
            "security": [{}, {"key": []}, {"password": []}],
        }
    }


def _object(*required: str) -> Schema:
    return {"type": "object", "required": list(required)}


def _texts(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def _query(name: str, schema: Schema, words: str) -> Schema:
    return {
        "name": name,
        "in": "query",
        "description": words,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


def _system(name: str) -> Schema:
    return _query(name, _texts(*SYSTEMS) | {"default": CRS84.uri}, "Coordinate reference system")


def _which() -> list[Schema]:
    sizes = [{"minItems": size, "maxItems": size} for size in (4, 6)]
    numbers = {"type": "array", "items": {"type": "number"}, "oneOf": sizes}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": 100}
    return [
        _query("limit", limit, "Features on a page"),
        _query("bbox", numbers, "Lower and upper corner in the order of the axes of bbox-crs"),
        _system("bbox-crs"),
        _query(
            "datetime",
            {"type": "string"},
            "An instant, a day of London’s, or an interval with / between and .. for an open side",
        ),
        _query(
            "filter",
            {"type": "string", "maxLength": LONGEST},
            "A condition in CQL2 of the properties that queryables names",
        ),
        _query("filter-lang", _texts("cql2-text", "cql2-json"), "The language of filter"),
        _system("filter-crs"),
        _query("cursor", {"type": "string", "pattern": CURSOR}, "From the link next"),
        _system("crs"),
    ]


def _collection_id() -> Schema:
    schema = _texts(*COLLECTIONS)
    return {"name": "collectionId", "in": "path", "required": True, "schema": schema}


def _feature_id() -> Schema:
    schema = {"type": "string", "pattern": "^[A-Za-z0-9-]{1,40}$"}
    return {"name": "featureId", "in": "path", "required": True, "schema": schema}
