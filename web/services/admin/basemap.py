"""The ground under all maps: made of a file that the council chose, for its own borough."""

from pathlib import Path

from sqlalchemy.orm import Session

from geodata import places
from geodata.basemap.making import OnStep, make_basemap
from geodata.core.errors import RefusedError


def import_basemap(session: Session, path: Path, target: Path, *, on_step: OnStep) -> int:
    """Make the ground of the borough and its margin; how many features it has.

    Raises
    ------
    RefusedError
        The store knows no borough to cut the map to, or the file is no map of it.
    """
    area = places.borough(session)
    if area is None:
        raise RefusedError(
            "the store has no borough to cut the map to: hotspots init --area FILE gives it one"
        )
    west, south, east, north = area.bounds
    return make_basemap(path, (west, south, east, north), target, on_step=on_step)
