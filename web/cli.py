"""The ``hotspots`` command: finds each subcommand's file, and says refusals in one line."""

import importlib
import sys
from keyword import iskeyword

import click

from geodata.core.errors import GeodataError
from hotspots.core.errors import HotspotsError
from web.config import ConfigError

COMMANDS = {  # command -> the room of web/commands that holds its file, and what it does
    "demo": ("running", "Build a synthetic borough, find its hotspots, and serve them"),
    "init": ("store", "Make an empty store for a council"),
    "import": ("files", "Take a file into the store, as one batch that can be undone"),
    "detect": ("analysis", "Flag the places where separate incidents recur"),
    "evaluate": ("analysis", "Ask of any dated points how well months could be forecast"),
    "law": ("council", "Print what the law says of a day and a place"),
    "due": ("council", "Reckon by when a report is to be cleared, and by which rule"),
    "plan-patrol": ("analysis", "Plan where to stand tonight, and when"),
    "report": ("results", "Write the report to the committee: HTML, DOCX and PDF"),
    "export": ("store", "Write a layer to a file: .gpkg, .geojson or .csv"),
    "backup": ("store", "Copy the store to a file while it is in use"),
    "restore": ("store", "Put a backup in the store's place"),
    "check": ("running", "Print what is set and from where, and what the store holds"),
    "user": ("council", "Accounts of officers, crews, partners and managers"),
    "settings": ("council", "Show what the council sets for itself"),
    "rules": ("council", "Show and set the dated tables: promise, holidays, amounts, law"),
    "contracts": ("council", "Show and set who clears, from when to when"),
    "relink": ("store", "Link every report of the store into incidents anew"),
    "rebuild": ("store", "Reckon anew what is kept of the record for its pages"),
    "retention": ("store", "Delete what is kept no longer"),
    "person": ("store", "What is kept of one person"),
    "figures": ("results", "Reckon the figures of a frozen report again"),
    "releases": ("results", "Show which figures were published, and when"),
    "open311": ("files", "List the Open311 services that this site asks, or ask them"),
    "systems": ("council", "List the systems that this site calls, or change a secret"),
    "tick": ("running", "Do the background work that is due"),
    "house": ("running", "Many councils in one house, each with a store of its own"),
    "serve": ("running", "Serve the pages from this machine"),
}


class LazyGroup(click.Group):
    """Loads a command's module when it is called for: ``--help`` must not wait for geopandas."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        own_name = name.replace("-", "_") + "_" * iskeyword(name)
        module = importlib.import_module(f"web.commands.{COMMANDS[name][0]}.{own_name}")
        command: click.Command = getattr(module, own_name)
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
