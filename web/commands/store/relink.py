"""``hotspots relink``."""

import click

from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.services.incidents.linking import relink_apart


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def relink(*, as_json: bool) -> None:
    """Link every report of the store into incidents anew.

    An import links what its rows can have changed, which comes to the same. This looks at
    everything: after a repair, or to be sure. Incidents that a person put together stay.

    \b
    Example:  hotspots relink
    """
    store = open_configured_store()
    count = relink_apart(store, now=utc_now())
    if as_json:
        print_json({"incidents": count})
    else:
        click.echo(f"All reports are linked: {count} incidents.")
