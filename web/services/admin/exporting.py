"""Layers out to files; what leaves of enforcement is in the audit."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.exporters import export_layer
from geodata.people import audit
from geodata.people.audit import Actor
from web.services.enforcement import ENTITY

AUDITED_LAYERS = frozenset({"actions", "action_events"})
"""Their export writes to the audit, so it takes a session that may write."""


def export(session: Session, layer: str, path: Path, *, now: datetime) -> int:
    """Write a layer to a file; how many rows there are.

    Raises
    ------
    RefusedError
        See ``geodata.exporters.export_layer``.
    """
    rows = export_layer(session, layer, path)
    if layer in AUDITED_LAYERS:
        after = {"layer": layer, "rows": rows}
        audit.write(session, Actor(None, now), "export", ENTITY, after=after)
    return rows
