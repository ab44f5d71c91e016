"""The ground under all maps, served from our own host by ranges of bytes."""

from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, send_file, url_for
from flask.typing import ResponseReturnValue

from geodata.basemap import kept
from geodata.basemap.kept import Basemap
from geodata.store.engine import Store
from web.config import Config

KEPT_S = 86_400
tiles = Blueprint("basemap", __name__)


def basemap_path(config: Config, store: Store) -> Path:
    """Where the ground lies: where the settings say, else beside the store."""
    return Path(config.basemap_file) if config.basemap_file else kept.path_beside(store.path)


def ground_file(config: Config, store: Store) -> Path | None:
    """The same, absolute; None where another's tiles take its place."""
    return None if config.tile_url else basemap_path(config, store).absolute()


def basemap() -> Basemap | None:
    """The ground of this site; None where there is none, or another's tiles take its place."""
    path = ground_file(current_app.config["HOTSPOTS"], current_app.extensions["store"])
    return None if path is None else kept.find(path)


def has_ground() -> bool:
    """Whether there is anything on a map to know a place by."""
    return bool(current_app.config["HOTSPOTS"].tile_url) or basemap() is not None


def _facts_for_maps() -> dict[str, object] | None:
    ground = basemap()
    if ground is None:
        return None
    return {
        "url": url_for("basemap.archive", version=ground.version),
        "attribution": ground.attribution,
        "last_zoom": ground.last_zoom,
    }


@tiles.get("/basemap.pmtiles")
def archive() -> ResponseReturnValue:
    """The file. Its address has its version, so that a browser may keep it for a day."""
    ground = basemap()
    if ground is None:
        abort(404)
    answer = send_file(
        ground.path,
        mimetype="application/vnd.pmtiles",
        conditional=True,
        etag=ground.version,
        max_age=KEPT_S,
    )
    answer.cache_control.no_cache = None
    answer.cache_control.public = True
    return answer


def register(app: Flask) -> None:
    """Serve it, and tell templates of it."""
    app.register_blueprint(tiles)
    app.add_template_global(_facts_for_maps, "basemap")  # macros see globals alone
    app.add_template_global(has_ground)
