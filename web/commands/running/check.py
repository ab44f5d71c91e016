"""``hotspots check``."""

import sys
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click
from sqlalchemy.engine import make_url

from geodata import places
from geodata.core import private_files
from geodata.core.errors import StoreError
from geodata.people import outbox
from geodata.store import settings
from geodata.store.engine import journals, open_store
from geodata.store.holdings import holdings
from geodata.store.soundness import findings
from web.clock import utc_now
from web.commands.core.context import print_json
from web.config import Config, load_config, weaknesses
from web.council import in_force
from web.services.settings.first_steps import Step, StepState, steps

SECRETS = frozenset(each.name for each in fields(Config) if not each.repr)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option("--store", "is_store", is_flag=True, help="Check the store row by row instead.")
def check(*, as_json: bool, is_store: bool) -> None:
    """Print what is set and from where, what the store holds, and what is unsafe.

    Lists what a new store still lacks, as the page First steps does. Ends with status 1 where
    something is unsafe for a site that others can reach.

    \b
    Example:  hotspots check
    """
    config = load_config()
    if is_store:
        _check_store(config, as_json=as_json)
        return
    risks = weaknesses(config)
    held: dict[str, Any] | None = None
    lacking: list[Step] = []
    try:
        held, lacking = _holdings(config), _first_steps(config)
    except StoreError as error:
        risks.append(str(error))
    risks += _exposed(config)
    if as_json:
        print_json(
            {
                "settings": _settings(config),
                "store": held,
                "unsafe": risks,
                "steps": [asdict(step) for step in lacking],
            }
        )
    else:
        _print(_settings(config), held, risks)
        _print_steps(lacking)
    if risks:
        sys.exit(1)


def _check_store(config: Config, *, as_json: bool) -> None:
    """One line for each thing that is wrong; the store stays as it is."""
    store = open_store(config.database_url, site_key=config.secret_key, migrates=False)
    click.get_current_context().call_on_close(store.close)
    with store.engine.connect() as connection:
        faults = findings(connection)
    if as_json:
        print_json({"findings": [asdict(finding) for finding in faults]})
    else:
        for finding in faults:
            click.echo(f"FAULT: {finding.sentence}")
        if not faults:
            click.echo("The store is sound.")
    if faults:
        sys.exit(1)


def _settings(config: Config) -> dict[str, dict[str, object]]:
    return {
        field.name: {
            "value": _shown(config, field.name),
            "source": config.sources.get(field.name, "default"),
        }
        for field in fields(config)
        if field.name != "sources"
    }


def _exposed(config: Config) -> list[str]:
    """Files that other accounts of the machine can read."""
    url = make_url(config.database_url)
    if url.get_backend_name() != "sqlite":
        return []
    path = Path(url.database or "")
    return [
        f"{file} can be read by other accounts: chmod 600 {file}"
        for file in (path, *journals(path))
        if file.exists() and private_files.is_exposed(file)
    ]


def _shown(config: Config, name: str) -> object:
    value = getattr(config, name)
    if name in SECRETS:
        return "set, hidden" if value else "not set"
    return hide_password(value) if name == "database_url" else value


def _holdings(config: Config) -> dict[str, Any]:
    store = open_store(config.database_url, site_key=config.secret_key)
    click.get_current_context().call_on_close(store.close)
    with store.reading() as session:
        area = places.borough(session)
        return {
            "council": settings.read(session, settings.COUNCIL_NAME),
            "area_km2": None if area is None else round(area.area / 1e6, 2),
            **asdict(holdings(session)),
            "mails_waiting": outbox.waiting(session),
        }


def _first_steps(config: Config) -> list[Step]:
    store = open_store(config.database_url, site_key=config.secret_key)
    click.get_current_context().call_on_close(store.close)
    with store.reading() as session:
        return steps(session, in_force(session, config), now=utc_now())


def _print_steps(first_steps: list[Step]) -> None:
    for step in first_steps:
        if step.state != StepState.DONE:
            where = " or ".join(filter(None, (step.page, step.command)))
            word = step.state.replace("_", " ").upper()
            click.echo(f"{word}: {step.title}. {step.detail}: {where}.")


def _print(
    set_: dict[str, dict[str, object]], held: dict[str, Any] | None, unsafe: list[str]
) -> None:
    for name, setting in set_.items():
        click.echo(f"{name:18} {setting['value']}  ({setting['source']})")
    if held is not None:
        extent = f"{held['area_km2']:.2f} km²" if held["area_km2"] else "no borough"
        click.echo(
            f"The store: {held['council'] or 'not named'}, {extent}, {held['reports']} reports, "
            f"{held['incidents']} incidents, {held['mails_waiting']} mails waiting."
        )
    for sentence in unsafe:
        click.echo(f"UNSAFE: {sentence}")
    if not unsafe:
        click.echo("Nothing unsafe was found.")


def hide_password(url: str) -> str:
    """A database address as it may be shown.

    >>> hide_password("postgresql://me:secret@host/db")
    'postgresql://me:***@host/db'
    """
    scheme, separator, rest = url.partition("://")
    account, at, host = rest.rpartition("@")
    user, colon, _ = account.partition(":")
    return f"{scheme}{separator}{user}{':***' if colon else ''}{at}{host}"
