"""A contractor's answer to the exported worklist: previewed, taken in, and taken back."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.clearances.contracts import CrewScope
from geodata.core.errors import NotFoundError, RefusedError
from geodata.importers import batches
from geodata.importers.batches import ImportOptions, ImportResult
from geodata.incidents import jobs
from geodata.people import audit
from geodata.people.audit import Actor
from web.services.admin.importing import import_file, undo_batch

KIND = "clearances"
MOST_CELLS = 100_000
"""Thousands of jobs; a second or two of work in a request."""
BRITISH = ImportOptions(dates="dmy", most_cells=MOST_CELLS)


def preview(session: Session, path: Path, *, scope: CrewScope, now: datetime) -> ImportResult:
    """What would become of a file; the store stays as it is.

    Raises
    ------
    RefusedError
        The file cannot be understood, or answers jobs outside the scope.
    """
    attempt = session.begin_nested()
    try:
        result = batches.import_file(session, KIND, path, BRITISH, now=now)
        _refuse_foreign(session, result, scope)
    finally:
        attempt.rollback()
    return replace(result, batch=None)


def take_in(session: Session, path: Path, *, scope: CrewScope, by: Actor) -> ImportResult:
    """Take a file in as one batch, in the name of who sent it.

    Raises
    ------
    RefusedError
        The file cannot be understood, or answers jobs outside the scope; nothing was taken in.
    """
    with session.begin_nested():
        result = import_file(session, KIND, path, BRITISH, now=by.now)
        _refuse_foreign(session, result, scope)
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
    rows = undo_batch(session, batch_id, now=by.now)
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


def _refuse_foreign(session: Session, result: ImportResult, scope: CrewScope) -> None:
    """A contractor answers for its own jobs, and for each by its reference."""
    if result.batch is None:
        return
    incident_of = batches.answered(session, result.batch)
    if not incident_of or batches.has_unnamed(session, result.batch):
        raise RefusedError("Some rows name no job: fill in report_ref as the worklist had it")
    own = jobs.within(session, [key for key in incident_of.values() if key is not None], scope)
    foreign = [reference for reference, key in incident_of.items() if key not in own]
    if foreign:
        raise RefusedError(
            f"There is no such job in this contract: {', '.join(foreign[:10])}. Take these rows out"
        )
