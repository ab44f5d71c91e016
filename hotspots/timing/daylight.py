"""When the sun is down: officers go in twos after dark."""

import math
from datetime import date

import pandas as pd

from hotspots.core.errors import ParameterError
from hotspots.core.frames import aware_utc

_J2000 = pd.Timestamp("2000-01-01T12:00Z")
_HORIZON_DEG = -0.833  # the sun's upper edge, lifted by refraction
_AXIS_DEG = 23.4397


def sun_times(day: date, *, lon: float, lat: float) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Sunrise and sunset of a day, UTC, true to two minutes in the British Isles.

    Parameters
    ----------
    day
        Of the place's own noon.
    lon, lat
        WGS 84 degrees, east and north positive.

    Raises
    ------
    ParameterError
        The sun does not rise, or does not set, there on that day.

    References
    ----------
    The sunrise equation; Meeus (1998), Astronomical Algorithms, chapters 15 and 25.

    Examples
    --------
    >>> rise, down = sun_times(date(2026, 6, 21), lon=0.21, lat=51.45)
    >>> rise, down = (at.tz_convert("Europe/London").round("10min") for at in (rise, down))
    >>> f"{rise:%H:%M} {down:%H:%M}"
    '04:40 21:20'
    """
    noon_day = (pd.Timestamp(day, tz="UTC") + pd.Timedelta(hours=12) - _J2000).days - lon / 360
    anomaly = math.radians(357.5291 + 0.98560028 * noon_day)
    centre = (
        1.9148 * math.sin(anomaly) + 0.02 * math.sin(2 * anomaly) + 0.0003 * math.sin(3 * anomaly)
    )
    longitude = anomaly + math.radians(centre + 180 + 102.9372)
    transit = noon_day + 0.0053 * math.sin(anomaly) - 0.0069 * math.sin(2 * longitude)
    declination = math.asin(math.sin(longitude) * math.sin(math.radians(_AXIS_DEG)))
    north = math.radians(lat)
    cosine = (math.sin(math.radians(_HORIZON_DEG)) - math.sin(north) * math.sin(declination)) / (
        math.cos(north) * math.cos(declination)
    )
    if not -1 <= cosine <= 1:
        raise ParameterError(f"the sun does not both rise and set on {day} at latitude {lat}")
    half_day = math.degrees(math.acos(cosine)) / 360
    return (
        _J2000 + pd.Timedelta(days=transit - half_day),
        _J2000 + pd.Timedelta(days=transit + half_day),
    )


def dark_from(
    starts_at: pd.Timestamp | str, ends_at: pd.Timestamp | str, *, lon: float, lat: float
) -> pd.Timestamp | None:
    """The first moment of a shift at which the sun is down; None where all of it is by daylight.

    Parameters
    ----------
    starts_at, ends_at
        Aware.
    lon, lat
        WGS 84 degrees.

    Examples
    --------
    >>> dark_from("2026-12-21T14:00Z", "2026-12-21T18:00Z", lon=0.21, lat=51.45).hour
    15
    >>> dark_from("2026-12-21T10:00Z", "2026-12-21T14:00Z", lon=0.21, lat=51.45) is None
    True
    """
    start, end = aware_utc(starts_at, name="starts_at"), aware_utc(ends_at, name="ends_at")
    rise, down = sun_times(start.date(), lon=lon, lat=lat)
    if not rise <= start < down:
        return start
    return down if end > down else None
