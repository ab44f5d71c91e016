"""Where a poster is to hang, from one line that an officer writes or a tap on the map."""

from datetime import date

from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata import places
from geodata.core.errors import RefusedError
from geodata.core.geography import outside_in_words
from geodata.places import gazetteer
from geodata.places.gazetteer import FoundPlace
from web.services.common.placing import EDGE_TOLERANCE_M
from web.services.common.written_places import place_of

SHOWN = 4


def point_of(session: Session, text: str, *, day: date) -> Point:
    """The point that a line means, EPSG:27700.

    Parameters
    ----------
    text
        A grid reference, latitude and longitude, easting and northing, a hotspot's code, a
        postcode, or the name of a place or street.
    day
        Places of ours that exist on this day.

    Raises
    ------
    RefusedError
        It cannot be read, means no place or several, or lies outside the borough, where the
        report form that its code opens would not take a report.
    """
    text = " ".join(text.split())
    if not text:
        raise RefusedError("say where: a grid reference or a place's name")
    named = _named(session, text, day)
    if len(named) > 1:
        raise RefusedError(
            f"{text!r} may be {'; '.join(place.label for place in named)}: write one of them in "
            f"full, or a grid reference"
        )
    point = named[0].point if named else place_of(session, text, radius_m=0).representative_point()
    _refuse_outside(session, point, text, day)
    return point


def _named(session: Session, text: str, day: date) -> list[FoundPlace]:
    """Places of that name; only the one that is called exactly so, where there is one."""
    matches = gazetteer.look_up(session, text, day=day, limit=SHOWN)
    named = [place for place in matches if place.kind not in {"grid_ref", "position"}]
    exact = [place for place in named if place.label.casefold() == text.casefold()]
    return exact if len(exact) == 1 else named


def _refuse_outside(session: Session, point: Point, text: str, day: date) -> None:
    area = places.borough(session, day)
    away_m = 0.0 if area is None else area.distance(point)
    if not away_m <= EDGE_TOLERANCE_M:  # infinity and NaN are outside too
        raise RefusedError(
            f"{text!r} {outside_in_words(away_m, 'the borough')}, where the report form takes no "
            "report: choose a place inside"
        )
