"""The ``hotspots`` command: finds each subcommand's file, and says refusals in one line."""

import importlib
import sys

import click

from geodata.core.errors import GeodataError
from hotspots.core.errors import HotspotsError
from web.config import ConfigError

COMMANDS = {  # command -> the module and the name that hold it
    "demo": "web.commands.demo:demo",
    "init": "web.commands.init:init",
    "import": "web.commands.imports:import_",
    "detect": "web.commands.detect:detect",
    "evaluate": "web.commands.evaluate:evaluate",
    "law": "web.commands.law:law",
    "due": "web.commands.due:due",
    "plan-patrol": "web.commands.plan_patrol:plan_patrol",
    "export": "web.commands.export:export",
    "backup": "web.commands.backup:backup",
    "restore": "web.commands.restore:restore",
    "check": "web.commands.check:check",
    "user": "web.commands.user:user",
    "settings": "web.commands.settings:settings",
    "retention": "web.commands.retention:retention",
    "person": "web.commands.person:person",
    "releases": "web.commands.releases:releases",
    "tick": "web.commands.tick:tick",
    "serve": "web.commands.serve:serve",
}


class LazyGroup(click.Group):
    """Loads a command's module when it is called for: ``--help`` must not wait for geopandas."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


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
        click.echo(f"Refused: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"Refused: {error.filename or 'a file'}: {error.strerror or error}", err=True)
        sys.exit(1)
