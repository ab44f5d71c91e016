"""A batch that was cut off while it was loaded, or is undone: its rows go, piece by piece."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geodata.core.many_values import is_among
from geodata.models import (
    Clearance,
    FeedChange,
    HotspotIncident,
    ImportBatch,
    Incident,
    IncidentEvent,
    MarkedText,
    Report,
)


def remove_piece(session: Session, batch: int, most: int) -> bool:
    """Delete some rows of a batch that nobody sees; False where none is left."""
    for model in (MarkedText, FeedChange, Clearance, Report):
        if keys := _some(session, model, batch, most):
            _delete(session, model.id, keys)
            return True
    if keys := _some(session, Incident, batch, most):
        _delete(session, HotspotIncident.incident_id, keys)
        _delete(session, IncidentEvent.incident_id, keys)
        _delete(session, Incident.id, keys)
        return True
    return False


def forget(session: Session, batch: int) -> None:
    """Delete a batch that has no rows any more; one that was undone stays as a record of it."""
    undone = session.get_one(ImportBatch, batch)
    if undone.undone_at is not None:
        undone.is_loading = False
        session.flush()
        return
    _delete(session, ImportBatch.id, [batch])


def _some(session: Session, model: Any, batch: int, most: int) -> list[int]:
    return list(session.scalars(select(model.id).where(model.batch_id == batch).limit(most)))


def _delete(session: Session, column: Any, keys: list[int]) -> None:
    statement = delete(column.class_).where(is_among(column, keys))
    session.execute(statement.execution_options(synchronize_session=False))
