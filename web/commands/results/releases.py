"""``hotspots releases``."""

import click

from geodata.rules.days import LONDON
from geodata.store import releases as released
from web.commands.core.context import open_configured_store, print_json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them, with their cells, as JSON.")
def releases(*, as_json: bool) -> None:
    """Show which figures were published, and when.

    The tick releases a month when it has ended, and the wards of a year in the February after it.
    What was released is never changed.

    \b
    Example:  hotspots releases
    """
    with open_configured_store().reading() as session:
        rows = released.releases(session)
        if as_json:
            print_json(
                [
                    {
                        "kind": row.kind,
                        "period": row.period,
                        "released_at": row.released_at.isoformat(),
                        "cells": row.cells,
                    }
                    for row in rows
                ]
            )
            return
        for row in rows:
            local = row.released_at.astimezone(LONDON)
            click.echo(f"{row.kind:6} {row.period:8} released {local:%Y-%m-%d %H:%M}")
        if not rows:
            click.echo("Nothing is released yet: hotspots tick releases a month when it has ended.")
