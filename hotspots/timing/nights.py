"""Which night an incident most likely fell in: evidence is counted in nights, not in reports."""

import numpy as np
import pandas as pd

from hotspots.core.frames import LONDON

LONGEST = pd.Timedelta(hours=24)
"""An interval longer than this tells nothing of the night."""


def dump_nights(incidents: pd.DataFrame) -> pd.Series:
    """The local night, from noon to noon in London, that each incident most likely fell in.

    A report made in the morning speaks of the night before: people see in daylight what was
    dumped in the dark. Where an incident is known to lie between ``last_clean_at`` and
    ``first_seen_at``, the middle of the interval decides, unless it is longer than a day:
    then any of its nights is as likely, and the last is taken, as for all others.

    Parameters
    ----------
    incidents
        ``first_reported_at`` (aware); where present ``first_seen_at`` and ``last_clean_at``.

    Returns
    -------
    Series
        Naive midnight of the day on which the night began, on the frame's index.

    Examples
    --------
    >>> times = pd.to_datetime(["2026-06-06T07:30Z", "2026-06-06T21:30Z"])
    >>> dump_nights(pd.DataFrame({"first_reported_at": times})).dt.day.tolist()
    [5, 6]
    """
    seen = incidents["first_reported_at"]
    if "first_seen_at" in incidents:
        seen = incidents["first_seen_at"].fillna(seen).clip(upper=seen)
    moment = seen
    if "last_clean_at" in incidents:
        vague = seen - incidents["last_clean_at"]
        tells = (vague > pd.Timedelta(0)) & (vague <= LONGEST)
        moment = (seen - vague / 2).where(tells, seen)
    local = moment.dt.tz_convert(LONDON).dt.tz_localize(None)
    return (local - np.timedelta64(12, "h")).dt.normalize().rename("dump_night")
