"""The application of one site: a council's, with a door to its neighbours, or a partnership's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask
from shapely.geometry import Point
from sqlalchemy.orm import Session

from web.application import create_app
from web.config import ConfigError
from web.county import register_county
from web.house.house_file import House, Site
from web.house.opening import open_site_store
from web.house.outlines import Outlines
from web.server.members import Member
from web.server.neighbours import Neighbour
from web.services.reporting.crossing import Parcel, unpack


class MemberDoor:
    """A partnership's way to the stores of its members: it reads in them, and nothing else."""

    def __init__(self, house: House, own: Site) -> None:
        self._house, self._own = house, own

    def all(self) -> list[Member]:
        sites = [site for site in self._house.councils if site.code in self._own.members]
        return [Member(site.code, site.name, address_of(site, self._own)) for site in sites]

    @contextmanager
    def reading(self, member: Member) -> Iterator[Session]:
        if member.code not in self._own.members:
            raise ConfigError(f"{member.code} is no member of {self._own.code}")
        store = open_site_store(self._house.site(member.code))
        try:
            with store.reading() as session:
                yield session
        finally:
            store.close()


class Door:
    """A council's way to the others: whose a point is, and a place to put a draft."""

    def __init__(self, house: House, outlines: Outlines, own: Site) -> None:
        self._house, self._outlines, self._own = house, outlines, own

    def at(self, point: Point) -> Neighbour | None:
        site = self._outlines.at(point)
        if site is None or site.code == self._own.code:
            return None
        return Neighbour(site.code, site.name, address_of(site, self._own))

    def pass_on(self, parcel: Parcel, to: Neighbour, *, now: datetime) -> str:
        store = open_site_store(self._house.site(to.code))
        try:
            with store.writing() as session:
                unpack(session, parcel, now=now)
        finally:
            store.close()
        return f"{to.address}report/{parcel.key}/passed-on"


def address_of(site: Site, seen_from: Site) -> str:
    """Where a site begins: on the same host where both have none of their own."""
    if not site.host and not seen_from.host:
        return f"{site.prefix}/"
    return f"{site.config.base_url.rstrip('/')}/"


def make_site_app(house: House, outlines: Outlines, site: Site) -> Flask:
    """The application of a site, on its store as it is.

    Raises
    ------
    ConfigError
        It cannot be served as it is set up.
    StoreError
        Its store cannot be opened.
    """
    store = open_site_store(site, shared_by=MOST_SHARING)
    try:
        register_pages = register_county if site.is_partnership else None
        app = create_app(site.config, store=store, mount=site.mount, register_pages=register_pages)
    except BaseException:
        store.close()
        raise
    if site.is_partnership:
        app.extensions["members"] = MemberDoor(house, site)
    else:
        app.extensions["neighbours"] = Door(house, outlines, site)
    return app


MOST_SHARING = 16
"""Stores that are read from at one moment: the memory for pages of files is theirs."""
