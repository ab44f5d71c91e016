"""``hotspots export``."""

from pathlib import Path

import click

from geodata.exporters import LAYERS, export_layer
from web.commands.context import open_configured_store


@click.command()
@click.argument("layer", type=click.Choice(list(LAYERS)))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(layer: str, file: Path) -> None:
    """Write a layer to a file: .gpkg, .geojson or .csv.

    Nobody can be told from it: no contact, no free text, no penalty's recipient.

    \b
    Example:  hotspots export hotspots hotspots.geojson
    """
    with open_configured_store().reading() as session:
        rows = export_layer(session, layer, file)
    click.echo(f"{rows} {layer} written to {file}.")
