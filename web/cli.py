"""The ``hotspots`` command: finds each subcommand's file, and says refusals in one line."""

import importlib
import sys

import click

from geodata.core.errors import GeodataError
from hotspots.core.errors import HotspotsError
from web.config import ConfigError

COMMANDS = {  # command -> the file and the name that hold it, and what it does
    "demo": ("demo:demo", "Build a synthetic borough, find its hotspots, and serve them"),
    "init": ("init:init", "Make an empty store for a council"),
    "import": ("imports:import_", "Take a file into the store, as one batch that can be undone"),
    "detect": ("detect:detect", "Flag the places where separate incidents recur"),
    "evaluate": ("evaluate:evaluate", "Ask of any dated points how well months could be forecast"),
    "law": ("law:law", "Print what the law says of a day and a place"),
    "due": ("due:due", "Reckon by when a report is to be cleared, and by which rule"),
    "plan-patrol": ("plan_patrol:plan_patrol", "Plan where to stand tonight, and when"),
    "report": ("report:report", "Write the report to the committee: HTML, DOCX and PDF"),
    "export": ("export:export", "Write a layer to a file: .gpkg, .geojson or .csv"),
    "backup": ("backup:backup", "Copy the store to a file while it is in use"),
    "restore": ("restore:restore", "Put a backup in the store's place"),
    "check": ("check:check", "Print what is set and from where, and what the store holds"),
    "user": ("user:user", "Accounts of officers, crews, partners and managers"),
    "settings": ("settings:settings", "Show what the council sets for itself"),
    "rules": ("rules:rules", "Show and set the dated tables: promise, holidays, amounts, law"),
    "contracts": ("contracts:contracts", "Show and set who clears, from when to when"),
    "relink": ("relink:relink", "Link every report of the store into incidents anew"),
    "rebuild": ("rebuild:rebuild", "Reckon anew what is kept of the record for its pages"),
    "retention": ("retention:retention", "Delete what is kept no longer"),
    "person": ("person:person", "What is kept of one person"),
    "figures": ("figures:figures", "Reckon the figures of a frozen report again"),
    "releases": ("releases:releases", "Show which figures were published, and when"),
    "open311": ("open311:open311", "List the Open311 services that this site asks, or ask them"),
    "systems": ("systems:systems", "List the systems that this site calls, or change a secret"),
    "tick": ("tick:tick", "Do the background work that is due"),
    "house": ("house:house", "Many councils in one house, each with a store of its own"),
    "serve": ("serve:serve", "Serve the pages from this machine"),
}


class LazyGroup(click.Group):
    """Loads a command's module when it is called for: ``--help`` must not wait for geopandas."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name][0].split(":")
        imported = importlib.import_module(f"web.commands.{module}")
        command: click.Command = getattr(imported, attribute)
        return command

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table: to ask each command would load them all."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="canister-hotspots")
def hotspots() -> None:
    """Find where nitrous-oxide canisters are dumped again and again, and follow it up.

    \b
    Example:  hotspots init --name "Dartford" --area wards.geojson
              hotspots import reports reports.csv
              hotspots detect
    """


def main(arguments: list[str] | None = None) -> object:
    """Entry point: exit status 0, 1 where something was refused, 2 for wrong usage."""
    try:
        return hotspots.main(arguments, prog_name="hotspots")
    except (GeodataError, HotspotsError, ConfigError) as error:
        advice = getattr(error, "in_shell", "")
        click.echo(f"Refused: {error}{advice and '; '}{advice}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"Refused: {error.filename or 'a file'}: {error.strerror or error}", err=True)
        sys.exit(1)
