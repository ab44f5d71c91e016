"""``hotspots backup``."""

from pathlib import Path

import click

from geodata.store import backups
from geodata.store.background import record_backup
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.config import load_config
from web.services.admin import backup_age


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def backup(file: Path, *, as_json: bool) -> None:
    """Copy the store to a file while it is in use.

    The copy is read back before it gets its name. It is a GeoPackage like the store.
    A PostGIS store is backed up with pg_dump.

    Copies that this command made are deleted after HOTSPOTS_BACKUP_DAYS days, by the next backup or
    tick: they hold what the store has deleted since.

    \b
    Example:  hotspots backup /backups/hotspots-2026-11-23.gpkg
    """
    store = open_configured_store()
    made = backups.back_up(store, file)
    with store.writing() as session:
        record_backup(session, file, utc_now())
        gone = backup_age.delete_old(session, now=utc_now(), days=load_config().backup_days)
    if as_json:
        deleted = [str(path) for path in gone]
        print_json({"file": str(file), "bytes": made.bytes, "deleted": deleted})
        return
    for path in gone:
        click.echo(f"{path} was too old and is deleted.")
    click.echo(f"{file} holds a copy of the store, {made.bytes / 1e6:.1f} MB.")
    for finding in made.findings:
        click.echo(f"Note: {finding.sentence}, in the store as in the copy.", err=True)
