"""``hotspots due``."""

from datetime import UTC, datetime

import click

from geodata.core.errors import UnreachableStoreError
from geodata.rules.clearances.service_level import (
    Hazard,
    ServiceClock,
    packaged_clock,
    service_clock,
)
from geodata.rules.days import LONDON
from web.commands.core.context import open_configured_store, print_json
from web.commands.core.moments import Moment
from web.config import load_config


@click.command()
@click.option("--reported-at", type=Moment(), required=True, help="When the public told, in full.")
@click.option("--hazard", type=click.Choice([h.value for h in Hazard]), multiple=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def due(reported_at: datetime, hazard: tuple[str, ...], *, as_json: bool) -> None:
    """Reckon by when a report is to be cleared, and by which rule.

    The store's own rules and working days count where there is a store.

    \b
    Example:  hotspots due --reported-at 2026-04-02T16:30:00+01:00 --hazard needles --json
    """
    due_time = _clock().due(reported_at, hazard)
    local = due_time.at.astimezone(LONDON)
    elapsed_h = round((due_time.at - reported_at.astimezone(UTC)).total_seconds() / 3600, 4)
    if as_json:
        print_json(
            {
                "due_at": due_time.at.isoformat(),
                "due_local": local.isoformat(),
                "rule": due_time.rule,
                "elapsed_hours": elapsed_h,
            }
        )
    else:
        click.echo(
            f"{local:%A %d %B %Y, %H:%M:%S} in London ({elapsed_h:g} hours; {due_time.rule})"
        )


def _clock() -> ServiceClock:
    """The configured store's rules; the packaged ones where no store is named and none is here."""
    try:
        with open_configured_store().reading() as session:
            return service_clock(session)
    except UnreachableStoreError:
        if "database_url" in load_config().sources:
            raise
        return packaged_clock()
