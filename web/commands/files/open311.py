"""``hotspots open311``."""

import click

from geodata.core.vocabulary import SystemKind
from geodata.people import systems
from geodata.reports import remote_requests
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json, refuse, working
from web.config import load_config
from web.services.exchange.open311_asking import Asked
from web.services.exchange.open311_asking import ask as ask_one


@click.command()
@click.option("--ask", is_flag=True, help="Ask them for requests now, whenever they were last.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def open311(*, ask: bool, as_json: bool) -> None:
    """List the Open311 services that this site asks for requests, or ask them.

    They are entered on the page Systems. The tick asks each every five minutes.

    \b
    Example:  hotspots open311 --ask
    """
    store, round_tally = open_configured_store(), Asked()
    with store.reading() as session:
        listed = systems.of_kinds(session, SystemKind.OPEN311)
    if ask:
        hosts = load_config().allowed_private_hosts
        with working("Asking"):
            for each in listed:
                ask_one(store, each, hosts, round_tally, clock=utc_now)
    with store.reading() as session:
        listed = systems.of_kinds(session, SystemKind.OPEN311)
        tallies = remote_requests.tallies(session)
    lines = []
    for each in listed:
        tally = tallies.get(each.id, remote_requests.Tally())
        lines.append(
            {
                "name": each.name,
                "reports": tally.reports,
                "refused": tally.refused,
                "asked_at": each.asked_at.isoformat() if each.asked_at else None,
                "problem": each.problem,
            }
        )
    if as_json:
        print_json(
            {"services": lines, "taken": round_tally.taken, "problems": round_tally.problems}
        )
    else:
        _print(lines, round_tally, has_asked=ask)
    if round_tally.problems:
        refuse("; ".join(round_tally.problems))


def _print(lines: list[dict[str, object]], round_tally: Asked, *, has_asked: bool) -> None:
    if not lines:
        click.echo("None is entered: a manager does so on the page Systems.")
    for line in lines:
        click.echo(
            f"{line['name']}: {line['reports']} requests became reports, {line['refused']} did not;"
            f" last asked {line['asked_at'] or 'never'}"
        )
    if has_asked:
        click.echo(
            f"{round_tally.taken} requests were taken in now, {round_tally.refused} were not."
        )
