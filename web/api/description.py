"""The description of the interface: OpenAPI 3.1, made from the routes and their models."""

import re
from collections.abc import Iterator
from importlib import metadata
from typing import Any

from flask import Response, current_app, jsonify, url_for
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from geodata.core.vocabulary import SCOPE_WORDS
from web.api.blueprint import api
from web.api.operations import (
    IDEMPOTENCY_KEY,
    LONGEST_KEY,
    SHORTEST_KEY,
    Operation,
    operation,
)

REFS = "#/components/schemas/{model}"
PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "What is wrong"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "what"],
                "properties": {
                    "where": {"type": "string", "description": "Such as query.limit"},
                    "what": {"type": "string"},
                },
            },
        },
    },
}
WORDS = {
    400: "The request cannot be read",
    401: "The key is missing, unknown, revoked or over",
    403: "The key is not for this",
    404: "There is no such thing",
    409: "What was told is refused; `detail` says why",
    413: "The request is too big",
    415: "This kind of content is not taken",
    422: "This `Idempotency-Key` was sent before with something else",
    429: "Too many requests; `Retry-After` says when to go on",
    503: "The service is busy; `Retry-After` says when to try again",
}


@operation("/openapi.json", Operation("Read this description", None))
def openapi() -> Response:
    """OpenAPI 3.1 of all that is below /api."""
    return jsonify(document())


def document() -> dict[str, Any]:
    """The whole description."""
    described = list(_described())
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, name, details, view in described:
        paths.setdefault(_path(rule), {})[method] = _operation(rule, method, name, details, view)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dumped canisters",
            "version": metadata.version("canister-hotspots"),
            "description": "Reports, incidents, jobs and what is published. A key is made by the "
            "council (More, Keys). All times bear their offset from UTC.",
            "license": {"name": "Open Government Licence v3.0", "identifier": "OGL-UK-3.0"},
        },
        "servers": [{"url": url_for("public.home", _external=True).rstrip("/")}],
        "paths": paths,
        "components": {
            "schemas": _schemas([details for _, _, _, details, _ in described])
            | {"Problem": PROBLEM},
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Scopes: "
                    + "; ".join(f"{scope}: {words}" for scope, words in SCOPE_WORDS.items()),
                }
            },
        },
    }


def _described() -> Iterator[tuple[Rule, str, str, Operation, Any]]:
    for rule in current_app.url_map.iter_rules():
        view = current_app.view_functions[rule.endpoint]
        if rule.endpoint.startswith(f"{api.name}.") and hasattr(view, "operation"):
            (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            name = rule.endpoint.partition(".")[2]
            yield rule, method.lower(), name, view.operation, view


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _operation(rule: Rule, method: str, name: str, details: Operation, view: Any) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": name,
        "summary": details.summary,
        "description": " ".join((view.__doc__ or "").split()),
        "parameters": list(_parameters(rule, details)),
        "responses": _responses(method, details),
        "security": [{"key": []}] if details.scope else [{}],
    }
    if details.scope:
        described["x-scope"] = details.scope.value
    if details.body is not None:
        described["requestBody"] = _body(details)
    return described


def _parameters(rule: Rule, details: Operation) -> Iterator[dict[str, Any]]:
    for part in sorted(rule.arguments):
        yield {
            "name": part,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,40}$"},
        }
    if details.query is not None:
        for name, schema in details.query.model_json_schema()["properties"].items():
            words = schema.pop("description", "")
            yield {"name": name, "in": "query", "description": words, "schema": schema}
    if details.body is not None:
        yield {
            "name": IDEMPOTENCY_KEY,
            "in": "header",
            "required": True,
            "description": "Random; the same again where no answer came: it is stored once",
            "schema": {
                "type": "string",
                "minLength": SHORTEST_KEY,
                "maxLength": LONGEST_KEY,
                "pattern": "^[!-~]+$",
            },
        }


def _body(details: Operation) -> dict[str, Any]:
    assert details.body is not None
    schema = {"$ref": REFS.format(model=details.body.__name__)}
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if details.takes_photos:
        photos = {"type": "array", "maxItems": 5, "items": {"type": "string", "format": "binary"}}
        content["multipart/form-data"] = {
            "schema": {
                "type": "object",
                "required": ["data"],
                "properties": {"data": schema, "photos": photos},
            },
            "encoding": {"data": {"contentType": "application/json"}},
        }
    return {"required": True, "content": content}


def _responses(method: str, details: Operation) -> dict[str, Any]:
    content = {kind: {"schema": _answer_schema(details, kind)} for kind in details.media}
    right: dict[str, Any] = {str(details.status): {"description": "Done", "content": content}}
    if details.status == 201:
        right["200"] = {"description": "It was sent before", "content": content}
    elif method == "get":
        right["304"] = {"description": "You have the same already"}
    problem = {"application/problem+json": {"schema": {"$ref": REFS.format(model="Problem")}}}
    wrong = {
        str(each): {"description": WORDS[each], "content": problem} for each in _wrong(details)
    }
    return right | wrong


def _answer_schema(details: Operation, kind: str) -> dict[str, Any]:
    if details.answer is not None:
        return {"$ref": REFS.format(model=details.answer.__name__)}
    return {"type": "object"} if kind == "application/json" else {"type": "string"}


def _wrong(details: Operation) -> list[int]:
    statuses = [400, 429, 503]
    statuses += [401, 403] if details.scope else [401]
    statuses += [404] * details.may_find_nothing + [409] * details.may_refuse
    return sorted(statuses + ([413, 415, 422] if details.body is not None else []))


def _schemas(operations: list[Operation]) -> dict[str, Any]:
    taken = {each.body for each in operations if each.body is not None}
    given = {each.answer for each in operations if each.answer is not None}
    wanted: list[tuple[type[BaseModel], Any]] = [
        *((model, "validation") for model in sorted(taken, key=_name)),
        *((model, "serialization") for model in sorted(given, key=_name)),
    ]
    _, schema = models_json_schema(wanted, ref_template=REFS)
    schemas: dict[str, Any] = schema["$defs"]
    return schemas


def _name(model: type[BaseModel]) -> str:
    return model.__name__
