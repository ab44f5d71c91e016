"""What every command needs: the settings and the store they name."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from rich.console import Console

from geodata.store.engine import Store, open_store
from web.config import load_config


def open_configured_store(*, create: bool = False) -> Store:
    """The store that HOTSPOTS_DATABASE_URL names, ./hotspots.gpkg where it names none."""
    config = load_config()
    if config.house:
        refuse(
            f"{config.house} names several councils: say which, by  "
            "hotspots house run CODE -- COMMAND"
        )
    store = open_store(config.database_url, site_key=config.secret_key, create=create)
    click.get_current_context().call_on_close(store.close)
    return store


@contextmanager
def working(words: str) -> Iterator[None]:
    """Say on a terminal what takes its time; say nothing to another program."""
    with Console(stderr=True).status(words):
        yield


def print_json(value: object) -> None:
    """One JSON document on standard output, as another program wants it."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def refuse(message: str) -> NoReturn:
    """End with status 1 and the reason on standard error."""
    click.echo(f"Refused: {message}", err=True)
    sys.exit(1)
