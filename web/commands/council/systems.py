"""``hotspots systems``."""

from datetime import timedelta

import click

from geodata.people import systems as stored
from geodata.people.audit import Actor
from geodata.people.systems import System
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.services.common.outgoing import host_of
from web.services.exchange import secret_changes
from web.services.exchange.secret_changes import LONGEST_OVERLAP, USUAL_OVERLAP


@click.group()
def systems() -> None:
    """Systems of others that this site calls. They are entered on the page Systems.

    \b
    Example:  hotspots systems list
    """


@systems.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(*, as_json: bool) -> None:
    """All of them: number, kind, host and state.

    \b
    Example:  hotspots systems list
    """
    with open_configured_store().reading() as session:
        rows = [_line(each) for each in stored.every(session)]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        old, since = row["old_secret_ends_at"], row["failing_since"]
        trouble = since and f"; it has taken nothing since {since}: {row['push_problem']}"
        click.echo(
            f"{row['id']} {row['name']}: {row['kind']} at {row['host']}, "
            f"{'on' if row['is_on'] else 'off'}{old and f'; its old secret is good until {old}'}"
            f"{trouble}"
        )


@systems.command("new-secret")
@click.argument("key", type=int)
@click.option(
    "--days",
    type=click.IntRange(0, LONGEST_OVERLAP.days),
    default=USUAL_OVERLAP.days,
    show_default=True,
    help="How long the old one signs besides; 0: no longer.",
)
def new_secret(key: int, *, days: int) -> None:
    """Make another secret for the pushes to a system of jobs, and print it once.

    \b
    Example:  hotspots systems new-secret 3 --days 14
    """
    with open_configured_store().writing() as session:
        actor = Actor(None, utc_now())
        changed = secret_changes.change(session, actor, key, overlap=timedelta(days=days))
    click.echo(changed.secret)
    ends_at = changed.old_secret_ends_at
    end = f"is good until {ends_at.isoformat()}" if ends_at else "has ended"
    click.echo(f"The old secret of {changed.name} {end}.", err=True)


def _line(system: System) -> dict[str, str | int | bool]:
    ends_at, since = system.old_secret_ends_at, system.failing_since
    return {
        "id": system.id,
        "name": system.name,
        "kind": system.kind,
        "host": host_of(system.url),
        "is_on": system.is_on,
        "old_secret_ends_at": ends_at.isoformat() if ends_at else "",
        "failing_since": since.isoformat() if since else "",
        "push_problem": system.push_problem or "",
    }
