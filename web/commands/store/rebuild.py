"""``hotspots rebuild``."""

import click

from geodata.store import day_counts, job_months
from web.commands.core.context import open_configured_store
from web.services.clearing.kept_jobs import keep_changed


@click.command()
def rebuild() -> None:
    """Reckon anew what is kept of the record for its pages.

    The store keeps counts of each day as rows change, and each month's jobs since the last tick.
    This makes all of it again: after a repair by hand, or where  hotspots check  says that they
    differ.

    \b
    Example:  hotspots rebuild
    """
    store = open_configured_store()
    with store.writing() as session:
        differing = day_counts.differing(session.connection())
        day_counts.rebuild(session.connection())
        job_months.forget(session.connection())
    months = keep_changed(store)
    click.echo(f"The days are counted anew: {_many(len(differing), 'day')} differed.")
    click.echo(f"The jobs of {_many(months, 'month')} are kept anew.")


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
