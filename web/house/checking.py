"""What is wrong with a house, in sentences; nothing is changed by looking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from geodata import places
from geodata.accounts import users
from geodata.core import private_files
from geodata.core.errors import StoreError
from geodata.store.engine import Store
from web.clock import today
from web.config import weaknesses
from web.house.house_file import House, Site
from web.house.opening import open_site_store

SLIVER_M2 = 10_000.0
"""A hectare: neighbours' outlines from different maps overlap by slivers along their border."""
SLIVER_SHARE = 0.001
"""Of the smaller area, where that is more."""
OF_THE_FRONT = ("/static", "/assets", "/health")


@dataclass(frozen=True)
class Fault:
    """A sentence about a site, or about the whole house; a warning stops nobody."""

    sentence: str
    code: str = ""
    is_warning: bool = False


@dataclass(frozen=True)
class Looked:
    """What one store holds that a house must know."""

    site: Site
    area: BaseGeometry | None = None
    faults: tuple[Fault, ...] = ()


def check_house(house: House) -> list[Fault]:
    """All faults: of the file first, then store by store, then between their areas."""
    looked = [_look(site) for site in house.sites]
    faults = [*file_faults(house), *_risks(house), *_exposed(house)]
    faults += [fault for each in looked for fault in each.faults]
    return faults + list(_overlaps(looked))


def file_faults(house: House) -> Iterator[Fault]:
    """What no store need be opened for; a house with one of these is not served."""
    for what, of, hint in (
        ("the address", _address, "give each a prefix or host of its own"),
        ("the database", _database, "a store holds one council: give each its own file or schema"),
        ("the secret key", lambda s: s.config.secret_key, "leave it out: each gets one drawn"),
    ):
        yield from _shared(house.sites, what, of, hint)
    for site in house.sites:
        if not site.host and any(_is_under(site.prefix, taken) for taken in OF_THE_FRONT):
            yield Fault(f"{site.code}: {site.prefix} is an address of the house itself", site.code)
        yield from _member_faults(house, site)


def _shared(
    sites: Iterable[Site], what: str, of: Callable[[Site], str], hint: str
) -> Iterator[Fault]:
    for one, other in combinations(sites, 2):
        if of(one) and of(one) == of(other):
            shown = "" if "key" in what else f" {_shown(of(one))}"
            yield Fault(f"{one.code} and {other.code} have {what}{shown} in common: {hint}")


def _address(site: Site) -> str:
    return f"{site.host}{site.prefix}"


def _database(site: Site) -> str:
    """The file, or the schema of a database, whoever connects."""
    try:
        url = make_url(site.config.database_url)
    except ArgumentError:
        return ""  # whoever opens the store says so
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").resolve())
    return f"{url.host}:{url.port or 5432}/{url.database} {site.schema or 'public'}"


def _shown(text: str) -> str:
    return text.rpartition("@")[2]


def _is_under(path: str, taken: str) -> bool:
    return path == taken or path.startswith(taken + "/")


def _member_faults(house: House, site: Site) -> Iterator[Fault]:
    councils = {each.code for each in house.councils}
    for member in site.members:
        if member not in councils:
            yield Fault(f"{site.code} has the member {member}, which is no council here", site.code)
    if len(set(site.members)) < len(site.members):
        yield Fault(f"{site.code} lists a member twice", site.code)


def _risks(house: House) -> Iterator[Fault]:
    for site in house.sites:
        for risk in weaknesses(site.config):
            yield Fault(f"{site.code}: {risk}", site.code, True)


def _exposed(house: House) -> Iterator[Fault]:
    """The file may hold keys and passwords."""
    if private_files.is_exposed(house.path):
        yield Fault(f"{house.path} can be read by other accounts: chmod 600 {house.path}", "", True)


def _look(site: Site) -> Looked:
    try:
        store = open_site_store(site)
    except StoreError as error:
        return Looked(site, faults=(Fault(f"{site.code}: {error}", site.code),))
    try:
        return _look_into(site, store)
    except StoreError as error:
        return Looked(site, faults=(Fault(f"{site.code}: {error}", site.code),))
    finally:
        store.close()


def _look_into(site: Site, store: Store) -> Looked:
    with store.reading() as session:
        area = places.borough(session, today())
        accounts = [each for each in users.every(session) if each.is_active]
        is_strange = users.passwords_of_another_key(session, site.config.secret_key) > 0
    faults = []
    if area is None and not site.is_partnership:
        faults.append(
            f"{site.code} has no area, so reports from anywhere are taken as its own: "
            f"hotspots house init {site.code} --area wards.geojson"
        )
    if not accounts:
        faults.append(
            f"{site.code} has nobody who may sign in: "
            f"hotspots house run {site.code} -- user invite NAME --role admin"
        )
    if is_strange:
        faults.append(
            f"{site.code}: its store was sealed by another key than the house gives it: put the "
            f"key that it had into HOTSPOTS_SECRET_KEY_{_variable(site.code)}"
        )
    return Looked(site, area, tuple(Fault(each, site.code) for each in faults))


def _variable(code: str) -> str:
    return code.upper().replace("-", "_")


def _overlaps(looked: Iterable[Looked]) -> Iterator[Fault]:
    areas = [
        (each.site, each.area) for each in looked if each.area and not each.site.is_partnership
    ]
    for (one, area), (other, its_area) in combinations(areas, 2):
        if not shapely.intersects(area, its_area):
            continue
        shared_m2 = float(shapely.intersection(area, its_area).area)
        if shared_m2 > max(SLIVER_M2, SLIVER_SHARE * min(area.area, its_area.area)):
            yield Fault(
                f"the areas of {one.code} and {other.code} overlap by {shared_m2 / 1e6:.2f} km²: a "
                "report from there could be either's; draw the wards of one anew"
            )
