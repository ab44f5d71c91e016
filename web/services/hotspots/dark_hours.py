"""When it is dark here, in the shortest and the longest night of a year: London's clock."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.geography import to_lonlat
from geodata.rules.days import LONDON
from hotspots.timing.daylight import sun_times

MIDDLE_OF_BRITAIN = (-2.0, 53.0)
"""For a store without a borough: half an hour off at most."""


@dataclass(frozen=True)
class Daylight:
    """When the sun is up on a day, in hours of London's clock, such as 4.7 for 04:42."""

    day: date
    rises_h: float
    sets_h: float

    @property
    def words(self) -> str:
        return f"{_clock(self.rises_h)} to {_clock(self.sets_h)}"


def daylight(session: Session, year: int) -> list[Daylight]:
    """Of 21 June and 21 December."""
    area = places.borough(session)
    middle = None if area is None else area.representative_point()
    lon, lat = MIDDLE_OF_BRITAIN if middle is None else to_lonlat(middle.x, middle.y)
    days = (date(year, 6, 21), date(year, 12, 21))
    return [
        Daylight(day, *map(_hours, sun_times(day, lon=float(lon), lat=float(lat)))) for day in days
    ]


def _hours(at: pd.Timestamp) -> float:
    local = at.tz_convert(LONDON)
    return float(local.hour + local.minute / 60)


def _clock(hours: float) -> str:
    minutes = round(hours * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
