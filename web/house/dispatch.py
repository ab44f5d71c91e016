"""One WSGI application for all sites: picks whose a request is, by host and path.

A site's application is made when it is first asked for. So many are held; the one that nobody has
asked for longest goes when another comes. Its requests that are under way end as they would have:
to close a store gives back the connections that nobody uses.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask

from geodata.core.errors import GeodataError
from web.config import ConfigError
from web.house.house_file import House, Site, host_of

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
CLOSED_SITE = "hotspots.closed_site"
"""In the environment of a request that the first page answers because a site cannot be opened."""


class OpenSites:
    """The applications of sites, made when they are asked for, at most so many at a time."""

    def __init__(self, make: Callable[[Site], Flask], *, most: int) -> None:
        self._make, self._most = make, most
        self._apps: OrderedDict[str, Flask] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[str, threading.Lock] = {}

    def app(self, site: Site) -> Flask:
        """The application of a site.

        Raises
        ------
        ConfigError
            It cannot be served as it is set up.
        StoreError
            Its store cannot be opened.
        """
        with self._lock:
            if (app := self._apps.get(site.code)) is not None:
                self._apps.move_to_end(site.code)
                return app
            making = self._making.setdefault(site.code, threading.Lock())
        with making:  # others are served meanwhile
            with self._lock:
                app = self._apps.get(site.code)
            return app or self._keep(site, self._make(site))

    def codes(self) -> list[str]:
        """Those that are open, the one asked for last at the end."""
        with self._lock:
            return list(self._apps)

    def close(self) -> None:
        with self._lock:
            apps = list(self._apps.values())
            self._apps.clear()
        for app in apps:
            app.extensions["store"].close()

    def _keep(self, site: Site, app: Flask) -> Flask:
        dropped = []
        with self._lock:
            self._apps[site.code] = app
            while len(self._apps) > self._most:
                dropped.append(self._apps.popitem(last=False)[1])
        for each in dropped:
            each.extensions["store"].close()
        return app


class Dispatcher:
    """Hands each request to its site, to the first page where it is nobody's."""

    def __init__(self, house: House, sites: OpenSites, front: WSGIApplication) -> None:
        self.house, self.sites, self._front = house, sites, front

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        site = self.house.site_at(host_of(environ.get("HTTP_HOST", "")), path)
        if site is None:
            return self._front(environ, start_response)
        try:
            app = self.sites.app(site)
        except (GeodataError, ConfigError) as error:
            log.error("%s cannot be opened: %s", site.code, error)
            return self._front({**environ, CLOSED_SITE: site}, start_response)
        below = {
            **environ,
            "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + site.prefix,
            "PATH_INFO": path[len(site.prefix) :],
        }
        return app.wsgi_app(below, start_response)
