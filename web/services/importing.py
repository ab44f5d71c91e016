"""Files into the store, previewed or for good, and out again."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.importers import batches
from geodata.importers.batches import ImportOptions, ImportResult
from web.services.linking import relink

LINKED_KINDS = frozenset({"reports", "clearances"})


def import_file(
    session: Session, kind: str, path: Path, options: ImportOptions, *, now: datetime
) -> ImportResult:
    """Take a file in as one batch, and link what it tells into incidents."""
    result = batches.import_file(session, kind, path, options, now=now)
    if kind in LINKED_KINDS and result.accepted:
        relink(session, now=now)
    return result


def undo_batch(session: Session, batch: int, *, now: datetime) -> int:
    """Take a batch out whole; how many rows that were."""
    kind, rows = batches.undo(session, batch, now=now)
    if kind in LINKED_KINDS:
        relink(session, now=now)
    return rows
