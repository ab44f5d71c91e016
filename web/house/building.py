"""Puts a house together: the dispatcher, its first page, and how each site is made."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Flask

from web.config import ConfigError, load_config
from web.house.checking import file_faults
from web.house.dispatch import Dispatcher, OpenSites
from web.house.finding import Finder
from web.house.front import create_front
from web.house.house_file import House, Site, read_house
from web.house.opening import MOST_OPEN
from web.house.outlines import Outlines
from web.house.site_app import make_site_app
from web.house.ticks import HouseTicker
from web.server import logs


def build_house(
    house: House, *, ticker: HouseTicker | None = None, most_open: int = MOST_OPEN
) -> Dispatcher:
    """The application of a house; no store is opened before somebody asks for its site.

    Parameters
    ----------
    ticker
        What does the background work, so that a page can wake it.
    most_open
        Applications held at a time.

    Raises
    ------
    ConfigError
        The settings of the house itself cannot be used, or two sites have something in common that
        would let one into the other.
    """
    if faults := list(file_faults(house)):
        raise ConfigError("; ".join(fault.sentence for fault in faults))
    if not logging.getLogger().handlers:  # else somebody has decided where the log goes
        logs.configure(house.config.log_format)
    outlines = Outlines(house.councils)

    def make(site: Site) -> Flask:
        app = make_site_app(house, outlines, site)
        if ticker is not None:
            app.extensions["ticker"] = ticker.waker(site)
        return app

    front = create_front(house, Finder(house, outlines))
    return Dispatcher(house, OpenSites(make, most=most_open), front)


def create_house() -> Dispatcher:
    """The house that HOTSPOTS_HOUSE names, for a server such as gunicorn.

    Raises
    ------
    ConfigError
        It names none, or the house cannot be served.
    """
    named = load_config().house
    if not named:
        raise ConfigError("HOTSPOTS_HOUSE is not set: let it name the house file")
    return build_house(read_house(Path(named)))
