"""``hotspots house``: many councils in one house, each with a store of its own."""

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from geodata.core.errors import GeodataError
from geodata.places.areas import read_areas
from web.commands.core.context import print_json, refuse
from web.commands.running.tick import print_ticked
from web.config import PREFIX, SETTINGS, Config, ConfigError, load_config
from web.house.checking import check_house
from web.house.database_roles import statements
from web.house.house_file import House, Site, read_house
from web.house.opening import migrated_site_store
from web.house.ticks import tick_site
from web.server import logs
from web.services.settings.founding import found_council


@click.group()
@click.option(
    "--file",
    "house_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The house file; else what HOTSPOTS_HOUSE names.",
)
@click.pass_context
def house(context: click.Context, house_file: Path | None) -> None:
    """Many councils in one house, each with a store of its own.

    A house is a file that names the councils, their addresses and their stores. With
    hotspots serve --house house.toml  one server answers for all of them.

    \b
    Example:  hotspots house --file house.toml check
    """
    context.obj = house_file


def _house(file: Path | None = None) -> House:
    named = file or click.get_current_context().obj or load_config().house
    if not named:
        refuse("no house is named: give --file house.toml, or set HOTSPOTS_HOUSE")
    return read_house(Path(named))


@house.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(file: Path | None, *, as_json: bool) -> None:
    """Say what is wrong with a house: its file, its stores, the borders between its councils.

    Ends with status 1 where something is a fault, and 0 where there are warnings alone. No store
    is changed.

    \b
    Example:  hotspots house check house.toml
    """
    of = _house(file)
    faults = check_house(of)
    if as_json:
        print_json({"sites": [_facts(site) for site in of.sites], "faults": [*map(asdict, faults)]})
    else:
        for site in of.sites:
            click.echo(f"{site.code:12} {site.host}{site.prefix}  {site.name}")
        for fault in faults:
            click.echo(f"{'WARNING' if fault.is_warning else 'FAULT'}: {fault.sentence}")
        if not faults:
            click.echo("The house is sound.")
    if any(not fault.is_warning for fault in faults):
        sys.exit(1)


def _facts(site: Site) -> dict[str, object]:
    return {
        "code": site.code,
        "name": site.name,
        "host": site.host,
        "prefix": site.prefix,
        "members": list(site.members),
    }


@house.command()
@click.argument("code")
@click.option(
    "--area",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Polygons of the wards, or of the borough.",
)
@click.option("--name-column", help="Column of the wards' names, where it is not found.")
@click.option("--crs", help="Coordinate system, such as EPSG:27700, whatever the file says.")
@click.option("--layer", help="Layer of a map file with several.")
def init(
    code: str, area: Path | None, name_column: str | None, crs: str | None, layer: str | None
) -> None:
    """Make the store of a council that the house file names, or of a partnership.

    \b
    Example:  hotspots house init E07000107 --area wards.geojson
    """
    site = _house().site(code)
    areas = read_areas(area, name_column=name_column, crs=crs, layer=layer) if area else []
    if not areas and not site.is_partnership:
        refuse(f"{site.code} needs its area: give --area wards.geojson")
    store = migrated_site_store(site, create=True)
    click.get_current_context().call_on_close(store.close)
    with store.writing() as session:
        made = found_council(session, council_name=site.name, areas=areas)
    for sentence in made.mended:
        click.echo(f"Note: {sentence}", err=True)
    extent = f", {made.area_km2:.2f} km², {made.wards} wards" if made.area_km2 else ""
    click.echo(f"The store of {site.name} ({site.code}) is ready{extent}.")


@house.command()
@click.argument("codes", nargs=-1)
def upgrade(codes: tuple[str, ...]) -> None:
    """Bring the stores to this program's version: all of them, or those that are named.

    Each file is copied beside itself first. One that fails stops no other.

    \b
    Example:  hotspots house upgrade
    """
    failed = 0
    for site in _chosen(codes):
        try:
            migrated_site_store(site).close()
            click.echo(f"{site.code} is of this version.")
        except GeodataError as error:
            failed += 1
            click.echo(f"Refused: {site.code}: {error}", err=True)
    if failed:
        sys.exit(1)


@house.command()
@click.argument("codes", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def tick(codes: tuple[str, ...], *, as_json: bool) -> None:
    """Do the background work that is due: of all sites, or of those that are named.

    One that fails stops no other.

    \b
    Example:  * * * * *  hotspots house --file house.toml tick
    """
    results: dict[str, object] = {}
    failed = 0
    sites = _chosen(codes)
    logs.configure(_house().config.log_format)
    for site in sites:
        try:
            done = tick_site(site)
        except (GeodataError, ConfigError) as error:
            failed += 1
            results[site.code] = {"refused": str(error)}
            click.echo(f"Refused: {site.code}: {error}", err=True)
            continue
        results[site.code] = asdict(done)
        if not as_json:
            click.echo(f"{site.code}:")
            print_ticked(done)
    if as_json:
        print_json(results)
    if failed:
        sys.exit(1)


def _chosen(codes: Sequence[str]) -> list[Site]:
    of = _house()
    return [of.site(code) for code in codes] if codes else list(of.sites)


@house.command(context_settings={"ignore_unknown_options": True})
@click.argument("code")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(code: str, command: tuple[str, ...]) -> None:
    """Run any other command on one site: with its settings, its key and its store.

    \b
    Example:  hotspots house run E07000107 -- import reports reports.csv
    """
    site = _house().site(code)
    for variable in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[variable]  # those of the house, or of another council
    os.environ.update(_as_environment(site.config))
    root = click.get_current_context().find_root().command
    root.main(list(command), prog_name=f"hotspots house run {site.code} --", standalone_mode=False)


def _as_environment(config: Config) -> dict[str, str]:
    set_here = [name for name in SETTINGS if name in config.sources]
    return {PREFIX + name.upper(): str(getattr(config, name)) for name in set_here}


@house.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def sql(file: Path | None) -> None:
    """Print what a database's administrator runs: a schema and a role for each council.

    A role has rights in its own schema and in no other: what a fault of the program, or a
    statement that somebody smuggles in, cannot get past. Passwords are set there, by \\password.

    \b
    Example:  hotspots house sql house.toml | psql postgresql://admin@host/canisters
    """
    for line in statements(_house(file)):
        click.echo(line)
