"""What changed lately, for officers' feed readers: incidents, and the newest run's hotspots."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata.exporters.layer_pages import PAGED_LAYERS, Row, Wanted, page

LATELY = timedelta(days=14)
MOST_READ, MOST_TOLD = 1_000, 50


@dataclass(frozen=True)
class Change:
    """An incident or a hotspot that changed: ``layer`` names which, ``at`` when."""

    layer: str
    reference: str
    at: datetime
    title: str
    summary: str


def changes(session: Session, *, now: datetime) -> list[Change]:
    """The newest of the last two weeks, the latest first; no place is named but a hotspot's."""
    wanted = Wanted(since=now - LATELY)
    newest = [
        *map(_incident, page(session, PAGED_LAYERS["incidents"], wanted, limit=MOST_READ)),
        *map(_hotspot, page(session, PAGED_LAYERS["hotspots"], wanted, limit=MOST_TOLD)),
    ]
    newest_first = sorted(newest, key=lambda change: (change.at, change.reference), reverse=True)
    return newest_first[:MOST_TOLD]


def _incident(row: Row) -> Change:
    values = row.values
    moments = (values["last_reported_at"], values["closed_at"])
    reports = f"{values['reports']} report{'s' if values['reports'] != 1 else ''}"
    return Change(
        "incidents",
        row.reference,
        max(moment for moment in moments if moment is not None),
        f"Incident {row.reference}: {values['state'].replace('_', ' ')}",
        f"{reports}. First reported {values['first_reported_at']:%Y-%m-%d %H:%M} UTC.",
    )


def _hotspot(row: Row) -> Change:
    values = row.values
    return Change(
        "hotspots",
        row.reference,
        values["as_of"],
        f"Hotspot {row.reference}, {values['name']}",
        values["reason"],
    )
