"""``hotspots contracts``."""

from datetime import date, datetime

import click
from sqlalchemy.orm import Session

from geodata.clearances.contracts import Terms, all_periods, find
from geodata.people.audit import Actor
from geodata.rules.days import date_in_words, local_day
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.services.settings import contracts as use_cases

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--add", "contractor", help="Name of the contractor of a new contract.")
@click.option("--change", type=int, help="The contract, by its number, that gets the days given.")
@click.option("--from", "first", type=DAY, help="First day.")
@click.option("--to", "last", type=DAY, help="Last day.")
@click.option("--source", default="", help="The contract or the decision: why.")
@click.option("--undo", is_flag=True, help="Take the last change back.")
@click.option("--json", "as_json", is_flag=True, help="Print the contracts as JSON.")
def contracts(
    contractor: str | None,
    change: int | None,
    first: datetime | None,
    last: datetime | None,
    source: str,
    *,
    undo: bool,
    as_json: bool,
) -> None:
    """Show who clears, from when to when; changed first where something is given.

    The page /admin/contracts does the same. A change that names no day keeps the one there is.

    \b
    Example:  hotspots contracts --add FCC --from 2026-07-01 --source "Contract 26/4"
    """
    if sum(map(bool, (contractor, change, undo))) > 1:
        raise click.UsageError("give one of --add, --change and --undo")
    store, actor = open_configured_store(), Actor(None, utc_now())
    is_change = bool(contractor or change or undo)
    with store.writing() if is_change else store.reading() as session:
        if contractor:
            use_cases.enter(session, actor, Terms(contractor, _day(first), _day(last), source))
        elif change:
            period = find(session, change)
            days = (_day(first) or period.valid_from, _day(last) or period.valid_to)
            use_cases.change(session, actor, change, Terms(period.contractor, *days, source))
        elif undo:
            use_cases.undo(session, actor)
        _print(session, as_json=as_json)


def _day(moment: datetime | None) -> date | None:
    return moment and moment.date()


def _print(session: Session, *, as_json: bool) -> None:
    if as_json:
        periods = [
            {
                "key": each.id,
                "contractor": each.contractor,
                "valid_from": each.valid_from and each.valid_from.isoformat(),
                "valid_to": each.valid_to and each.valid_to.isoformat(),
                "source": each.source,
            }
            for each in all_periods(session)
        ]
        print_json({"contracts": periods})
        return
    view = use_cases.open_contracts(session, local_day(utc_now()))
    for each in view.periods:
        first = date_in_words(each.valid_from) if each.valid_from else "a day not known"
        days = f"from {first}" + (f" to {date_in_words(each.valid_to)}" if each.valid_to else "")
        click.echo(f"{each.id:4} {each.contractor}: {days} ({each.source or 'no source'})")
    for remark in view.remarks:
        click.echo(f"Note: {remark}.")
    if not view.periods:
        click.echo("No contract is entered: all crews see all jobs.")
