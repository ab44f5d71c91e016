"""A contractor's answer to the exported worklist: previewed, taken in, and taken back."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.clearances.contracts import CrewScope
from geodata.core.errors import BusyStoreError, NotFoundError, RefusedError
from geodata.importers import batches, reading
from geodata.importers.options import ImportOptions
from geodata.importers.reading import ImportResult, ReadFile
from geodata.incidents import jobs
from geodata.people import audit
from geodata.people.audit import Actor
from web.services.common.speaking import gettext as _
from web.services.imports import importing

KIND = "clearances"
MOST_CELLS = 100_000
"""Thousands of jobs; a second or two of work in a request."""
BRITISH = ImportOptions(dates="dmy", most_cells=MOST_CELLS)


def look(session: Session, path: Path, *, scope: CrewScope, now: datetime) -> ReadFile:
    """What would become of a file; nothing is written.

    Raises
    ------
    RefusedError
        The file cannot be understood, or answers jobs outside the scope.
    """
    read = reading.read_file(session, KIND, path, BRITISH, now=now)
    _refuse_foreign(session, read, scope)
    return read


def take_in(session: Session, read: ReadFile, *, scope: CrewScope, by: Actor) -> ImportResult:
    """Take a file that was read in as one batch, in the name of who sent it.

    Raises
    ------
    BusyStoreError
        Another file was taken in or out since this one was read.
    RefusedError
        It answers jobs that are outside the scope now.
    """
    if not batches.is_current(session, read):
        raise BusyStoreError("another file was taken in at this moment: send yours again")
    _refuse_foreign(session, read, scope)
    result = importing.write(session, read, now=by.now)
    if result.batch is not None:
        batches.sign(session, result.batch, by.user_id)
        after = {"batch": result.batch, "rows": result.accepted}
        audit.write(session, by, "import", "clearance", after=after)
    return result


def take_back(session: Session, batch_id: int, *, by: Actor) -> int:
    """Take one's own batch out again; how many outcomes that were.

    Raises
    ------
    NotFoundError
        There is none, or somebody else sent it.
    RefusedError
        It was taken back before, or something rests on it.
    """
    refuse_others(session, batch_id, by.user_id)
    rows = importing.undo_batch(session, batch_id, now=by.now)
    before = {"batch": batch_id, "rows": rows}
    audit.write(session, by, "undo_import", "clearance", before=before)
    return rows


def refuse_others(session: Session, batch_id: int, user_id: int | None) -> None:
    """Let a batch of outcomes pass that an account itself has sent.

    Raises
    ------
    NotFoundError
        It is another's: whoever asks learns no more than that it is not theirs.
    """
    batch = batches.find(session, batch_id)
    if batch.kind != KIND or batch.user_id is None or batch.user_id != user_id:
        raise NotFoundError(f"there is no import batch {batch_id}")


def _refuse_foreign(session: Session, read: ReadFile, scope: CrewScope) -> None:
    """A contractor answers for its own jobs, and for each by its reference."""
    if read.fresh.empty:
        return
    if batches.has_unnamed(read):
        raise RefusedError(_("Some rows name no job: fill in report_ref as the worklist had it"))
    incident_of = batches.answered(session, read)
    own = jobs.within(session, [key for key in incident_of.values() if key is not None], scope)
    foreign = [reference for reference, key in incident_of.items() if key not in own]
    if foreign:
        raise RefusedError(
            _(
                "There is no such job in this contract: %(jobs)s. Take these rows out",
                jobs=", ".join(foreign[:10]),
            )
        )
