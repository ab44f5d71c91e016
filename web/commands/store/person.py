"""``hotspots person``."""

from pathlib import Path

import click

from geodata.people.audit import Actor
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.services.admin import person_data


@click.group()
def person() -> None:
    """What is kept of one person, by mail address or telephone number.

    \b
    Example:  hotspots person find jo@example.org
    """


@person.command()
@click.argument("who")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def find(who: str, *, as_json: bool) -> None:
    """Say how much is kept of somebody.

    \b
    Example:  hotspots person find "07700 900123"
    """
    with open_configured_store().reading() as session:
        counts = person_data.find_person(session, who, now=utc_now()).counts()
    if as_json:
        print_json(counts)
        return
    for what, many in counts.items():
        click.echo(f"{what}: {many}")


@person.command()
@click.argument("who")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(who: str, file: Path) -> None:
    """Write all that is kept of somebody to a ZIP: person.json and the photos.

    \b
    Example:  hotspots person export jo@example.org jo.zip
    """
    with open_configured_store().writing() as session:
        content = person_data.export_person(session, who, Actor(None, utc_now()))
    file.touch(mode=0o600, exist_ok=False)
    file.write_bytes(content)
    click.echo(f"{file} holds what is kept of this person.")


@person.command()
@click.argument("who")
@click.option("--reason", required=True, help="For the audit log; no names.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def erase(who: str, reason: str, *, as_json: bool) -> None:
    """Take somebody out of everything that need not keep them, and say what was kept and why.

    \b
    Example:  hotspots person erase jo@example.org --reason "Request 17"
    """
    with open_configured_store().writing() as session:
        done = person_data.erase_person(session, who, reason, Actor(None, utc_now()))
    if as_json:
        kept = [{"what": what, "many": many, "why": why} for what, many, why in done.kept]
        print_json({"erased": done.erased, "kept": kept})
        return
    for what, many in done.erased.items():
        click.echo(f"{what}: {many} erased")
    for what, many, why in done.kept:
        click.echo(f"{what}: {many} kept, {why}")
