"""Partners' tables and populations: looked at, taken in, and taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.core.errors import BusyStoreError, NotFoundError, RefusedError
from geodata.importers import batches, reading
from geodata.importers.batches import BatchRecord
from geodata.importers.kinds.indicators import published_counts
from geodata.importers.options import ImportOptions
from geodata.importers.partners import street_crime
from geodata.importers.reading import ImportResult, ReadFile
from geodata.people import audit
from geodata.people.audit import Actor
from web.services.imports import importing

KINDS = ("indicators", "populations", "police")
ENTITY = "partner_table"


def look(
    session: Session,
    kind: str,
    path: Path,
    *,
    now: datetime,
    constants: Mapping[str, str] | None = None,
) -> ReadFile:
    """What would become of a file; nothing is written.

    Parameters
    ----------
    constants
        By our names, what the file does not say and holds of all its rows.

    Raises
    ------
    RefusedError
        The file cannot be understood.
    """
    if kind not in KINDS:
        raise RefusedError(f"{kind[:40]!r} is no kind of partners' file: {', '.join(KINDS)}")
    return reading.read_file(session, kind, path, ImportOptions(constants=constants or {}), now=now)


def take_in(session: Session, read: ReadFile, *, by: Actor) -> ImportResult:
    """Take a file that was read in as one batch, in the name of who sent it.

    Raises
    ------
    BusyStoreError
        Another file was taken in or out since this one was read.
    """
    if not batches.is_current(session, read):
        raise BusyStoreError("another file was taken in at this moment: send yours again")
    result = importing.write(session, read, now=by.now)
    if result.batch is not None:
        batches.sign(session, result.batch, by.user_id)
        after = {"batch": result.batch, "kind": result.kind, "rows": result.accepted}
        audit.write(session, by, "import", ENTITY, after=after)
    return result


def take_back(session: Session, batch_id: int, *, by: Actor) -> int:
    """Take a batch out again; how many figures that were.

    Raises
    ------
    NotFoundError
        There is no such batch of figures.
    RefusedError
        It was taken back before.
    """
    if batches.find(session, batch_id).kind not in KINDS:
        raise NotFoundError(f"there is no import batch {batch_id} of partners' figures")
    rows = importing.undo_batch(session, batch_id, now=by.now)
    audit.write(session, by, "undo_import", ENTITY, before={"batch": batch_id, "rows": rows})
    return rows


def taken_in(session: Session) -> Sequence[BatchRecord]:
    """What was taken in so far, the newest first."""
    return batches.listed(session, KINDS)


def counted(session: Session, path: Path, kind: str) -> bytes | None:
    """A file of street crime or of fly-tipping as the counts that go in, as CSV: a fraction of it.

    None: it is another table.

    Raises
    ------
    FileRefusedError
        It is no such file, or a cell cannot be read.
    """
    table = (
        street_crime.read_counted(session, path)
        if kind == "police"
        else published_counts(session, path)
    )
    return None if table is None else str(table.rows.to_csv(index=False)).encode()
