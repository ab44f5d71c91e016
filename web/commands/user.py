"""``hotspots user``."""

import click

from geodata.core.vocabulary import Role
from geodata.people import users
from web.clock import utc_now
from web.commands.context import open_configured_store


@click.group()
def user() -> None:
    """Accounts of officers, crews, partners and managers.

    \b
    Example:  hotspots user add jo --role officer
    """


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--email", help="For alerts.")
@click.option("--employer", help="Of a crew: its contractor, as contracts name it.")
@click.option("--enforcement", is_flag=True, help="May read penalty notices and record them.")
@click.option("--password", help="Asked for where it is not given; 12 characters or more.")
def add(
    name: str,
    role: str,
    email: str | None,
    employer: str | None,
    password: str | None,
    *,
    enforcement: bool,
) -> None:
    """Make an account.

    \b
    Example:  hotspots user add jo --role officer --enforcement
    """
    store = open_configured_store()
    password = password or _asked_for()
    with store.writing() as session:
        users.add(
            session,
            name,
            password,
            role,
            now=utc_now(),
            email=email,
            employer=employer,
            may_read_enforcement=enforcement,
        )
    click.echo(f"{name} may sign in as {role}.")


@user.command("password")
@click.argument("name")
@click.option("--password", help="Asked for where it is not given; 12 characters or more.")
def set_password(name: str, password: str | None) -> None:
    """Set a new password, which ends the account's other sessions.

    \b
    Example:  hotspots user password jo
    """
    store = open_configured_store()
    password = password or _asked_for()
    with store.writing() as session:
        users.set_password(session, name, password)
    click.echo(f"{name} has a new password.")


def _asked_for() -> str:
    """A password typed twice; only asked for once the store is known to be fit to keep it."""
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed
