"""``hotspots serve``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import Flask

from web.application import create_app
from web.commands.core.context import refuse
from web.config import load_config
from web.server.serving import make_server
from web.server.ticks import Ticker

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--house",
    "house_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Serve the councils of this file, instead of one alone.",
)
def serve(host: str, port: int, house_file: Path | None) -> None:
    """Serve the pages from this machine.

    Before the public is let in, put a proxy with https in front, and see  hotspots check.
    Several councils: name their file here or in HOTSPOTS_HOUSE, and see  hotspots house.

    \b
    Example:  hotspots serve --port 8080
    """
    config = load_config()
    if house_file or config.house:
        _serve_house(house_file or Path(config.house), host, port)
    else:
        serve_forever(create_app(config), host, port)


def _serve_house(house_file: Path, host: str, port: int) -> None:
    from web.house.building import build_house  # one council alone needs none of it
    from web.house.house_file import read_house
    from web.house.ticks import HouseTicker

    house = read_house(house_file)
    ticker = HouseTicker(house)
    server = _listening(build_house(house, ticker=ticker), host, port)
    ticker.start()
    click.echo(f"Open http://{host}:{port}/  for {len(house.sites)} sites (Ctrl+C ends)")
    server.run()


def serve_forever(app: Flask, host: str, port: int) -> None:
    """Answer until the process is ended."""
    server = _listening(app, host, port)
    store = app.extensions["store"]
    # A store of several hosts has a scheduler that does the other background work.
    ticker = Ticker(store, app.config["HOTSPOTS"], drafts_alone=not store.is_embedded)
    app.extensions["ticker"] = ticker
    ticker.start()
    click.echo(f"Open http://{host}:{port}/  (Ctrl+C ends)")
    server.run()


def _listening(app: WSGIApplication, host: str, port: int) -> Any:
    try:
        return make_server(app, host, port)
    except OSError as error:
        refuse(f"{host}:{port} cannot be listened on ({error.strerror}): give another --port")
