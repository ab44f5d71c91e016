"""A borough to import into, and one line that imports a text."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import select

from geodata import places
from geodata.core.vocabulary import PlaceKind
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult
from geodata.models import Report
from geodata.store.engine import Store
from tests.taking_in import import_file

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BOROUGH = shapely.box(550_000, 170_000, 560_000, 178_000)
SPOT = shapely.Point(553_934, 174_170)
"""51.4456 N, 0.2137 E by pyproj without a grid; TQ 53934 74170."""


def with_borough(store: Store) -> Store:
    with store.writing() as session:
        places.add(session, PlaceKind.BOROUGH, "Test", BOROUGH)
    return store


def take(store: Store, path: Path, kind: str = "reports", **options: Any) -> ImportResult:
    with store.writing() as session:
        return import_file(session, kind, path, ImportOptions(**options), now=NOW)


def written(folder: Path, content: str | bytes, name: str = "reports.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def reports(store: Store) -> list[Report]:
    with store.reading() as session:
        return list(session.scalars(select(Report).order_by(Report.id)))
