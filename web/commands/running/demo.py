"""``hotspots demo``."""

import os

import click

from geodata.basemap.kept import find
from geodata.demo import ACCOUNTS, PASSWORD
from geodata.demo.ground import save_ground
from geodata.store.engine import Store, open_store
from web.application import create_app
from web.basemap import basemap_path
from web.clock import utc_now
from web.commands.core.context import working
from web.commands.running.serve import serve_forever
from web.config import Config, load_config
from web.services.admin.demonstration import ensure_demo

STORE = "sqlite:///hotspots-demo.gpkg"


@click.command()
@click.option("--serve/--no-serve", default=True, help="Serve the pages once the store is built.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def demo(host: str, port: int, *, serve: bool) -> None:
    """Build a synthetic borough, find its hotspots, and serve them.

    The store is ./hotspots-demo.gpkg, or what HOTSPOTS_DATABASE_URL names; beside it lies the
    ground of its maps. Both are used again the next time. Nothing in it ever happened, and every
    page says so.

    \b
    Example:  hotspots demo --port 8080
    """
    url = os.environ.get("HOTSPOTS_DATABASE_URL", STORE)
    config = load_config(database_url=url, insecure_cookies=True)
    store = open_store(url, site_key=config.secret_key, create=True)
    click.get_current_context().call_on_close(store.close)
    _fill(config, store)
    if serve:
        click.echo(f"Sign in as {', '.join(ACCOUNTS)}; the password is {PASSWORD}")
        serve_forever(create_app(config, store=store), host, port)
    else:
        click.echo(f"Other commands work on it with  export HOTSPOTS_DATABASE_URL={url}")


def _fill(config: Config, store: Store) -> None:
    with working("Building a synthetic borough …"), store.writing() as session:
        built = ensure_demo(session, now=utc_now())
    target = basemap_path(config, store)
    if find(target) is None:
        with working("Drawing its streets …"):
            save_ground(target)
    where = store.path or "the database"
    if built is None:
        click.echo(f"{where} holds the synthetic demo already: using it.")
    else:
        click.echo(
            f"{where}: {built.incidents} synthetic incidents, {built.hotspots} hotspots flagged."
        )
