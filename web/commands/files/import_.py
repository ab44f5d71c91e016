"""``hotspots import``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.formatting import wrap_text
from rich.console import Console
from rich.progress import BarColumn, Progress, TimeElapsedColumn
from sqlalchemy.orm import Session

from geodata.core import private_files
from geodata.exporters import harmless_table
from geodata.importers.batches import OnRows
from geodata.importers.feed_changes import PutBack
from geodata.importers.kinds import KINDS
from geodata.importers.options import ImportOptions
from geodata.importers.profiles import shipped
from geodata.importers.reading import ImportResult
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json, refuse
from web.commands.files import basemap
from web.services.imports import taking_out
from web.services.imports.importing import (
    back_in_words,
    keep_profile,
    look,
    take_in,
    undo_import,
)

SHOWN = 10
BASEMAP = "basemap"
"""No rows of the store: the ground under its maps."""


def _mapping(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise click.BadParameter(f"{pair!r}: write THEIRS=OURS")
    return {theirs: ours for theirs, ours in (pair.rsplit("=", 1) for pair in pairs)}  # noqa: C416


def _constants(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise click.BadParameter(f"{pair!r}: write FIELD=VALUE")
    return {field: value for field, value in (pair.split("=", 1) for pair in pairs)}  # noqa: C416


def _columns() -> str:
    """Which columns each kind may have, for the help; ``--map`` uses these names."""
    return "\b\nKINDS, and the columns that each may have:\n" + "\n".join(
        wrap_text(
            ", ".join(field.name for field in (kind.reference, *kind.fields)),
            initial_indent=f"  {name:14}",
            subsequent_indent=" " * 16,
        )
        for name, kind in KINDS.items()
    )


@click.command("import", epilog=_columns())
@click.argument("kind", type=click.Choice([*KINDS, BASEMAP]), required=False, metavar="KIND")
@click.argument("file", type=click.Path(path_type=Path), required=False, metavar="FILE")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    callback=_mapping,
    metavar="THEIRS=OURS",
    help="A column of the file and the field it holds; may be repeated.",
)
@click.option(
    "--ignore", multiple=True, metavar="COL", help="A column to leave aside; may be repeated."
)
@click.option(
    "--set",
    "constants",
    multiple=True,
    callback=_constants,
    metavar="FIELD=VALUE",
    help="What no column says and holds of every row: unit=count; may be repeated.",
)
@click.option(
    "--where",
    multiple=True,
    metavar="CONDITION",
    help="Only such rows: \"Category in ('X', 'Y')\", =, !=, not in, contains; may be repeated.",
)
@click.option(
    "--profile", metavar="NAME", help=f"What is known of such files: {', '.join(shipped())}."
)
@click.option("--save-profile", metavar="NAME", help="Keep --map, --ignore, --where … by a name.")
@click.option(
    "--dates", type=click.Choice(["dmy", "mdy"]), help="Order of day and month in 03/04/2026."
)
@click.option("--crs", help="Coordinate system, such as EPSG:27700, whatever the file says.")
@click.option("--layer", help="Layer of a map file, or sheet of a workbook; all: every sheet.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    help="Where to write rejected rows; else FILE.rejects.csv.",
)
@click.option(
    "--sync", is_flag=True, help="A night's file of a feed: changed rows update what is here."
)
@click.option(
    "--withdraw-gone",
    is_flag=True,
    help="With --sync: take out reports that are gone from the feed and that nobody answered.",
)
@click.option("--feed", default="crm", show_default=True, help="Name of the feed, with --sync.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--undo", type=int, metavar="BATCH", help="Take a whole import out again.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_(
    kind: str | None,
    file: Path | None,
    undo: int | None,
    save_profile: str | None,
    rejects: Path | None,
    feed: str,
    *,
    sync: bool,
    withdraw_gone: bool,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Take a file into the store, as one batch that can be undone; or a map under all maps.

    FILE is CSV, XLSX, XLS, ODS, Parquet, a map (GeoJSON, GeoPackage, KML, GPX, FlatGeobuf, zipped
    Shapefile or MapInfo), or a list of records in JSON or XML, such as Open311's. Columns are found
    by their usual names. Positions are longitude and latitude, easting and northing, an OS grid
    reference or a known place's name.

    Good rows go in; bad ones are listed and written to a file that can be mended and imported
    again. A file imported twice adds nothing.

    The kind "basemap" is the ground that every map shows: FILE is an OpenStreetMap extract
    (.osm.pbf), OS Open Zoomstack or OS VectorMap District (.gpkg), or vector tiles (.pmtiles). The
    borough and 2 km around it are kept, beside the store. Importing again replaces it. The kinds
    "streets" and "features" read the same extract of OpenStreetMap.

    \b
    Examples:  hotspots import reports reports.csv --dry-run
               hotspots import reports old.xlsx --map "Case no"=external_ref --dates dmy
               hotspots import basemap kent-latest.osm.pbf
               hotspots import reports crm.csv --where "Category in ('Nitrous oxide canisters')"
               hotspots import reports crm.csv --sync --profile dynamics
               hotspots import reports crm.csv --sync --withdraw-gone --dry-run
               hotspots import populations mye24.xlsx --set year=2024
               hotspots import --undo 3
    """
    if undo is not None:
        _undo(undo, dry_run=dry_run, as_json=as_json)
        return
    if kind is None or file is None:
        raise click.UsageError("say what to import, and from which file")
    rejects_file = rejects or file.with_name(file.name + ".rejects.csv")
    if withdraw_gone and not sync:
        raise click.UsageError("--withdraw-gone goes with --sync: only a feed's file can miss any")
    feed = feed[:40] if sync else ""
    chosen = ImportOptions(**options, feed=feed, withdraws_gone=withdraw_gone)
    if kind == BASEMAP:
        if dry_run or sync or save_profile or any(options.values()) or rejects:
            raise click.UsageError("a basemap has no rows: of the options it takes --json alone")
        basemap.take_in(file, as_json=as_json)
        return
    result = _import(
        kind, file, chosen, save_profile, rejects_file=None if dry_run else rejects_file
    )
    if as_json:
        print_json(_document(result, of_feed=sync))
    else:
        _print(result, rejects_file, dry_run=dry_run)
    for warning in result.warnings:
        click.echo(f"Note: {warning}", err=True)
    if not (result.accepted or result.changed or result.withdrawn) and result.rejected:
        refuse("no row could be imported")


def _import(
    kind: str,
    file: Path,
    options: ImportOptions,
    save_profile: str | None = None,
    *,
    rejects_file: Path | None,
) -> ImportResult:
    """Import, with the rejected rows written before anything is kept; only preview without."""
    store, now = open_configured_store(), utc_now()
    if rejects_file is None:
        with _progress(file.name):
            return look(store, kind, file, options, now=now).result

    def keep_rejects(result: ImportResult) -> None:
        if result.rejected:
            _write_rejects(result, rejects_file)

    def keep(session: Session) -> None:
        if save_profile is not None:
            keep_profile(session, save_profile, kind, options)

    with _progress(file.name) as on_rows:
        return take_in(
            store, kind, file, options, now=now, on_read=keep_rejects, on_rows=on_rows, then=keep
        )


@contextmanager
def _progress(name: str) -> Iterator[OnRows]:
    """What is being done, and how far it is, on a terminal; nothing to another program."""
    console = Console(stderr=True)
    columns = ("{task.description}", BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as shown:
        task = shown.add_task(f"Reading {name}", total=None)

        def on_rows(done: int, of: int) -> None:
            shown.update(task, description=f"Writing {of:,} rows", completed=done, total=of)
            if done == of:
                shown.reset(task, total=None, description="Finishing")

        yield on_rows


def _write_rejects(result: ImportResult, path: Path) -> None:
    try:
        with private_files.written(path, replaces=True) as half:  # as personal as the file was
            rejects = harmless_table(result.rejects)
            rejects.to_csv(half, index=False, encoding="utf-8-sig")
    except OSError as error:
        refuse(
            f"{result.rejected} rejected rows cannot be written to {path} ({error.strerror}): "
            "give --rejects FILE; nothing was imported"
        )


def _undo(batch: int, *, dry_run: bool, as_json: bool) -> None:
    store = open_configured_store()
    if dry_run:
        with store.writing() as session:
            undone = undo_import(session, batch, now=utc_now())
            session.rollback()
    else:
        undone = taking_out.undo(store, batch, now=utc_now())
    rows, back = undone.rows, undone.back
    if as_json:
        print_json({"batch": batch, "removed": rows} | _put_back(back))
        return
    if dry_run:
        click.echo(f"Batch {batch} would be undone: {rows} rows. Nothing was changed.")
    else:
        click.echo(f"Batch {batch} is undone: {rows} rows taken out.")
    for words in back_in_words(back, will="would be" if dry_run else "are"):
        click.echo(words)


def _put_back(back: PutBack) -> dict[str, object]:
    """Nothing where the import changed nothing that was here."""
    if back == PutBack():
        return {}
    return {
        "put_back": back.changed,
        "reinstated": back.withdrawn,
        "changed_since": list(back.later),
    }


def _document(result: ImportResult, *, of_feed: bool) -> dict[str, object]:
    in_step: dict[str, object] = {}
    if of_feed:
        in_step = {"changed": result.changed, "gone": list(result.gone)}
        in_step["withdrawn"] = result.withdrawn
    return {
        "batch": result.batch,
        "read": result.read,
        "accepted": result.accepted,
        "rejected": result.rejected,
        "unchanged": result.unchanged,
        "errors": [vars(problem) for problem in result.problems],
        **in_step,
    }


def _print_preview(result: ImportResult) -> None:
    """Each column and what it was taken for, how it was read, and the first rows."""
    if result.preview is None:
        return
    click.echo("\nColumns:")
    for column in result.preview.columns:
        use = f"→ {column.field}" if column.field else "not used"
        examples = f"  ({'; '.join(column.examples)})" if column.examples else ""
        click.echo(f"  {column.header} {use}{examples}")
    for words in result.preview.readings:
        click.echo(f"  {words}")
    for number, row in enumerate(result.preview.first_rows, start=1):
        click.echo(f"Row {number} as it goes in:")
        click.echo("".join(f"  {name}: {value}\n" for name, value in row.items()))


def _of_gone(result: ImportResult, will: str) -> str:
    stay = len(result.gone) - result.withdrawn
    if not result.withdrawn:
        return ", and stay here"
    kept = f"; {stay} stay, as a crew, a photo or an officer speaks of them" if stay else ""
    return f"; {result.withdrawn} {will or 'are '}withdrawn{kept}"


def _print(result: ImportResult, rejects_file: Path, *, dry_run: bool) -> None:
    will = "would be " if dry_run else ""
    batch = "" if dry_run or result.batch is None else f" as batch {result.batch}"
    click.echo(
        f"{result.read} rows read: {result.accepted} {will}accepted{batch}, "
        f"{result.rejected} {will}rejected, {result.unchanged} here already."
        + (f" {result.changed} {will}changed." if result.changed else "")
        + (f" {result.left_out} were left out by --where." if result.left_out else "")
    )
    if result.gone:
        more = f" and {len(result.gone) - SHOWN} more" if len(result.gone) > SHOWN else ""
        click.echo(
            f"{len(result.gone)} that earlier files of this feed had are gone from it"
            f"{_of_gone(result, will)}: {', '.join(result.gone[:SHOWN])}{more}"
        )
    if dry_run:
        click.echo("This was a dry run: nothing was written.")
        _print_preview(result)
    if result.ignored:
        more = f" and {len(result.ignored) - SHOWN} more" if len(result.ignored) > SHOWN else ""
        click.echo(f"Columns not used: {', '.join(result.ignored[:SHOWN])}{more}")
    for problem in result.problems[:SHOWN]:
        value = f" {problem.value!r}" if problem.value else ""
        click.echo(f"  row {problem.row}, {problem.column}:{value} {problem.message}", err=True)
    if len(result.problems) > SHOWN:
        click.echo(f"  and {len(result.problems) - SHOWN} more", err=True)
    if result.rejected and not dry_run:
        click.echo(f"Rejected rows are in {rejects_file}: mend them and import that file.")
