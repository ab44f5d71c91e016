"""A file, read and checked against the store; nothing is written."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.files.columns import known_headings
from geodata.files.problems import FileRefusedError, Problem
from geodata.files.tables import Table, read_table
from geodata.importers import profiles
from geodata.importers.checked_rows import checked, without_known
from geodata.importers.constants import with_constants
from geodata.importers.kinds import KINDS
from geodata.importers.kinds.kind import Kind
from geodata.importers.options import ImportOptions
from geodata.importers.previews import ColumnUse, Preview, outline_of, preview_of
from geodata.importers.profiles import Profile
from geodata.importers.subjects import chosen_subject, refuse_other_subjects
from geodata.importers.syncing import Changes, find_changes
from geodata.importers.where.geometry import as_columns
from geodata.models import Clearance, ImportBatch, Report


@dataclass(frozen=True)
class ImportResult:
    """What became of a file.

    Attributes
    ----------
    kind
        Of the rows, a key of ``KINDS``.
    batch
        Key of the batch; None where nothing was added.
    read, accepted, rejected, unchanged, left_out
        Rows; ``unchanged`` were here already, ``left_out`` are not meant by ``where``.
    problems, warnings
        Why rows were rejected, and what to know about those that were not.
    ignored
        The file's columns that mean nothing here.
    preview
        What each column was taken for, and the first rows as they go in.
    rejects
        The rejected rows as the file has them, with a column ``problem``.
    changed, gone
        Rows of a feed that change what is here; references that it had and has no more.
    withdrawn
        How many of those gone go from here.
    """

    kind: str
    batch: int | None
    read: int
    accepted: int
    rejected: int
    unchanged: int
    problems: list[Problem]
    warnings: list[str]
    ignored: list[str]
    rejects: pd.DataFrame
    left_out: int = 0
    preview: Preview | None = None
    changed: int = 0
    gone: tuple[str, ...] = ()
    withdrawn: int = 0


@dataclass(frozen=True, eq=False)
class ReadFile:
    """A file that was read and checked, and of which nothing is written yet.

    Attributes
    ----------
    fresh
        The rows that are to go in.
    result
        What is to be said; its ``batch`` is None.
    name, sha256
        Of the file.
    seen
        What the store held of such rows when they were checked.
    changes
        What it changes of the feed that it belongs to.
    """

    fresh: pd.DataFrame
    result: ImportResult
    name: str
    sha256: str
    seen: tuple[int, ...]
    changes: Changes


def read_file(
    session: Session,
    kind_name: str,
    path: Path,
    options: ImportOptions | None = None,
    *,
    now: datetime,
) -> ReadFile:
    """Read and check a file; the store is only asked.

    Raises
    ------
    FileRefusedError
        The file as a whole cannot be understood.
    """
    kind = KINDS[kind_name]
    seen = held(session, kind)
    fresh, result, changes = _read(session, kind, path, options or ImportOptions(), now)
    return ReadFile(fresh, result, path.name[:200], _sha256(path), seen, changes)


def held(session: Session, kind: Kind) -> tuple[int, ...]:
    """What tells whether rows that a file is checked against came or went: by imports, or by hand.

    Reports and clearances come by hand all the time, and then never as a file has them.
    """
    imports = select(func.count(), func.count(ImportBatch.undone_at)).select_from(ImportBatch)
    held = tuple(session.execute(imports).one())
    if kind.model in (Report, Clearance):
        return held
    table: Any = kind.model
    return held + tuple(
        session.execute(
            select(func.count(), func.coalesce(func.max(table.id), 0)).select_from(table)
        ).one()
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(
    session: Session, kind: Kind, path: Path, options: ImportOptions, now: datetime
) -> tuple[pd.DataFrame, ImportResult, Changes]:
    """What is to go in, what is to be said, what changes; the file's own texts are let go of."""
    if options.feed and kind.model is not Report:
        raise RefusedError(f"{kind.name} cannot be kept in step: --sync takes reports")
    profile = profiles.by_name(session, options.profile, kind.name) if options.profile else None
    table = with_constants(_table(session, kind, path, options, profile), kind, options)
    outline = outline_of(table.rows)
    n_rows = len(table.rows)
    if profile is not None:
        options = _with_profile(options, profile, [str(name) for name in table.rows.columns])
    table, settled = _meant(table, options)
    parsed = checked(session, kind, table, options, now)
    if kind.has_subject and not settled:
        texts = {parsed.headers.get(name) for name in ("description", "landmark")}
        mapped = {header for header in parsed.headers.values() if header not in texts}
        refuse_other_subjects(parsed.rows, mapped)
    bad = {problem.row for problem in parsed.problems}
    good = parsed.columns[~parsed.columns.index.isin(list(bad))]
    fresh, again = without_known(session, kind, good, parsed, takes_changes=bool(options.feed))
    changes = Changes()
    if options.feed:
        references = parsed.texts("external_ref")
        changes = find_changes(
            session,
            options.feed,
            again,
            references,
            withdraws=options.withdraws_gone,
            now=now,
        )
    bad = {problem.row for problem in parsed.problems}
    headers = set(parsed.headers.values())
    result = ImportResult(
        kind=kind.name,
        batch=None,
        read=n_rows,
        accepted=len(fresh),
        rejected=len(bad),
        unchanged=len(parsed.rows) - len(fresh) - len(bad) - len(again),
        problems=_in_file(parsed.problems, table),
        warnings=parsed.warnings,
        ignored=[name for name in table.rows.columns if name not in headers],
        rejects=_rejects(table, parsed.problems, takes_shapes=kind.takes_shapes),
        left_out=n_rows - len(table.rows),
        preview=preview_of(parsed, outline, fresh),
        changed=len(again),
        gone=changes.gone,
        withdrawn=len(changes.withdrawn),
    )
    return fresh, result, changes


def read_outline(
    session: Session, kind_name: str, path: Path, options: ImportOptions
) -> list[ColumnUse]:
    """The columns of a file that was refused as a whole, so that a person can say what they are.

    Raises
    ------
    FileRefusedError
        It does not even hold a table.
    """
    return outline_of(_table(session, KINDS[kind_name], path, options, None).rows)


def _table(
    session: Session, kind: Kind, path: Path, options: ImportOptions, profile: Profile | None
) -> Table:
    """What a file holds, as texts."""
    if kind.read is not None:
        return kind.read(session, path, options.layer, options.crs)
    headings = known_headings((kind.reference, *kind.fields), options.mapping)
    headings |= profile.headings() if profile else set()
    return read_table(
        path,
        layer=options.layer,
        crs=options.crs,
        headings=headings,
        most_cells=options.most_cells,
    )


def _in_file(problems: list[Problem], table: Table) -> list[Problem]:
    """In the order of the file, each where a person finds it, and once."""
    located = dict.fromkeys(_at_home(problem, table) for problem in problems)
    return sorted(located, key=lambda p: (p.row, p.column))


def _at_home(problem: Problem, table: Table) -> Problem:
    if problem.row not in table.cells:
        return problem
    row, column = table.cells[problem.row]
    if problem.row in table.sheets:
        return replace(problem, row=row, column=f"{problem.column} of {table.sheets[problem.row]}")
    is_in_cell = problem.column in table.cell_columns
    return replace(problem, row=row, column=column if is_in_cell else problem.column)


def _with_profile(options: ImportOptions, profile: Profile, headers: list[str]) -> ImportOptions:
    mapping = profile.mapping(headers, options.mapping)
    ignored = [name for name in profile.ignored(headers) if name not in mapping]
    return replace(
        options,
        mapping=mapping,
        ignore=[*options.ignore, *ignored],
        where=options.where or profile.where,
        dates=options.dates or profile.dates,
        crs=options.crs or profile.crs,
        utc=profile.utc,
    )


def _meant(table: Table, options: ImportOptions) -> tuple[Table, set[str]]:
    """The rows that the user means, and the columns by which the user said what they are of."""
    known = [str(name) for name in table.rows.columns]
    for name in options.ignore:
        if name not in known:
            raise FileRefusedError(
                f"--ignore {name}: the file has no column {name!r}; it has {', '.join(known)}"
            )
    chosen, settled = chosen_subject(table.rows, options.where)
    if chosen.all():
        return table, settled
    kept = set(table.rows.index[chosen])
    return replace(
        table,
        rows=table.rows[chosen],
        geometry=None if table.geometry is None else table.geometry[chosen],
        problems=[problem for problem in table.problems if problem.row in kept],
        formulas=[problem for problem in table.formulas if problem.row in kept],
    ), settled


def _rejects(table: Table, problems: list[Problem], *, takes_shapes: bool) -> pd.DataFrame:
    """The rejected rows as they came, each with what is wrong, to be mended and read again."""
    words: dict[int, list[str]] = {}
    for problem in problems:
        words.setdefault(problem.row, []).append(f"{problem.column}: {problem.message}")
    rows = table.rows
    chosen = rows.loc[rows.index.isin(list(words))].drop(columns="problem", errors="ignore")
    if table.geometry is not None:
        where = as_columns(table.geometry.loc[chosen.index], takes_shapes=takes_shapes)
        chosen = chosen.drop(columns=where.columns, errors="ignore").join(where)
    return chosen.assign(problem=[" | ".join(words[row]) for row in chosen.index])
