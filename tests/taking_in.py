"""A file taken in where only the outcome matters: read and written in one transaction."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.importers import batches, reading
from geodata.importers.batches import OnRows
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult


def import_file(
    session: Session,
    kind: str,
    path: Path,
    options: ImportOptions | None = None,
    *,
    now: datetime,
    on_rows: OnRows = lambda _done, _of: None,
) -> ImportResult:
    read = reading.read_file(session, kind, path, options, now=now)
    return batches.write(session, read, on_rows, now=now)
