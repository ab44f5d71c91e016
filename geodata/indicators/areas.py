"""Areas that figures may be of: those on the map, and those whose population is known."""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.types import SRID
from geodata.core.vocabulary import AreaKind, PlaceKind
from geodata.models import Place, Population

_ON_THE_MAP = {
    PlaceKind.BOROUGH: AreaKind.BOROUGH,
    PlaceKind.NEIGHBOUR: AreaKind.BOROUGH,
    PlaceKind.WARD: AreaKind.WARD,
}
_CODES = {
    "E05": AreaKind.WARD,
    "E06": AreaKind.BOROUGH,
    "E07": AreaKind.BOROUGH,
    "E08": AreaKind.BOROUGH,
    "E09": AreaKind.BOROUGH,
    "E10": AreaKind.COUNTY,
    "E23": AreaKind.FORCE,
}
"""What the first three signs of an area's code say, by the Office for National Statistics."""


class Area(NamedTuple):
    """A ward, borough, county or police force."""

    kind: str
    name: str


def known_areas(session: Session) -> list[Area]:
    """All areas that figures may be of, by kind and name."""
    counted = session.execute(select(Population.area_kind, Population.area).distinct())
    drawn = session.execute(
        select(Place.kind, Place.name).where(Place.kind.in_(list(_ON_THE_MAP))).distinct()
    )
    named = {Area(kind, name) for kind, name in counted}
    return sorted(named | {Area(_ON_THE_MAP[PlaceKind(kind)], name) for kind, name in drawn})


class Outline(NamedTuple):
    """From when to when an outline on the map holds, both days included; None is open."""

    first: date | None
    last: date | None

    def holds(self, first: date, last: date) -> bool:
        return (self.first is None or self.first <= first) and (
            self.last is None or last <= self.last
        )


def outlines(session: Session) -> dict[Area, list[Outline]]:
    """Of each area on the map, its outlines in time: more than one where its boundary moved."""
    query = select(Place.kind, Place.name, Place.valid_from, Place.valid_to).where(
        Place.kind.in_(list(_ON_THE_MAP))
    )
    outlines_by_area: dict[Area, list[Outline]] = {}
    for kind, name, first, last in session.execute(query.order_by(Place.id)):
        area = Area(_ON_THE_MAP[PlaceKind(kind)], name)
        outlines_by_area.setdefault(area, []).append(Outline(first, last))
    return {area: sorted(each, key=_begins) for area, each in outlines_by_area.items()}


def ward_outlines(session: Session) -> gpd.GeoDataFrame:
    """Of each ward on the map: ``ward``, ``outline`` (an `Outline`) and its ground, EPSG:27700."""
    rows = session.scalars(select(Place).where(Place.kind == PlaceKind.WARD).order_by(Place.id))
    wards = [(p.name, Outline(p.valid_from, p.valid_to), p.geometry) for p in rows]
    names = ["ward", "outline", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(wards, columns=names), geometry="geometry", crs=SRID)


def _begins(outline: Outline) -> date:
    return outline.first or date.min


def moves(outlines_of_one: Iterable[Outline]) -> list[date]:
    """The days from which on another outline of an area holds than before."""
    return sorted({each.first for each in list(outlines_of_one)[1:] if each.first is not None})


def kind_of_code(code: str) -> str | None:
    """What kind of area a code of the Office for National Statistics is of, if it says so.

    >>> kind_of_code("E07000107")
    'borough'
    """
    is_code = re.fullmatch(r"E\d{8}", code.strip())
    kind = _CODES.get(code.strip()[:3]) if is_code else None
    return None if kind is None else kind.value


_MARK = re.compile(r"\s*\([^()]*\)$")


def bare(name: str) -> str:
    """A name without what stands behind it in brackets, its case and odd spaces.

    >>> bare("Dartford  (synthetic demo)")
    'dartford'
    """
    return " ".join(_MARK.sub("", " ".join(name.split())).split()).casefold()


def called(areas: Iterable[Area], name: str, kind: str | None) -> list[Area]:
    """Those of a name, whatever its case and spaces, and of a kind where it is given.

    Where none has it whole, those that have it but for a mark in brackets.
    """
    fit = [area for area in areas if kind in {None, area.kind}]
    wanted = " ".join(name.split()).casefold()
    exact = [area for area in fit if area.name.casefold() == wanted]
    return (
        exact
        or [area for area in fit if wanted and bare(area.name) == bare(name)]
        or [area for area in fit if area.kind == _kind_of_council(name) and _is_council(area, name)]
    )


_COUNCIL = re.compile(
    r"(?P<area>.+?)\s+(?:(?P<county>county council|cc)"
    r"|(?:metropolitan |london )?(?:borough|district|city)(?: council)?|bc|dc)"
)
"""A council's name; a police force is called after its county, and is another area."""


def _kind_of_council(name: str) -> str | None:
    """What kind of area a council is of; None of other names.

    >>> _kind_of_council("Kent County Council"), _kind_of_council("Dartford BC")
    ('county', 'borough')
    """
    match = _COUNCIL.fullmatch(bare(name))
    if match is None:
        return None
    return (AreaKind.COUNTY if match["county"] else AreaKind.BOROUGH).value


def _is_council(area: Area, name: str) -> bool:
    match = _COUNCIL.fullmatch(bare(name))
    return match is not None and bare(area.name) == match["area"]


def by_code(session: Session) -> dict[str, Area]:
    """Areas on the map by their code of the Office for National Statistics, where it is known."""
    query = select(Place.code, Place.kind, Place.name).where(
        Place.kind.in_(list(_ON_THE_MAP)), Place.code.is_not(None)
    )
    return {
        code.strip().upper(): Area(_ON_THE_MAP[PlaceKind(kind)], name)
        for code, kind, name in session.execute(query.order_by(Place.id))
        if code and code.strip()
    }
