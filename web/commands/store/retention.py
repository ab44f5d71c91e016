"""``hotspots retention``."""

import click

from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.config import load_config
from web.council import in_force
from web.server.ticks import terms_of
from web.services.admin import retention as schedule


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def retention(*, dry_run: bool, as_json: bool) -> None:
    """Delete what is kept no longer, as the tick does; what a legal hold names stays.

    \b
    Example:  hotspots retention --dry-run
    """
    store, now = open_configured_store(), utc_now()
    with store.reading() as session:
        terms = terms_of(in_force(session, load_config()))
        lines = schedule.due(session, terms, now=now)
    if not dry_run:
        with store.writing() as session:
            schedule.clean_up(session, terms, now=now)
    if as_json:
        print_json({line.of.name: {"due": line.due, "held": line.held} for line in lines})
        return
    done = "would be deleted" if dry_run else "deleted"
    for line in lines:
        click.echo(f"{line.of.what}: {line.due} {done}, {line.held} held ({line.of.how_long})")
