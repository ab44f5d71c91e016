"""How a plan uses its shift: minutes at stops, on the way and waiting, and what the limit was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, hypot
from typing import TYPE_CHECKING, Any

from hotspots.patrol.wishes import PatrolParams
from web.services.patrols.patrolling import SPEEDS_KMH

if TYPE_CHECKING:
    from web.services.patrols.patrol_sheet import SheetStop

WORTH_TELLING_MIN = 5
"""A shorter wait is the slack that any drive needs."""


@dataclass(frozen=True)
class ShiftUse:
    """Minutes of one team.

    Attributes
    ----------
    limit
        What kept it from more stops, as a sentence.
    waits
        By a stop's key, minutes to spare before it.
    """

    shift_min: int
    standing_min: int
    travel_min: int
    limit: str
    waits: dict[int, int]

    @property
    def spare_min(self) -> int:
        return self.shift_min - self.standing_min - self.travel_min


def shift_use(
    stops: Sequence["SheetStop"], params: dict[str, Any], starts_at: datetime, ends_at: datetime
) -> ShiftUse:
    """The minutes of a team by its stops, with ways as the plan was made by."""
    way_min, waits = 0, {}
    place, free_at = _start(stops, params), starts_at
    for stop in stops:
        way = _way_min(place, (stop.easting, stop.northing), params["mode"])
        waits[stop.id] = max(_minutes(free_at, stop.arrives_at) - way, 0)
        way_min += way
        place, free_at = (stop.easting, stop.northing), stop.leaves_at
    if stops:
        way_min += _way_min(place, _start(stops, params), params["mode"])
    shift_min = _minutes(starts_at, ends_at)
    standing_min = sum(_minutes(stop.arrives_at, stop.leaves_at) for stop in stops)
    limit = _limit(len(stops), params, shift_min - standing_min - way_min)
    return ShiftUse(shift_min, standing_min, way_min, limit, waits)


def _limit(stops: int, params: dict[str, Any], spare_min: int) -> str:
    """What binds first: the number of stops, else the time, else that no place is open again."""
    if stops >= params["max_stops"]:
        return (
            f"The limit is the {params['max_stops']} stops that each team may make, not the time: "
            "allow more stops to use the rest"
        )
    if spare_min < params["dwell_min"]:
        return "The limit is the length of the shift: no further stop fits"
    return (
        f"The limit is that no team comes back to a place within {params['revisit_min']} minutes: "
        "include more places to use the rest"
    )


def _start(stops: Sequence["SheetStop"], params: dict[str, Any]) -> tuple[float, float]:
    """Where teams start; the first stop, in plans that were made before it was kept."""
    if "start_xy" in params:
        east, north = params["start_xy"]
        return east, north
    return (stops[0].easting, stops[0].northing) if stops else (0.0, 0.0)


def _way_min(one: tuple[float, float], other: tuple[float, float], mode: str) -> int:
    way_m = hypot(one[0] - other[0], one[1] - other[1]) * PatrolParams().detour_factor
    return ceil(way_m / (SPEEDS_KMH[mode] / 0.06))


def _minutes(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)
