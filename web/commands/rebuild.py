"""``hotspots rebuild``."""

import click

from geodata.store import day_counts
from web.commands.context import open_configured_store


@click.command()
def rebuild() -> None:
    """Reckon anew what is kept of the record for its pages.

    The store keeps counts of each day as rows change. This counts the whole record again: after a
    repair by hand, or where  hotspots check  says that they differ.

    \b
    Example:  hotspots rebuild
    """
    with open_configured_store().writing() as session:
        differing = day_counts.differing(session.connection())
        day_counts.rebuild(session.connection())
    days = f"{len(differing)} day{'' if len(differing) == 1 else 's'}"
    click.echo(f"The days are counted anew: {days} differed.")
