"""What an Open311 service answers: requests, read within bounds, and nothing of who sent them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geodata.core.errors import RefusedError
from geodata.core.texts import storable
from geodata.files.map_opener import refuse_deep
from geodata.files.xml_bounds import walk
from geodata.rules.days import LONDON

MOST_ROWS = 10_000
LONGEST_TEXT = 1_000
LONGEST_REFERENCE = 100
NAME = "its answer"


@dataclass(frozen=True)
class Request:
    """One request of another system; who sent it is not part of it.

    Attributes
    ----------
    status
        ``open`` or ``closed``.
    requested_at, longitude, latitude
        None where it cannot be read. WGS 84.
    """

    reference: str
    service_code: str
    status: str
    requested_at: datetime | None
    longitude: float | None
    latitude: float | None
    description: str
    address: str


def read_requests(content: bytes) -> list[Request]:
    """The requests of an answer in JSON or XML; those without a number are left out.

    Raises
    ------
    RefusedError
        It is neither, holds no list of requests, or more than may be read.
    """
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    records = list(_of_xml(content) if is_xml else _of_json(content))
    if len(records) > MOST_ROWS:
        raise RefusedError(
            f"{NAME} holds {len(records):,} requests: {MOST_ROWS:,} are read at most"
        )
    read = (_request(record) for record in records)
    return [request for request in read if 0 < len(request.reference) <= LONGEST_REFERENCE]


def _of_json(content: bytes) -> Iterator[Mapping[str, Any]]:
    refuse_deep(NAME, content)
    try:
        document = json.loads(content.lstrip(b"\xef\xbb\xbf"), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise RefusedError(f"{NAME} is neither JSON nor XML") from None
    if isinstance(document, dict):
        document = document.get("service_requests", document.get("requests"))
    if not isinstance(document, list) or not all(isinstance(each, dict) for each in document):
        raise RefusedError(f"{NAME} holds no list of requests")
    yield from document


def _of_xml(content: bytes) -> list[Mapping[str, Any]]:
    records: list[dict[str, Any]] = []
    roots: list[str] = []

    def on_start(tag: str, depth: int, _: dict[str, str]) -> None:
        if depth == 0:
            roots.append(tag)
        elif depth == 1:
            records.append({})

    def on_end(tag: str, depth: int, text: str) -> None:
        if depth == 2 and text:
            records[-1][tag] = text

    walk(NAME, content, on_start, on_end)
    if roots != ["service_requests"]:
        raise RefusedError(f"{NAME} holds no list of requests: its root is {roots[0][:40]!r}")
    return list(records)


def _request(record: Mapping[str, Any]) -> Request:
    return Request(
        _text(record, "service_request_id"),
        _text(record, "service_code"),
        "closed" if _text(record, "status").lower() == "closed" else "open",
        _moment(_text(record, "requested_datetime")),
        _degrees(_text(record, "long"), 180),
        _degrees(_text(record, "lat"), 90),
        _text(record, "description")[:LONGEST_TEXT],
        _text(record, "address")[:200],
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return storable(str(value)).strip() if is_plain else ""


def _moment(text: str) -> datetime | None:
    """Without an offset it is London's, as in files."""
    try:
        moment = datetime.fromisoformat(text[:40])
        return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
    except ValueError:
        return None


def _degrees(text: str, most: float) -> float | None:
    try:
        degrees = float(text[:40])
    except ValueError:
        return None
    return degrees if -most <= degrees <= most else None
