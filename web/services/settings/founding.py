"""Making a store for a council: its name, its borough, its wards."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import PlaceKind
from geodata.places.areas import Area
from geodata.store import settings


@dataclass(frozen=True)
class Founded:
    """What a new store holds."""

    council_name: str
    wards: int
    area_km2: float | None
    mended: list[str]


def found_council(
    session: Session,
    *,
    council_name: str | None,
    areas: Sequence[Area],
) -> Founded:
    """Name the council and draw its borough and wards, in a store that has none yet.

    Parameters
    ----------
    areas
        The wards, as ``places.areas.read_areas`` gives them, or the borough alone, or nothing.

    Raises
    ------
    RefusedError
        The store has a borough already.
    """
    if places.borough(session) is not None:
        raise RefusedError("this store has a borough already: make another store for another one")
    if council_name:
        settings.write(session, settings.COUNCIL_NAME, council_name)
    name = settings.read(session, settings.COUNCIL_NAME, "Your council")
    outline = shapely.union_all([area.geometry for area in areas]) if areas else None
    if outline is not None:
        places.add(session, PlaceKind.BOROUGH, name, outline)
    if len(areas) > 1:
        for area in areas:
            places.add(session, PlaceKind.WARD, area.name, area.geometry)
    return Founded(
        name,
        len(areas) if len(areas) > 1 else 0,
        None if outline is None else outline.area / 1e6,
        [_mending(area) for area in areas if area.mended_m2 is not None],
    )


def _mending(area: Area) -> str:
    return f"{area.name} crossed itself and was mended: {area.mended_m2:+.0f} m²"
