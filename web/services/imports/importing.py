"""Files into the store, previewed or for good, and out again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.enforcement import actions
from geodata.importers import batches, feed_changes, profiles, reading
from geodata.importers.batches import OnRows, reports_of_batch
from geodata.importers.feed_changes import PutBack
from geodata.importers.options import ImportOptions
from geodata.importers.profiles import Profile
from geodata.importers.reading import ImportResult, ReadFile
from geodata.people import audit, holds
from geodata.people.audit import Actor
from geodata.rules.days import local_day
from geodata.store.engine import Store, lock
from web.services.enforcement import ENTITY
from web.services.imports import loading
from web.services.incidents.incident_assignment import LOCK
from web.services.incidents.linking import relink_around
from web.services.incidents.linking_scope import Touched, touched_by

TRIES = 3
NAMED = 10
"""References that a sentence names."""
MOST_AT_ONCE = 1_000
"""Rows that are written and linked under the lock; more are loaded in pieces."""
LINKED_KINDS = frozenset({"reports", "clearances"})
AUDITED_KINDS = frozenset({"actions"})


def take_in(
    store: Store,
    kind: str,
    path: Path,
    options: ImportOptions,
    *,
    now: datetime,
    by: Actor | None = None,
    on_read: Callable[[ImportResult], object] = lambda _result: None,
    on_rows: OnRows = lambda _done, _of: None,
    then: Callable[[Session], object] = lambda _session: None,
) -> ImportResult:
    """Take a file in as one batch: it is read and checked while others write.

    Parameters
    ----------
    by
        Who takes it in, where it is somebody who signed in.
    on_read
        Told what will become of the file, before anything is written.
    on_rows
        Told now and then how many rows are written, and of how many.
    then
        What else belongs to the transaction.

    Raises
    ------
    FileRefusedError
        The file as a whole cannot be understood.
    RefusedError
        Other files came in or were taken out while it was read, each time that it was tried.
    """

    def end(session: Session, read: ReadFile, batch: int | None) -> None:
        if by is not None and batch is not None:
            _sign(session, read, batch, by)
        then(session)

    loading.clear_cut_off(store)
    for _ in range(TRIES):
        read = look(store, kind, path, options, now=now)
        on_read(read.result)
        if kind in LINKED_KINDS and len(read.fresh) > MOST_AT_ONCE:
            batch = loading.load(store, read, now=now, on_rows=on_rows, then=end)
            if batch is not None:
                return replace(read.result, batch=batch)
            continue
        with store.writing() as session:
            if batches.is_current(session, read):
                result = write(session, read, now=now, on_rows=on_rows)
                end(session, read, result.batch)
                return result
    raise RefusedError(
        f"other files were taken in or out while {path.name} was read, {TRIES} times: import it "
        "again when that is done"
    )


def look(store: Store, kind: str, path: Path, options: ImportOptions, *, now: datetime) -> ReadFile:
    """Read and check a file, and write nothing.

    Raises
    ------
    FileRefusedError
        The file as a whole cannot be understood.
    """
    with store.reading() as session:
        return reading.read_file(session, kind, path, options, now=now)


def write(
    session: Session,
    read: ReadFile,
    *,
    now: datetime,
    on_rows: OnRows = lambda _done, _of: None,
) -> ImportResult:
    """Write a file that was read as one batch, and link what it tells into incidents."""
    if read.result.kind in LINKED_KINDS:
        lock(session, LOCK)  # first: what is linked comes in in the order of its keys
    before = touched_by(session, read.changes.report_ids, ())  # while they are where they were
    result = batches.write(session, read, on_rows, now=now)
    if result.kind in LINKED_KINDS and result.batch is not None:
        relink_around(
            session, before.with_those_of(touched_by_batch(session, result.batch)), now=now
        )
    if result.kind in AUDITED_KINDS and result.accepted:
        after = {"batch": result.batch, "rows": result.accepted}
        audit.write(session, Actor(None, now), "import", ENTITY, after=after)
    return result


def _sign(session: Session, read: ReadFile, batch: int, by: Actor) -> None:
    """Note who took a file in."""
    batches.sign(session, batch, by.user_id)
    entity = ENTITY if read.result.kind in AUDITED_KINDS else "import"
    after = {"batch": batch, "kind": read.result.kind, "rows": read.result.accepted}
    audit.write(session, by, "import", entity, after=after)


def touched_by_batch(session: Session, batch: int) -> Touched:
    """What a batch's reports and clearances touch."""
    reports = batches.reports_of_batch(session, batch)
    return touched_by(session, reports, batches.places_cleared_by(session, batch))


def keep_profile(session: Session, name: str, kind: str, options: ImportOptions) -> None:
    """Keep what the user said of a file, to be used for the next one by its name."""
    columns: dict[str, list[str]] = {}
    for theirs, ours in options.mapping.items():
        columns.setdefault(ours, []).append(theirs)
    profile = Profile(
        name, kind, columns, list(options.ignore), list(options.where), options.dates, options.crs
    )
    profiles.keep(session, name, profile)


def refuse_held(session: Session, batch: int, now: datetime) -> None:
    """Refuse to take out reports and cases of enforcement under a legal hold."""
    held = holds.held(session, local_day(now))
    reports = held.report_ids and held.report_ids & reports_of_batch(session, batch)
    cases = held.action_ids and held.action_ids & actions.of_batch(session, batch)
    for kept, words in ((reports, "reports"), (cases, "cases")):
        if kept:
            raise RefusedError(
                f"batch {batch} has {len(kept)} {words} under a legal hold: lift it first "
                "(Retention)"
            )


@dataclass(frozen=True)
class Undone:
    """What became of an import that was taken out again.

    Attributes
    ----------
    rows
        How many of its own went.
    back
        What it had changed or withdrawn and stands again as before, and what does not.
    """

    rows: int
    back: PutBack


def undo_batch(session: Session, batch: int, *, now: datetime, by: Actor | None = None) -> int:
    """Take a batch out whole; how many rows of its own that were."""
    return undo_import(session, batch, now=now, by=by).rows


def undo_import(session: Session, batch: int, *, now: datetime, by: Actor | None = None) -> Undone:
    """Take a batch out whole, and put back what it changed. Who signed in and did it is noted.

    Raises
    ------
    NotFoundError, RefusedError
        As for ``batches.undo``, or a legal hold keeps something of it.
    """
    refuse_held(session, batch, now)
    moved = feed_changes.touched_ids(session, batch)
    touched = touched_by_batch(session, batch).with_those_of(touched_by(session, moved, ()))
    kind, rows = batches.undo(session, batch, now=now)
    back = feed_changes.put_back(session, batch, by or Actor(None, now))
    if kind in LINKED_KINDS:
        again = touched_by(session, back.report_ids, ())
        relink_around(session, touched.with_those_of(again), now=now)
    note_undone(session, batch, kind, rows, now, by)
    return Undone(rows, back)


def note_undone(
    session: Session, batch: int, kind: str, rows: int, now: datetime, by: Actor | None
) -> None:
    """Note who took a batch out, where somebody signed in or its rows are audited."""
    if kind in AUDITED_KINDS or by is not None:
        before = {"batch": batch, "rows": rows}
        entity = ENTITY if kind in AUDITED_KINDS else "import"
        audit.write(session, by or Actor(None, now), "undo_import", entity, before=before)


def back_in_words(back: PutBack, *, will: str = "are") -> list[str]:
    """What undoing put back and what it could not, as sentences."""
    words = []
    if back.changed:
        words.append(f"{back.changed} that it had changed {will} again as they were.")
    if back.withdrawn:
        words.append(f"{back.withdrawn} that it had withdrawn {will} here again.")
    if back.later:
        named = ", ".join(back.later[:NAMED])
        more = f" and {len(back.later) - NAMED} more" if len(back.later) > NAMED else ""
        words.append(
            f"{len(back.later)} stay as they are, since something changed them after this import "
            f"or took their place: {named}{more}. Undo later imports first, or mend them by hand."
        )
    return words
