"""Background work of a whole house, one site after the other."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from geodata.core.errors import GeodataError
from web.clock import utc_now
from web.config import ConfigError
from web.house.house_file import House, Site
from web.house.opening import open_site_store
from web.server.ticks import EVERY_S, settings_now
from web.services.background.tick_settings import Ticked
from web.services.background.ticking import do_asked, tick

log = logging.getLogger(__name__)


def tick_site(site: Site) -> Ticked:
    """One tick of a site, on a store that is opened for it and closed again.

    Raises
    ------
    StoreError
        The store cannot be opened.
    """
    store = open_site_store(site)
    try:
        return tick(store, settings_now(site.config, store), clock=utc_now)
    finally:
        store.close()


def do_asked_of(site: Site) -> None:
    """What somebody of a site waits for on a page, and nothing else."""
    store = open_site_store(site)
    try:
        do_asked(store, settings_now(site.config, store), clock=utc_now)
    finally:
        store.close()


class HouseTicker(threading.Thread):
    """Ticks every site once a minute, and a site that wakes it next; one that fails stops nobody.

    A site of a server's database has a scheduler (``hotspots house tick``): here only what somebody
    waits for is done for it.
    """

    def __init__(self, house: House, *, every_s: float = EVERY_S) -> None:
        super().__init__(name="house-ticker", daemon=True)
        self._house, self._every_s = house, every_s
        self._ended, self._woken = threading.Event(), threading.Event()
        self._requests: deque[str] = deque()

    def run(self) -> None:
        while not self._ended.is_set():
            for site in self._house.sites:
                self._do_requests()
                if self._ended.is_set():
                    return
                self._do(site, _all_due if _is_embedded(site) else do_asked_of)
            self._wait()

    def _wait(self) -> None:
        """Until the next round is due; what is asked for meanwhile is done at once."""
        due = time.monotonic() + self._every_s
        while not self._ended.is_set() and (left_s := due - time.monotonic()) > 0:
            if self._woken.wait(left_s):
                self._woken.clear()
                self._do_requests()

    def _do_requests(self) -> None:
        for code in dict.fromkeys(self._requests.popleft() for _ in range(len(self._requests))):
            self._do(self._house.site(code), do_asked_of)

    def _do(self, site: Site, work: Callable[[Site], None]) -> None:
        try:
            work(site)
        except (GeodataError, ConfigError) as error:
            log.error("no tick of %s: %s", site.code, error)
        except Exception:
            log.exception("a tick of %s failed", site.code)

    def waker(self, site: Site) -> Waker:
        """What a site's application wakes this by."""
        return Waker(self, site.code)

    def ask(self, code: str) -> None:
        """Do next what somebody of a site waits for."""
        self._requests.append(code)
        self._woken.set()

    def stop(self) -> None:
        """End after the tick that is going on."""
        self._ended.set()
        self._woken.set()
        self.join()


class Waker:
    """One site's bell at the ticker of the house."""

    def __init__(self, ticker: HouseTicker, code: str) -> None:
        self._ticker, self._code = ticker, code

    def wake(self) -> None:
        self._ticker.ask(self._code)


def _all_due(site: Site) -> None:
    tick_site(site)


def _is_embedded(site: Site) -> bool:
    return site.config.database_url.startswith("sqlite:")
