"""``hotspots check``."""

import sys
from dataclasses import fields

import click

from geodata import frames, outbox, places, settings
from geodata.engine import Store, open_store
from geodata.errors import StoreError
from web.config import Config, load_config, weaknesses

SECRETS = ("secret_key", "smtp_password")


@click.command()
def check() -> None:
    """Print what is set and from where, what the store holds, and what is unsafe.

    Ends with status 1 where something is unsafe for a site that others can reach.

    \b
    Example:  hotspots check
    """
    config = load_config()
    for field in fields(config):
        if field.name != "sources":
            source = config.sources.get(field.name, "default")
            click.echo(f"{field.name:18} {_shown(config, field.name)}  ({source})")
    try:
        store = open_store(config.database_url)
    except StoreError as error:
        found = [*weaknesses(config), str(error)]
    else:
        click.get_current_context().call_on_close(store.close)
        _print_store(store)
        found = weaknesses(config)
    for sentence in found:
        click.echo(f"UNSAFE: {sentence}")
    if found:
        sys.exit(1)
    click.echo("Nothing unsafe was found.")


def _shown(config: Config, name: str) -> str:
    value = getattr(config, name)
    if name in SECRETS:
        return "set, hidden" if value else "not set"
    if name == "database_url":
        return hide_password(value)
    return repr(value)


def hide_password(url: str) -> str:
    """A database address as it may be shown.

    >>> hide_password("postgresql://me:secret@host/db")
    'postgresql://me:***@host/db'
    """
    scheme, separator, rest = url.partition("://")
    account, at, host = rest.rpartition("@")
    user, colon, _ = account.partition(":")
    return f"{scheme}{separator}{user}{':***' if colon else ''}{at}{host}"


def _print_store(store: Store) -> None:
    with store.reading() as session:
        council = settings.read(session, settings.COUNCIL_NAME, "not named")
        area = places.borough(session)
        reports, incidents = len(frames.reports(session)), len(frames.incidents(session))
        mails = outbox.waiting(session)
    extent = "no borough" if area is None else f"{area.area / 1e6:.2f} km²"
    click.echo(
        f"The store: {council}, {extent}, {reports} reports, {incidents} incidents, "
        f"{mails} mails waiting."
    )
