"""A document as JSON and back, so that a store can keep it as it was."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from web.services.committee.document import (
    Block,
    Bullets,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Table,
)

KINDS: dict[str, type[Block]] = {
    kind.__name__.lower(): kind for kind in (Heading, Paragraph, Note, Bullets, Table, Figure)
}


def as_json(document: Document) -> dict[str, Any]:
    """Texts, lists and numbers; pictures as base64."""
    plain = {field.name: getattr(document, field.name) for field in fields(Document)}
    return plain | {
        "blocks": [_block(block) for block in document.blocks],
        "map_a3": b64encode(document.map_a3).decode(),
    }


def from_json(kept: Mapping[str, Any]) -> Document:
    """The document that `as_json` made it of."""
    blocks = tuple(_read(block) for block in kept["blocks"])
    return Document(**{**kept, "blocks": blocks, "map_a3": b64decode(kept["map_a3"])})


def _block(block: Block) -> dict[str, Any]:
    values = {field.name: getattr(block, field.name) for field in fields(block)}
    if isinstance(block, Figure):
        values["png"] = b64encode(block.png).decode()
    return {"kind": type(block).__name__.lower(), **values}


def _read(kept: Mapping[str, Any]) -> Block:
    values = {name: _frozen(value) for name, value in kept.items() if name != "kind"}
    if "png" in values:
        values["png"] = b64decode(values["png"])
    return KINDS[kept["kind"]](**values)


def _frozen(value: Any) -> Any:
    """JSON knows lists alone, and the blocks hold tuples."""
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value
