"""``hotspots export``."""

from pathlib import Path

import click
from click.formatting import wrap_text

from geodata.exporters.layers import LAYERS
from web.clock import utc_now
from web.commands.context import open_configured_store, print_json
from web.services.admin import exporting

_EPILOG = "\b\nLAYERS:\n" + wrap_text(
    ", ".join(LAYERS), initial_indent="  ", subsequent_indent="  "
)


@click.command(epilog=_EPILOG)
@click.argument("layer", type=click.Choice(list(LAYERS)), metavar="LAYER")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def export(layer: str, file: Path, *, as_json: bool) -> None:
    """Write a layer to a file: .gpkg, .geojson or .csv.

    Nobody can be told from it: no contact, no free text, no penalty's recipient.

    \b
    Example:  hotspots export hotspots hotspots.geojson
    """
    store = open_configured_store()
    is_audited = layer in exporting.AUDITED_LAYERS
    with store.writing() if is_audited else store.reading() as session:
        rows = exporting.export(session, layer, file, now=utc_now())
    if as_json:
        print_json({"layer": layer, "file": str(file), "rows": rows})
    else:
        click.echo(f"{rows} rows of {layer} written to {file}.")
