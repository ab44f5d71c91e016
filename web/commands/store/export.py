"""``hotspots export``."""

from pathlib import Path

import click
from click.formatting import wrap_text

from geodata.exporters import ROLES
from geodata.exporters.layers import LAYERS
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.services.admin import exporting
from web.services.detection import satscan_export

GIS, SATSCAN = "gis", "satscan"
_EPILOG = "\b\nLAYERS:\n" + wrap_text(
    ", ".join([*LAYERS, GIS, SATSCAN]), initial_indent="  ", subsequent_indent="  "
)


@click.command(epilog=_EPILOG)
@click.argument("layer", type=click.Choice([*LAYERS, GIS, SATSCAN]), metavar="LAYER")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--role", type=click.Choice(ROLES), help="Who opens the file; with gis alone.")
@click.option("--contractor", "firm", help="Whose open jobs; with gis --role contractor.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def export(layer: str, file: Path, role: str | None, firm: str | None, *, as_json: bool) -> None:
    """Write a layer to a file: .gpkg, .geojson or .csv.

    Nobody can be told from it: no contact, no free text, no penalty's recipient.

    "gis" is all layers of a role in one styled GeoPackage, which a GIS opens instead of the store.
    "satscan" is the question of the detection for SaTScan: FILE.prm, and .cas, .geo and .pop
    beside it.

    \b
    Example:  hotspots export hotspots hotspots.geojson
              hotspots export gis wards.gpkg --role public
              hotspots export satscan borough.prm
    """
    _refuse_odd_options(layer, role, firm)
    rows = _export(layer, role, file, firm)
    if as_json:
        print_json({"layer": layer, "file": str(file), "rows": rows})
    elif isinstance(rows, int):
        click.echo(f"{rows} rows of {layer} written to {file}.")
    else:
        click.echo(f"{', '.join(f'{count} {name}' for name, count in rows.items())}: in {file}.")


def _refuse_odd_options(layer: str, role: str | None, firm: str | None) -> None:
    if (layer == GIS) != (role is not None):
        raise click.UsageError(f"gis and --role go together: give --role {', '.join(ROLES)}")
    if firm is not None and role != "contractor":
        raise click.UsageError("--contractor goes with gis --role contractor")


def _export(layer: str, role: str | None, file: Path, firm: str | None) -> int | dict[str, int]:
    if layer == SATSCAN:
        with open_configured_store().reading() as session:
            return satscan_export.write(session, file, now=utc_now())
    return _export_for_gis(role, file, firm) if role else _export_layer(layer, file)


def _export_layer(layer: str, file: Path) -> int:
    return exporting.export(open_configured_store(), layer, file, now=utc_now())


def _export_for_gis(role: str, file: Path, firm: str | None) -> dict[str, int]:
    with open_configured_store().reading() as session:
        return exporting.export_for_gis(session, role, file, firm=firm, now=utc_now())
