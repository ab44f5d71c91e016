"""Rows in, read and checked first, then written as one batch; and out again, whole."""

import hashlib
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geodata.core.bulk import narrowed, rows_of
from geodata.core.errors import NotFoundError, RefusedError
from geodata.files.bounds import MOST_CELLS
from geodata.files.columns import known_headings, match_columns
from geodata.files.problems import FileRefusedError, Problem
from geodata.files.tables import Table, read_table
from geodata.importers import profiles
from geodata.importers.kinds import KINDS
from geodata.importers.kinds.kind import REFERENCE, Kind
from geodata.importers.parsed import Parsed
from geodata.importers.previews import Preview, preview_of
from geodata.importers.profiles import Profile
from geodata.importers.subjects import chosen_subject, refuse_other_subjects
from geodata.importers.syncing import Changes, find_changes, write_changes
from geodata.importers.when.times import Order
from geodata.importers.where import positions
from geodata.importers.where.geometry import as_columns, take_geometry
from geodata.models import Clearance, ImportBatch, Report, User
from geodata.rules.days import date_in_words, local_day

LONGEST_REFERENCE = 100
_TOTAL = re.compile(
    r"(?:(?:grand|sub|over ?all)[- ]?)?totals?(?: for .{1,40})?:?|sum:", re.IGNORECASE
)

OnRows = Callable[[int, int], None]


@dataclass(frozen=True)
class ImportOptions:
    """How a file is to be understood where it does not say so itself.

    Attributes
    ----------
    mapping
        The file's header to our field.
    crs
        Coordinate system, where the file names none.
    dates
        Order of day and month.
    layer
        Of a GeoPackage with several.
    ignore
        The file's headers that are to mean nothing.
    where
        Conditions that a row must fulfil, as ``geodata.importers.conditions`` reads them.
    profile
        Name of what is known of such files; what is said beside it wins.
    most_cells
        A file with more is refused: less from a page than from a command.
    feed
        Name of the feed whose file of this night it is; empty: of none.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    crs: str | None = None
    dates: Order | None = None
    layer: str | None = None
    ignore: Sequence[str] = ()
    where: Sequence[str] = ()
    profile: str | None = None
    most_cells: int = MOST_CELLS
    feed: str = ""


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
    seen = _held(session, kind)
    fresh, result, changes = _read(session, kind, path, options or ImportOptions(), now)
    return ReadFile(fresh, result, path.name[:200], _sha256(path), seen, changes)


def is_current(session: Session, read: ReadFile) -> bool:
    """Whether no such rows came or went since the file was checked against them."""
    return _held(session, KINDS[read.result.kind]) == read.seen


def write(
    session: Session,
    read: ReadFile,
    on_rows: OnRows = lambda _done, _of: None,
    *,
    now: datetime,
) -> ImportResult:
    """Write what was read as one batch. The caller commits, or takes it back.

    Parameters
    ----------
    on_rows
        Told now and then how many rows are written, and of how many.
    """
    kind = KINDS[read.result.kind]
    if read.fresh.empty and read.changes.rows.empty:
        return read.result
    batch = _batch(session, read, now)
    write_changes(session, read.changes, batch, now=now)
    if read.fresh.empty:
        return replace(read.result, batch=batch)
    fresh = kind.prepare(session, read.fresh.assign(batch_id=batch))
    _insert(session, kind, fresh, on_rows)
    kind.finish(session, batch, fresh)
    return replace(read.result, batch=batch)


def _held(session: Session, kind: Kind) -> tuple[int, ...]:
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
    if kind.read is not None:
        table = kind.read(session, path, options.layer, options.crs)
    else:
        headings = known_headings((REFERENCE, *kind.fields), options.mapping)
        headings |= profile.headings() if profile else set()
        table = read_table(
            path,
            layer=options.layer,
            crs=options.crs,
            headings=headings,
            most_cells=options.most_cells,
        )
    n_rows = len(table.rows)
    if profile is not None:
        options = _with_profile(options, profile, [str(name) for name in table.rows.columns])
    table, settled = _meant(table, options)
    parsed = _parse(session, kind, table, options, now)
    if kind.has_subject and not settled:
        texts = {parsed.headers.get(name) for name in ("description", "landmark")}
        mapped = {header for header in parsed.headers.values() if header not in texts}
        refuse_other_subjects(parsed.rows, mapped)
    bad = {problem.row for problem in parsed.problems}
    good = parsed.columns[~parsed.columns.index.isin(list(bad))]
    fresh, again = _without_known(session, kind, good, parsed, takes_changes=bool(options.feed))
    changes = Changes()
    if options.feed:
        references = parsed.texts("external_ref")
        changes = find_changes(session, options.feed, again, references)
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
        preview=preview_of(parsed, [str(name) for name in table.rows.columns], fresh),
        changed=len(again),
        gone=changes.gone,
    )
    return fresh, result, changes


def _in_file(problems: list[Problem], table: Table) -> list[Problem]:
    """In the order of the file, each where a person finds it, and once."""
    found = dict.fromkeys(_at_home(problem, table) for problem in problems)
    return sorted(found, key=lambda p: (p.row, p.column))


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
    return Table(
        table.rows[chosen],
        None if table.geometry is None else table.geometry[chosen],
        [problem for problem in table.problems if problem.row in kept],
        [problem for problem in table.formulas if problem.row in kept],
        table.cells,
        table.cell_columns,
        table.sheets,
    ), settled


def reports_of_batch(session: Session, batch_id: int) -> set[int]:
    """Reports that an import brought, or whose outcomes it did."""
    brought = select(Report.id).where(Report.batch_id == batch_id)
    answered = select(Clearance.report_id).where(
        Clearance.batch_id == batch_id, Clearance.report_id.is_not(None)
    )
    return {key for key in session.scalars(brought.union(answered)) if key is not None}


def places_cleared_by(session: Session, batch_id: int) -> list[BaseGeometry]:
    """Where an import's clearances that answer no report were made, EPSG:27700."""
    query = select(Clearance.geometry).where(
        Clearance.batch_id == batch_id, Clearance.report_id.is_(None)
    )
    return [place for place in session.scalars(query) if place is not None]


def answered(session: Session, read: ReadFile) -> dict[str, int | None]:
    """Reference of each report that a file's new clearances answer, and its incident."""
    keys = {int(key) for key in read.fresh["report_id"].dropna()}
    query = select(Report.reference, Report.incident_id).order_by(Report.id)
    found = (session.execute(part) for part in narrowed(query, Report.id, keys))
    return {str(reference): incident_id for rows in found for reference, incident_id in rows}


def has_unnamed(read: ReadFile) -> bool:
    """Whether a file has new clearances that answer no report."""
    return bool(read.fresh["report_id"].isna().any())


def sign(session: Session, batch_id: int, user_id: int | None) -> None:
    """Write who took a batch in."""
    session.get_one(ImportBatch, batch_id).user_id = user_id
    session.flush()


@dataclass(frozen=True)
class BatchRecord:
    """An import that was made, and by whom; ``by`` is None for the command line."""

    id: int
    kind: str
    file_name: str
    imported_at: datetime
    by: str | None
    accepted: int
    rejected: int
    undone_at: datetime | None


def listed(session: Session, kinds: Sequence[str]) -> list[BatchRecord]:
    """Imports of some kinds, the newest first."""
    query = (
        select(ImportBatch, User.name)
        .outerjoin(User, User.id == ImportBatch.user_id)
        .where(ImportBatch.kind.in_(kinds))
        .order_by(ImportBatch.imported_at.desc(), ImportBatch.id.desc())
    )
    return [
        BatchRecord(
            batch.id,
            batch.kind,
            batch.file_name,
            batch.imported_at,
            name,
            batch.accepted,
            batch.rejected,
            batch.undone_at,
        )
        for batch, name in session.execute(query)
    ]


def find(session: Session, batch_id: int) -> ImportBatch:
    """A batch.

    Raises
    ------
    NotFoundError
        There is none.
    """
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFoundError(f"there is no import batch {batch_id}")
    return batch


def undo(session: Session, batch_id: int, *, now: datetime) -> tuple[str, int]:
    """Take a batch out whole; the kind of its rows and how many there were.

    Raises
    ------
    NotFoundError
        There is no such batch.
    RefusedError
        It was undone before, or something else rests on its rows.
    """
    batch = find(session, batch_id)
    if batch.undone_at is not None:
        raise RefusedError(
            f"batch {batch_id} was undone on {date_in_words(local_day(batch.undone_at))}"
        )
    batch.undone_at = now  # first: the store lets rows of history go with an undone batch only
    session.flush()
    try:
        KINDS[batch.kind].remove(session, batch_id)
        session.flush()
    except IntegrityError:
        raise RefusedError(
            f"batch {batch_id} cannot be taken out: later rows rest on it (clearances, photos or "
            "answers to its reports); undo those first"
        ) from None
    return batch.kind, batch.accepted


def _parse(
    session: Session, kind: Kind, table: Table, options: ImportOptions, now: datetime
) -> Parsed:
    rows = table.rows.drop(columns=["problem", *options.ignore], errors="ignore")
    headers = match_columns(list(rows.columns), (REFERENCE, *kind.fields), options.mapping)
    _find_pairs(rows, headers, kind)
    parsed = Parsed(rows, headers, session=session, now=now, order=options.dates)
    parsed.problems += table.problems
    parsed.take("external_ref", lambda texts: texts.str[:LONGEST_REFERENCE])
    is_long = parsed.texts("external_ref").str.len() > LONGEST_REFERENCE
    parsed.refuse(is_long, "external_ref", f"is longer than {LONGEST_REFERENCE} characters")
    parsed.columns["fingerprint"] = parsed.fingerprints(table.geometry)
    take_geometry(parsed, kind, table, crs=options.crs)
    kind.build(parsed)
    _say_formulas(parsed, table)
    if kind.needs_position:
        _say_totals(parsed)
    return parsed


def _find_pairs(rows: pd.DataFrame, headers: dict[str, str], kind: Kind) -> None:
    """Take a column of "51.4, 0.2" for positions, though its name says place or address."""
    fits = any(field.name == "position" for field in kind.fields)
    if not fits or {"position", "wkt", "longitude", "easting"} & set(headers):
        return
    vague = {headers.get("landmark"), headers.get("place")}
    mapped = set(headers.values()) - vague
    found = positions.pair_column(rows, [name for name in rows if name not in mapped])
    if found is not None:
        for name in [name for name, header in headers.items() if header == found]:
            del headers[name]
        headers["position"] = found


def _say_totals(parsed: Parsed) -> None:
    """Refuse a row that sums up others by that name, and not for what its empty cells lack."""
    firsts = {row: _first_filled(cells) for row, cells in parsed.rows.to_dict("index").items()}
    totals = {row: cell for row, cell in firsts.items() if _TOTAL.fullmatch(cell[1])}
    parsed.problems = [p for p in parsed.problems if p.row not in totals] + [
        Problem(int(row), header, text[:200], "is a total of other rows, and no row of its own")
        for row, (header, text) in totals.items()
    ]


def _first_filled(cells: Mapping[Hashable, str]) -> tuple[str, str]:
    return next(((str(header), text) for header, text in cells.items() if text), ("", ""))


def _say_formulas(parsed: Parsed, table: Table) -> None:
    """Say of a row whose formulas have no result that, and not what its empty cells lack."""
    used = set(parsed.headers.values())
    formulas = [problem for problem in table.formulas if problem.column in used]
    rows = {problem.row for problem in formulas}
    parsed.problems = formulas + [p for p in parsed.problems if p.row not in rows]


def _without_known(
    session: Session, kind: Kind, good: pd.DataFrame, parsed: Parsed, *, takes_changes: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that are not here yet, and those whose reference is here with other content.

    The latter are problems, but where the file is of a feed.
    """
    table: Any = kind.model
    known = _here(session, table.fingerprint, good["fingerprint"])
    refs = _here(session, table.external_ref, good["external_ref"])
    is_known = good["fingerprint"].isin(list(known))
    ref = good["external_ref"]
    is_again = ~is_known & ref.notna() & ref.duplicated()
    is_change = ~is_known & ref.isin(list(refs)) & ~is_again & takes_changes
    is_here = ~is_known & ref.isin(list(refs)) & ~is_change & ~(is_again & takes_changes)
    if "reference" in good:
        own = good["reference"]
        is_here |= ~is_known & own.isin(list(_here(session, table.reference, own)))
        is_here &= ~is_change
    is_again &= ~is_here
    for is_such, message in (
        (is_here, "is here already with other content: undo that import, or give another one"),
        (is_again, "stands in an earlier row of this file too: give it another one"),
    ):
        marked = is_such.reindex(parsed.rows.index, fill_value=False)
        parsed.refuse(marked, "external_ref", message)
    return good[~is_known & ~is_here & ~is_again & ~is_change], good[is_change]


def _here(session: Session, column: Any, values: pd.Series) -> set[str]:
    """Those of some values that the store has already."""
    queries = narrowed(select(column), column, set(values.dropna()))
    return {value for query in queries for value in session.scalars(query)}


def _batch(session: Session, read: ReadFile, now: datetime) -> int:
    counts = read.result
    batch = ImportBatch(
        kind=counts.kind,
        file_name=read.name,
        sha256=read.sha256,
        imported_at=now,
        read=counts.read,
        accepted=counts.accepted,
        rejected=counts.rejected,
        unchanged=counts.unchanged,
        warnings=counts.warnings,
        feed=read.changes.feed or None,
    )
    session.add(batch)
    session.flush()
    return batch.id


def _insert(session: Session, kind: Kind, fresh: pd.DataFrame, on_rows: OnRows) -> None:
    """Write the columns that the table has; others are for ``Kind.finish``."""
    table: Any = kind.model.__table__
    ours = fresh[fresh.columns.intersection(table.columns.keys())]
    done = 0
    for rows in rows_of(ours.dropna(axis="columns", how="all")):
        session.execute(insert(table), rows)
        done += len(rows)
        on_rows(done, len(ours))


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
