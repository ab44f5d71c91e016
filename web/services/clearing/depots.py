"""The depot from which the contractor's rounds start, where the council has set one."""

from dataclasses import dataclass

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.grid_references import GridReferenceError, format_gridref
from geodata.store import settings
from web.services.common.written_places import place_of

DEPOT = "round_depot"
"""Setting: {"where": as it was written, "x": easting, "y": northing}, EPSG:27700 metres."""
FAR_M = 50_000
"""Contractors keep depots in other boroughs; one farther off is a slip of the pen."""


@dataclass(frozen=True)
class Depot:
    """As somebody wrote where it is, and the point that this meant, EPSG:27700."""

    where: str
    x: float
    y: float

    @property
    def point(self) -> Point:
        return Point(self.x, self.y)

    @property
    def grid_ref(self) -> str:
        return format_gridref(self.x, self.y, digits=4)

    def to_record(self) -> dict[str, object]:
        """As the setting keeps it."""
        return {"where": self.where, "x": self.x, "y": self.y}


def find_depot(session: Session, where: str) -> Depot | None:
    """The depot that a line means, as ``written_places.place_of`` reads it; None where it is empty.

    Raises
    ------
    RefusedError
        It cannot be read, means no place or several, or lies far outside the borough.
    """
    line = " ".join(where.split())
    if not line:
        return None
    point = place_of(session, line, radius_m=0, farthest_m=FAR_M).representative_point()
    try:
        format_gridref(point.x, point.y)  # a store without a borough takes any point of the grid
    except GridReferenceError as error:
        raise RefusedError(str(error)) from None
    return Depot(line, round(point.x, 1), round(point.y, 1))


def set_depot(session: Session) -> Depot | None:
    """The depot that is set; None where none is."""
    record = settings.read(session, DEPOT)
    return None if record is None else Depot(**record)
