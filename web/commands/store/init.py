"""``hotspots init``."""

from pathlib import Path

import click

from geodata.places.areas import read_areas
from web.commands.core.context import open_configured_store
from web.services.settings.founding import found_council


@click.command()
@click.option("--name", help="The council's name, shown on every page.")
@click.option(
    "--area",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Polygons of the wards, or of the borough: GeoJSON, GeoPackage, KML, zipped Shapefile.",
)
@click.option("--name-column", help="Column of the wards' names, where it is not found.")
@click.option("--crs", help="Coordinate system, such as EPSG:27700, whatever the file says.")
@click.option("--layer", help="Layer of a map file with several.")
def init(
    name: str | None,
    area: Path | None,
    name_column: str | None,
    crs: str | None,
    layer: str | None,
) -> None:
    """Make an empty store for a council.

    The store is ./hotspots.gpkg, or what HOTSPOTS_DATABASE_URL names. The borough guards every
    import and report: rows that lie outside are refused.

    \b
    Example:  hotspots init --name "Dartford" --area wards.geojson
    """
    # Read first: a file that is refused must leave no empty store behind.
    areas = read_areas(area, name_column=name_column, crs=crs, layer=layer) if area else []
    store = open_configured_store(create=True)
    with store.writing() as session:
        made = found_council(session, council_name=name, areas=areas)
    for sentence in made.mended:
        click.echo(f"Note: {sentence}", err=True)
    where = store.path or "the database"
    extent = f", {made.area_km2:.2f} km², {made.wards} wards" if made.area_km2 else ""
    click.echo(f"{where} is ready for {made.council_name}{extent}.")
    if not made.area_km2:
        click.echo(
            "It has no area yet: reports from anywhere are taken, and nothing can be detected. "
            "Give one with  hotspots init --area wards.geojson",
            err=True,
        )
