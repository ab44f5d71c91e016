"""``hotspots restore``."""

import tempfile
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from geodata.store import backups
from web.commands.core.context import refuse
from web.config import load_config


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check-only", is_flag=True, help="Rehearse it in a scratch folder; change nothing.")
@click.option(
    "--replace", is_flag=True, help="Put a store that is there aside, under another name."
)
def restore(file: Path, *, check_only: bool, replace: bool) -> None:
    """Put a backup in the store's place, once it has passed a rehearsal.

    The rehearsal opens a copy, brings it to this version and checks it whole. Stop the server
    first. A PostGIS store is restored with pg_restore.

    \b
    Example:  hotspots restore /backups/hotspots-2026-11-23.gpkg --check-only
    """
    if check_only:
        _rehearse(file)
        return
    url = make_url(load_config().database_url)
    if url.get_backend_name() != "sqlite":
        refuse(
            "a PostGIS store is restored into an empty database: pg_restore --no-owner "
            "--dbname DATABASE FILE, then  hotspots check --store"
        )
    target = Path(url.database or "")
    aside = backups.restore(file, target, replaces=replace)
    click.echo(f"{target} holds what {file} held.")
    if aside is not None:
        click.echo(f"The store that was there is kept as {aside}.")


def _rehearse(file: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        faults = backups.rehearse(file, Path(folder) / file.name)
    if faults:
        refuse(f"{file} is not sound: {'; '.join(finding.sentence for finding in faults)}")
    click.echo(f"{file} can be restored: it opens, migrates and is sound.")
