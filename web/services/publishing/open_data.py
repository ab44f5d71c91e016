"""The released figures as open data: a data package with its schemas, and a DCAT-AP catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
EU = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class FieldWords:
    """A column: its name, its type in the words of Table Schema, and what it means."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Dataset:
    """A table that is published.

    Attributes
    ----------
    key
        The columns that together name a row.
    files
        Address by media type, the CSV first.
    """

    name: str
    title: str
    description: str
    fields: tuple[FieldWords, ...]
    key: tuple[str, ...]
    files: Mapping[str, str]


@dataclass(frozen=True)
class Publisher:
    """Who publishes it, where people read about it, and when a figure was last released."""

    name: str
    page: str
    updated_at: datetime | None


def data_package(publisher: Publisher, datasets: Iterable[Dataset]) -> dict[str, Any]:
    """A tabular data package (Frictionless Data, version 1)."""
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "dumped-canisters",
        "title": f"Dumped canisters in {publisher.name}",
        "homepage": publisher.page,
        "licenses": [LICENCE],
        "contributors": [{"title": publisher.name, "role": "publisher"}],
        "resources": [_resource(each) for each in datasets],
    }
    if publisher.updated_at is not None:
        package["created"] = publisher.updated_at.isoformat().replace("+00:00", "Z")
    return package


def _resource(dataset: Dataset) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": dataset.name,
        "title": dataset.title,
        "description": dataset.description,
        "path": dataset.files["text/csv"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(each) for each in dataset.fields],
            "missingValues": [""],
            "primaryKey": list(dataset.key),
        },
    }


def _field(column: FieldWords) -> dict[str, str]:
    field = {"name": column.name, "type": column.type, "description": column.description}
    return field | ({"format": "any"} if column.type == "datetime" else {})


def catalogue(publisher: Publisher, datasets: Iterable[Dataset]) -> dict[str, Any]:
    """A catalogue as DCAT-AP 3 has it, JSON-LD."""
    return {
        "@context": CONTEXT,
        "@id": f"{publisher.page}#catalogue",
        "@type": "dcat:Catalog",
        **_record(publisher, publisher.name, "Released figures of dumped canisters"),
        "dcat:dataset": [_dataset(publisher, each) for each in datasets],
    }


def _record(publisher: Publisher, title: str, description: str) -> dict[str, Any]:
    agent = {"@type": "foaf:Agent", "foaf:name": publisher.name}
    record: dict[str, Any] = {
        "dct:title": {"@value": title, "@language": "en"},
        "dct:description": {"@value": description, "@language": "en"},
        "dct:publisher": agent,
        "dct:license": {"@id": LICENCE["path"]},
    }
    if publisher.updated_at is not None:
        moment = publisher.updated_at.isoformat()
        record["dct:modified"] = {"@value": moment, "@type": "xsd:dateTime"}
    return record


def _dataset(publisher: Publisher, dataset: Dataset) -> dict[str, Any]:
    return {
        "@id": f"{publisher.page}#{dataset.name}",
        "@type": "dcat:Dataset",
        **_record(publisher, dataset.title, dataset.description),
        "dct:language": {"@id": f"{EU}/language/ENG"},
        "dcat:theme": {"@id": f"{EU}/data-theme/ENVI"},
        "dcat:keyword": ["litter", "nitrous oxide", "canisters"],
        "dcat:landingPage": {"@id": publisher.page},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:accessURL": {"@id": address},
                "dcat:downloadURL": {"@id": address},
                "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{kind}"},
                "dct:license": {"@id": LICENCE["path"]},
            }
            for kind, address in dataset.files.items()
        ],
    }
