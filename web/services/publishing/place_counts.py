"""Counts at a place, told beside the figures that are released of the ground around it.

A month of the borough and a year of a ward are released in plain numbers. Where one place holds
nearly all of them, its own count would give away the few elsewhere by subtraction.
"""

from datetime import date

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import frames
from geodata.frames.published_incidents import published_incidents
from web.services.publishing.disclosure import SMALLEST_SHOWN
from web.services.publishing.release_cells import Period, moments, ward_of


def leaves_others(session: Session, ground: BaseGeometry, first: date, last: date) -> bool:
    """Whether a count within a ground (EPSG:27700), of local days, may be told.

    In the same days its wards must have five incidents or more besides. Every month and year that
    is released around them holds these too, and so do several such counts put end to end, of which
    each for itself would fill no year.
    """
    since, until = moments(Period("", first, last))
    dumps = published_incidents(session, since, until)
    dumps = dumps[dumps["first_reported_at"].between(since, until, inclusive="left")]
    is_inside = dumps.intersects(ground).to_numpy()
    ward = ward_of(dumps, frames.wards(session, last))
    is_around = np.isin(ward, ward[is_inside]) | ~is_inside.any()
    return bool((~is_inside & is_around).sum() >= SMALLEST_SHOWN)
