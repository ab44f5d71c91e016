"""What a council's site may know of the others of its house: whose a point is, and one way to them.

Nothing is read through this door. A draft of a report goes out by it, once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import current_app
from shapely.geometry import Point

from web.services.reporting.crossing import Parcel


@dataclass(frozen=True)
class Neighbour:
    """A council next door; ``address`` is where its site begins, with a slash at the end."""

    code: str
    name: str
    address: str


class Neighbours(Protocol):
    """The door; a site that stands alone has none."""

    def at(self, point: Point) -> Neighbour | None:
        """Whose a point is (EPSG:27700), of the others; None: nobody's who is here."""

    def pass_on(self, parcel: Parcel, to: Neighbour, *, now: datetime) -> str:
        """Give a draft to a neighbour, once however often; the address where it goes on."""


def neighbours() -> Neighbours | None:
    """Those of this site; None where it stands alone."""
    door: Neighbours | None = current_app.extensions.get("neighbours")
    return door
