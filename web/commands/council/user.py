"""``hotspots user``: the operator's way to everything that the page of accounts does."""

import sys

import click

from geodata.accounts import invitations, passwords, users
from geodata.accounts.rights import Rights
from geodata.core.vocabulary import Role
from geodata.people.audit import Actor
from geodata.store import sealed_rows, settings
from geodata.store.engine import Store
from web.clock import utc_now
from web.commands.core.context import open_configured_store, print_json
from web.config import ConfigError, load_config
from web.council import in_force
from web.server import secret_key
from web.server.senders import sender_of
from web.services.accounts import management
from web.services.accounts.management import Invited, Manager, NewAccount
from web.services.mail.letters import Sender

ROLE = click.Choice([role.value for role in Role])


@click.group()
def user() -> None:
    """Accounts of officers, crews, partners and managers.

    \b
    Example:  hotspots user invite jo --role officer --email jo@example.org
    """


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(*, as_json: bool) -> None:
    """All accounts: role, permission, state and last sign-in.

    \b
    Example:  hotspots user list
    """
    now = utc_now()
    with open_configured_store().reading() as session:
        invited = invitations.waiting(session, now=now)
        rows = [
            {
                "name": each.name,
                "role": each.role,
                "employer": each.employer,
                "may_read_enforcement": each.may_read_enforcement,
                "is_active": each.is_active,
                "is_invited": each.id in invited,
                "has_second_factor": each.has_second_factor,
                "last_sign_in_at": each.last_sign_in_at and each.last_sign_in_at.isoformat(),
            }
            for each in users.every(session)
        ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        marks = [
            "" if row["is_active"] else "disabled",
            "enforcement" if row["may_read_enforcement"] else "",
            "invited" if row["is_invited"] else "",
            "second factor" if row["has_second_factor"] else "",
        ]
        facts = ", ".join([str(word) for word in (row["role"], row["employer"], *marks) if word])
        click.echo(f"{row['name']}: {facts}; last sign-in {row['last_sign_in_at'] or 'never'}")


@user.command()
@click.argument("name")
@click.option("--role", type=ROLE, required=True)
@click.option("--email", help="For the link, and for alerts.")
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
    """Make an account with a password.

    \b
    Example:  hotspots user add jo --role officer --enforcement
    """
    store = open_configured_store()
    hashed = passwords.hashed(
        password or _asked_for(), name=name, site_key=load_config().secret_key
    )
    new = NewAccount(name, Rights(role, enforcement), email, employer)
    with store.writing() as session:
        management.add(session, _operator(), new, hashed)
    click.echo(f"{name} may sign in as {role}.")


@user.command()
@click.argument("name")
@click.option("--role", type=ROLE, required=True)
@click.option("--email", help="Where the link goes.")
@click.option("--employer", help="Of a crew: its contractor, as contracts name it.")
@click.option("--enforcement", is_flag=True, help="May read penalty notices and record them.")
def invite(
    name: str, role: str, email: str | None, employer: str | None, *, enforcement: bool
) -> None:
    """Make an account whose holder chooses the password by a one-time link, which is printed.

    \b
    Example:  hotspots user invite jo --role officer --email jo@example.org
    """
    store = open_configured_store()
    new = NewAccount(name, Rights(role, enforcement), email, employer)
    with store.writing() as session:
        invited = management.invite(session, _operator(), new, _sender(store))
    _print_link(invited)


@user.command()
@click.argument("name")
def link(name: str) -> None:
    """Make a new one-time link: the first was lost, or the password forgotten.

    \b
    Example:  hotspots user link jo
    """
    store = open_configured_store()
    with store.writing() as session:
        key = users.find(session, name).id
        invited = management.send_link(session, _operator(), key, _sender(store))
    _print_link(invited)


@user.command("password")
@click.argument("name")
@click.option("--password", help="Asked for where it is not given; 12 characters or more.")
def set_password(name: str, password: str | None) -> None:
    """Set a new password, which ends the account's sessions and calendar links.

    \b
    Example:  hotspots user password jo
    """
    store = open_configured_store()
    with store.reading() as session:
        key = users.find(session, name).id
    hashed = passwords.hashed(
        password or _asked_for(), name=name, site_key=load_config().secret_key
    )
    with store.writing() as session:
        management.set_password(session, _operator(), key, hashed)
    click.echo(f"{name} has a new password.")


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Disable an account: its sessions, links and calendars end at once.

    \b
    Example:  hotspots user disable jo
    """
    with open_configured_store().writing() as session:
        key = users.find(session, name).id
        operator = _operator()
        management.switch(session, operator, key, is_active=False)
        keys = management.keys_that_stay(session, key, now=operator.now)
    click.echo(f"{name} is disabled; its sessions and calendar links have ended.{keys}")


@user.command()
@click.argument("name")
def enable(name: str) -> None:
    """Enable an account that was disabled.

    \b
    Example:  hotspots user enable jo
    """
    with open_configured_store().writing() as session:
        key = users.find(session, name).id
        management.switch(session, _operator(), key, is_active=True)
    click.echo(f"{name} is enabled.")


@user.command()
@click.argument("name")
@click.argument("role", type=ROLE)
def role(name: str, role: str) -> None:
    """Give an account another role, which signs it out.

    \b
    Example:  hotspots user role jo manager
    """
    with open_configured_store().writing() as session:
        account = users.find(session, name)
        rights = Rights(role, account.may_read_enforcement)
        management.set_rights(session, _operator(), account.id, rights)
    click.echo(f"{name} has the role {role}.")


@user.command()
@click.argument("name")
@click.option("--enforcement/--no-enforcement", required=True, help="May read penalty notices.")
def permission(name: str, *, enforcement: bool) -> None:
    """Give an account the permission to read enforcement data, or take it away.

    \b
    Example:  hotspots user permission jo --no-enforcement
    """
    with open_configured_store().writing() as session:
        account = users.find(session, name)
        rights = Rights(account.role, enforcement)
        management.set_rights(session, _operator(), account.id, rights)
    click.echo(f"{name} {'may' if enforcement else 'may not'} read enforcement data.")


@user.command()
@click.argument("name")
@click.option("--email", help="Where mails go; empty: none.")
@click.option("--employer", help="Who employs them; empty: nobody said.")
def details(name: str, email: str | None, employer: str | None) -> None:
    """Change an account's mail address or employer.

    \b
    Example:  hotspots user details jo --employer "Cleansweep Ltd"
    """
    with open_configured_store().writing() as session:
        account = users.find(session, name)
        management.set_details(
            session,
            _operator(),
            account.id,
            email=account.email if email is None else email,
            employer=account.employer if employer is None else employer,
        )
    click.echo(f"{name} is changed.")


@user.command("sign-out")
@click.argument("name")
def sign_out(name: str) -> None:
    """End all sessions and calendar links of an account: a telephone was lost.

    \b
    Example:  hotspots user sign-out jo
    """
    with open_configured_store().writing() as session:
        key = users.find(session, name).id
        ended = management.end_sessions(session, _operator(), key)
    click.echo(f"{name} is signed out everywhere ({ended} sessions).")


@user.command("reset-second-factor")
@click.argument("name")
def reset_second_factor(name: str) -> None:
    """Take an account's lost second factor away, which signs it out.

    \b
    Example:  hotspots user reset-second-factor jo
    """
    with open_configured_store().writing() as session:
        key = users.find(session, name).id
        management.reset_second_factor(session, _operator(), key)
    click.echo(f"{name} has no second factor now.")


@user.command()
@click.option(
    "--old-key",
    envvar="HOTSPOTS_OLD_SECRET_KEY",
    help="The secret key until now; asked for where it is not given.",
)
def reseal(old_key: str | None) -> None:
    """Keep passwords, contacts and mails under a new secret key, HOTSPOTS_SECRET_KEY.

    Stop the server first. Everybody is signed out by the new key in any case, and second factors
    are set up again.

    \b
    Example:  hotspots user reseal
    """
    key = load_config().secret_key
    if advice := secret_key.advice(key):
        raise ConfigError(advice)
    old_key = old_key or _asked_for_old_key()
    with open_configured_store().writing() as session:
        passwords_sealed = users.seal_passwords(session, key, old_key=old_key)
        rows_sealed = sealed_rows.seal_rows(session, old_key=old_key)
    click.echo(
        f"{passwords_sealed} passwords, and {rows_sealed} contacts, mails and unsent reports, are "
        "sealed by the new key."
    )


def _asked_for_old_key() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError(
            "nobody can be asked here: give --old-key or HOTSPOTS_OLD_SECRET_KEY"
        )
    return str(click.prompt("The secret key until now", hide_input=True))


@user.command("second-factor")
@click.option("--required/--optional", required=True, help="Of officers, managers and admins.")
def second_factor(*, required: bool) -> None:
    """Say whether officers and above must have a second factor.

    \b
    Example:  hotspots user second-factor --required
    """
    with open_configured_store().writing() as session:
        management.require_second_factor(session, _operator(), is_required_now=required)
    click.echo(f"The second factor is {'required' if required else 'optional'}.")


def _operator() -> Manager:
    return Manager(Actor(None, utc_now()))


def _sender(store: Store) -> Sender:
    config = load_config()
    with store.reading() as session:
        council = settings.read(session, settings.COUNCIL_NAME, "")
        config = in_force(session, config)
    return sender_of(config, config.council_name or council)


def _print_link(invited: Invited) -> None:
    """On standard output alone, for whoever runs the command: it is kept nowhere."""
    site = load_config().base_url.rstrip("/")
    click.echo(f"{site}/welcome/{invited.token}")
    days = invitations.LIFETIME.days
    click.echo(
        f"{invited.account.name} chooses a password there, once, within {days} days.", err=True
    )


def _asked_for() -> str:
    """A password typed twice; only asked for once the store is known to be fit to keep it."""
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed
