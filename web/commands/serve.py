"""``hotspots serve``."""

import click
from flask import Flask

from web.application import create_app
from web.commands.context import refuse
from web.config import load_config
from web.server.serving import make_server
from web.server.ticks import Ticker


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the pages from this machine.

    Before the public is let in, put a proxy with https in front, and see  hotspots check.

    \b
    Example:  hotspots serve --port 8080
    """
    serve_forever(create_app(load_config()), host, port)


def serve_forever(app: Flask, host: str, port: int) -> None:
    """Answer until the process is ended."""
    try:
        server = make_server(app, host, port)
    except OSError as error:
        refuse(f"{host}:{port} cannot be listened on ({error.strerror}): give another --port")
    store = app.extensions["store"]
    # A store of several hosts has a scheduler that does the other background work.
    ticker = Ticker(store, app.config["HOTSPOTS"], drafts_alone=not store.is_embedded)
    app.extensions["ticker"] = ticker
    ticker.start()
    click.echo(f"Open http://{host}:{port}/  (Ctrl+C ends)")
    server.run()
