"""``hotspots backup``."""

from pathlib import Path

import click

from web.commands.context import open_configured_store


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the store to a file while it is in use.

    The copy is a GeoPackage like the store. A PostGIS store is backed up with pg_dump.

    \b
    Example:  hotspots backup /backups/hotspots-2026-11-23.gpkg
    """
    size = open_configured_store().copy_to(file)
    click.echo(f"{file} holds a copy of the store, {size / 1e6:.1f} MB.")
