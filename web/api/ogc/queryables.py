"""What a filter may speak of in a collection, as a JSON Schema (Part 3)."""

from typing import Any

from sqlalchemy import Boolean, Date, Float, Integer

from geodata.core.types import UTCDateTime
from web.api.ogc.blueprint import here
from web.services.api.feature_collections import Collection

GEOMETRY = {
    "title": "Where it lies",
    "x-ogc-role": "primary-geometry",
    "format": "geometry-any",
}
_KINDS: tuple[tuple[Any, dict[str, str]], ...] = (
    (UTCDateTime, {"type": "string", "format": "date-time"}),
    (Date, {"type": "string", "format": "date"}),
    (Boolean, {"type": "boolean"}),
    (Integer, {"type": "integer"}),
    (Float, {"type": "number"}),
)


def queryables_document(collection: Collection) -> dict[str, Any]:
    """The properties of a collection that a filter may name, and nothing besides."""
    properties: dict[str, Any] = {
        name: {"title": name.replace("_", " ").capitalize(), **_kind(column)}
        for name, column in collection.columns.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": here("queryables", name=collection.name),
        "type": "object",
        "title": collection.title,
        "description": "What filter may speak of, in CQL2 as text or as JSON",
        "properties": {"geometry": GEOMETRY, **properties},
        "additionalProperties": False,
    }


def _kind(column: Any) -> dict[str, str]:
    return next((kind for of, kind in _KINDS if isinstance(column.type, of)), {"type": "string"})
