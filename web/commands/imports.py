"""``hotspots import``."""

from pathlib import Path
from typing import Any

import click

from geodata.importers.batches import ImportOptions, ImportResult
from geodata.importers.kinds import KINDS
from web.commands.context import open_configured_store, print_json, refuse, working
from web.commands.moments import utc_now
from web.services.importing import import_file, undo_batch

SHOWN = 10


def _mapping(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise click.BadParameter(f"{pair!r}: write THEIRS=OURS")
    return {theirs: ours for theirs, ours in (pair.rsplit("=", 1) for pair in pairs)}  # noqa: C416


@click.command("import")
@click.argument("kind", type=click.Choice(list(KINDS)), required=False)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--map",
    "mapping",
    multiple=True,
    callback=_mapping,
    metavar="THEIRS=OURS",
    help="A column of the file and the field it holds; may be repeated.",
)
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="Order of day and month.")
@click.option("--crs", help="Coordinate system, where the file names none.")
@click.option("--layer", help="Layer of a GeoPackage.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    help="Where to write rejected rows; else FILE.rejects.csv.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--undo", type=int, metavar="BATCH", help="Take a whole import out again.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_(
    kind: str | None,
    file: Path | None,
    undo: int | None,
    rejects: Path | None,
    *,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Take a file into the store, as one batch that can be undone.

    Good rows go in; bad ones are listed and written to a file that can be mended and imported
    again. A file imported twice adds nothing.

    \b
    Examples:  hotspots import reports reports.csv --dry-run
               hotspots import reports old.xlsx --map "Case no"=external_ref --dates dmy
               hotspots import --undo 3
    """
    if undo is not None:
        _undo(undo)
        return
    if kind is None or file is None:
        raise click.UsageError("say what to import, and from which file")
    result = _import(kind, file, ImportOptions(**options), dry_run=dry_run)
    rejects_file = rejects or file.with_name(file.name + ".rejects.csv")
    if result.rejected and not dry_run:
        result.rejects.to_csv(rejects_file, index=False, encoding="utf-8-sig")
    if as_json:
        print_json(_document(result))
    else:
        _print(result, rejects_file, dry_run=dry_run)
    if not result.accepted and result.rejected:
        refuse("no row could be imported")


def _import(kind: str, file: Path, options: ImportOptions, *, dry_run: bool) -> ImportResult:
    store = open_configured_store()
    session = store.session(is_writer=True)
    with working(f"Reading {file.name} …"), session:
        result = import_file(session, kind, file, options, now=utc_now())
        if dry_run:
            session.rollback()
        else:
            session.commit()
    return result


def _undo(batch: int) -> None:
    with open_configured_store().writing() as session:
        rows = undo_batch(session, batch, now=utc_now())
    click.echo(f"Batch {batch} is undone: {rows} rows taken out.")


def _document(result: ImportResult) -> dict[str, Any]:
    return {
        "batch": result.batch,
        "read": result.read,
        "accepted": result.accepted,
        "rejected": result.rejected,
        "unchanged": result.unchanged,
        "errors": [vars(problem) for problem in result.problems],
        "warnings": result.warnings,
    }


def _print(result: ImportResult, rejects_file: Path, *, dry_run: bool) -> None:
    will = "would be " if dry_run else ""
    batch = "" if dry_run or result.batch is None else f" as batch {result.batch}"
    click.echo(
        f"{result.read} rows read: {result.accepted} {will}accepted{batch}, "
        f"{result.rejected} {will}rejected, {result.unchanged} here already."
    )
    if result.ignored:
        click.echo(f"Columns not used: {', '.join(result.ignored)}")
    for warning in result.warnings:
        click.echo(f"Note: {warning}", err=True)
    for problem in result.problems[:SHOWN]:
        value = f" {problem.value!r}" if problem.value else ""
        click.echo(f"  row {problem.row}, {problem.column}:{value} {problem.message}", err=True)
    if len(result.problems) > SHOWN:
        click.echo(f"  and {len(result.problems) - SHOWN} more", err=True)
    if result.rejected and not dry_run:
        click.echo(f"Rejected rows are in {rejects_file}: mend them and import that file.")
