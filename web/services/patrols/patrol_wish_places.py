"""Places that officers wish to include or to avoid, hotspots or not, as they write them."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import detections, places
from geodata.core.errors import RefusedError
from geodata.core.grid_references import format_gridref
from geodata.people.personal_data import found_in
from geodata.rules.days import local_day
from web.services.common.officer_position import refuse_outside
from web.services.common.written_places import HOTSPOT_CODE, place_of
from web.services.patrols.patrol_places import PatrolPlaces, with_place

SAME_M = 50.0
"""A place so near a hotspot's outline is that hotspot."""
AVOID_M = 100.0
"""No team stops so near a place that is to be avoided."""


class PlaceRefusedError(RefusedError):
    """A wished place cannot be used; ``wish`` says which list it stands in."""

    def __init__(self, wish: str, reason: str) -> None:
        super().__init__(reason)
        self.wish = wish


@dataclass(frozen=True)
class PlaceWish:
    """A place as it was written, and why it was asked for."""

    text: str
    reason: str

    @property
    def is_code(self) -> bool:
        return HOTSPOT_CODE.fullmatch(self.text) is not None


@dataclass(frozen=True, eq=False)
class WishedGround:
    """The places to choose from, those asked for among them, and the labels of both lists."""

    ground: PatrolPlaces
    include: list[Hashable]
    avoid: list[Hashable]


def place_lines(text: str | None) -> tuple[str, ...]:
    """The places of a free text, one a line; codes of hotspots may share a line.

    >>> place_lines("h-0001, H-0003\\n\\n Central Park: the club closes at 9 ")
    ('H-0001', 'H-0003', 'Central Park: the club closes at 9')
    """
    lines: list[str] = []
    for line in (text or "").splitlines():
        words = line.replace(",", " ").replace(";", " ").split()
        if words and all(HOTSPOT_CODE.fullmatch(word) for word in words):
            lines += [word.upper() for word in words]
        elif words:
            lines.append(" ".join(line.split()))
    return tuple(lines)


def read_wish(line: str) -> PlaceWish:
    """A place, and why, after a colon.

    >>> read_wish("TQ 5409 7420: complaints")
    PlaceWish(text='TQ 5409 7420', reason='complaints')
    """
    text, _, reason = line.partition(":")
    return PlaceWish(text.strip(), reason.strip())


def with_wished(
    session: Session,
    ground: PatrolPlaces,
    include: Sequence[str],
    avoid: Sequence[str],
    *,
    now: datetime,
) -> WishedGround:
    """The ground with the places to include added, and what is to be included and avoided.

    A wish may name a hotspot by its code, or any place by its name, a grid reference, degrees or
    metres; after a colon it may say why. A place that touches a hotspot is that hotspot.

    Raises
    ------
    PlaceRefusedError
        A line cannot be read, means no place, one outside the borough, or one that the other list
        holds too.
    """
    labels: list[Hashable] = []
    for line in include:
        label, ground = _included(session, ground, line, now)
        labels.append(label)
    shunned: list[Hashable] = []
    for line in avoid:
        avoided = _avoided(session, ground, line)
        if both := [label for label in avoided if label in labels]:
            name = ground.places["name"].loc[both[0]]
            reason = f"{name} is to be included and to be avoided ({line}): take one of them off"
            raise PlaceRefusedError("avoid", reason)
        shunned += avoided
    return WishedGround(ground, list(dict.fromkeys(labels)), list(dict.fromkeys(shunned)))


def _included(
    session: Session, ground: PatrolPlaces, line: str, now: datetime
) -> tuple[Hashable, PatrolPlaces]:
    wish, shape = _listed_place(session, line, "include")
    why = "Asked for" + (f" ({wish.reason})" if wish.reason else "")
    label = _hotspot_at(ground, wish, shape)
    if label is None:
        label = _name(session, wish, shape)
        try:
            refuse_outside(session, shape.representative_point(), local_day(now))
        except RefusedError as error:
            raise PlaceRefusedError("include", f"{wish.text!r}: {error}") from None
        if label not in ground.places.index:
            ground = with_place(ground, label, shape, as_of=now)
    rows = ground.places.copy()
    rows.loc[label, "asked"] = why
    return label, replace(ground, places=rows)


def _avoided(session: Session, ground: PatrolPlaces, line: str) -> list[Hashable]:
    wish, shape = _listed_place(session, line, "avoid")
    if wish.is_code and (label := _hotspot_at(ground, wish, shape)) is not None:
        return [label]
    near = ground.places.geometry.distance(shape) <= AVOID_M
    return list(ground.places.index[near])


def _listed_place(session: Session, line: str, list_: str) -> tuple[PlaceWish, BaseGeometry]:
    wish = read_wish(line)
    if personal := found_in(wish.reason):
        raise PlaceRefusedError(
            list_, f"{', '.join(personal)}: personal data must not stand on a sheet, take it out"
        )
    try:
        return wish, place_of(session, wish.text, radius_m=0)
    except RefusedError as error:
        raise PlaceRefusedError(list_, str(error)) from None


def _hotspot_at(ground: PatrolPlaces, wish: PlaceWish, shape: BaseGeometry) -> Hashable | None:
    """The hotspot that a wish means: of this code, or the busiest at the place."""
    known = ground.places[ground.places["code"] != ""]
    if wish.is_code:
        same = known[known["code"] == wish.text.upper()]
    else:
        outlines = known["outline"].to_numpy(dtype=object)
        same = known[shapely.distance(outlines, shape) <= SAME_M]
    return None if same.empty else same["rate_per_day"].astype(float).idxmax()


def _name(session: Session, wish: PlaceWish, shape: BaseGeometry) -> str:
    """What the sheet calls a place; so exact that it tells one place from another."""
    if wish.is_code:
        return str(detections.find_by_code(session, wish.text).name)
    if known := places.by_name(session, wish.text):
        return known[0].name
    point = shape.representative_point()
    reference = format_gridref(point.x, point.y, digits=4)
    if near := places.place_near(session, point, within_m=SAME_M * 2):
        return f"{reference}, by {near.name}"
    ward = places.ward_at(session, point)
    return f"{reference}, {ward.name} ward" if ward else reference
