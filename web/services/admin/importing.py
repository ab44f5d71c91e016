"""Files into the store, previewed or for good, and out again."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.importers import batches, profiles
from geodata.importers.batches import ImportOptions, ImportResult, OnRows, reports_of_batch
from geodata.importers.profiles import Profile
from geodata.people import audit, holds
from geodata.people.audit import Actor
from geodata.rules.days import local_day
from web.services.enforcement import ENTITY
from web.services.incidents.linking import relink_around
from web.services.incidents.linking_scope import Touched, touched_by

LINKED_KINDS = frozenset({"reports", "clearances"})
AUDITED_KINDS = frozenset({"actions"})


def import_file(
    session: Session,
    kind: str,
    path: Path,
    options: ImportOptions,
    *,
    now: datetime,
    on_rows: OnRows = lambda _done, _of: None,
) -> ImportResult:
    """Take a file in as one batch, and link what it tells into incidents."""
    result = batches.import_file(session, kind, path, options, now=now, on_rows=on_rows)
    if kind in LINKED_KINDS and result.batch is not None:
        relink_around(session, _touched(session, result.batch), now=now)
    if kind in AUDITED_KINDS and result.accepted:
        after = {"batch": result.batch, "rows": result.accepted}
        audit.write(session, Actor(None, now), "import", ENTITY, after=after)
    return result


def _touched(session: Session, batch: int) -> Touched:
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


def _refuse_held(session: Session, batch: int, now: datetime) -> None:
    held = holds.held(session, local_day(now)).report_ids
    if held and (kept := len(held & reports_of_batch(session, batch))):
        raise RefusedError(
            f"batch {batch} has {kept} reports under a legal hold: lift it first (Retention)"
        )


def undo_batch(session: Session, batch: int, *, now: datetime) -> int:
    """Take a batch out whole; how many rows that were."""
    _refuse_held(session, batch, now)
    touched = _touched(session, batch)
    kind, rows = batches.undo(session, batch, now=now)
    if kind in LINKED_KINDS:
        relink_around(session, touched, now=now)
    if kind in AUDITED_KINDS:
        before = {"batch": batch, "rows": rows}
        audit.write(session, Actor(None, now), "undo_import", ENTITY, before=before)
    return rows
