"""``hotspots import basemap``: the ground under all maps."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TimeElapsedColumn

from geodata.basemap.kept import find
from geodata.basemap.making import OnStep
from web.basemap import basemap_path
from web.commands.core.context import open_configured_store, print_json, refuse
from web.config import load_config
from web.services.admin.basemap import import_basemap


def take_in(file: Path, *, as_json: bool) -> None:
    """Make the ground of the store's borough from a map file, and say where it lies."""
    store = open_configured_store()
    target = basemap_path(load_config(), store)
    with _progress(file.name) as on_step, store.reading() as session:
        features = import_basemap(session, file, target, on_step=on_step)
    made = find(target)
    if made is None:
        refuse(f"{target} cannot be read again: is the disk full?")
    megabytes = target.stat().st_size / 1e6
    if as_json:
        print_json({"features": features, "file": str(target), "attribution": made.attribution})
        return
    click.echo(f"{features:,} features drawn into {target} ({megabytes:.1f} MB).")
    click.echo(f"Every map shows it from now on, with the line: {made.attribution}")


@contextmanager
def _progress(name: str) -> Iterator[OnStep]:
    console = Console(stderr=True)
    columns = ("{task.description}", BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as shown:
        task = shown.add_task(f"Reading {name}", total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)
