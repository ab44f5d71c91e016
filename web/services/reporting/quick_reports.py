"""Reports by people who are known: partners on their rounds, officers at the telephone."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from geodata import places
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import Role, Source
from geodata.media import photos
from geodata.media.pictures import CleanPicture
from geodata.places import favourites, gazetteer
from geodata.places.gazetteer import FoundPlace
from geodata.rules.days import LONDON
from web.services.common import placing
from web.services.common.placing import Spot
from web.services.mail.letters import Sender
from web.services.reporting.intake import CanisterFacts, NewReport, TakenReport, take_report
from web.services.reporting.submission import Reached, acknowledge

LOOKED_BACK = timedelta(days=90)
SOURCES = {Role.PARTNER.value: Source.PARTNER, Role.CONTRACTOR.value: Source.CREW}


@dataclass(frozen=True)
class KnownPlace:
    """A place of the list. ``away_m`` is the distance from the device, None where unknown."""

    id: int
    name: str
    away_m: float | None


def known_places(
    session: Session, user_id: int, device: Spot | None, *, now: datetime
) -> list[KnownPlace]:
    """Places to tap: nearest first where the device says where it is, else most used first."""
    day = now.astimezone(LONDON).date()
    listed = favourites.listed(session, user_id, since=now - LOOKED_BACK, day=day)
    if device is None:
        return [KnownPlace(place.id, place.name, None) for place in listed]
    away = [KnownPlace(p.id, p.name, p.geometry.distance(device.point)) for p in listed]
    return sorted(away, key=lambda place: place.away_m or 0.0)


def place_spot(session: Session, place_id: int) -> Spot:
    """The spot of a named place.

    Raises
    ------
    RefusedError
        There is no such place.
    """
    rows = places.by_ids(session, [place_id])
    if not rows:
        raise RefusedError(f"there is no place {place_id}: choose one from the list")
    shape = rows[0].geometry
    at = shape.representative_point()
    accuracy = max(math.sqrt(shape.area / math.pi), 10.0)
    return Spot(at.x, at.y, accuracy, "place", rows[0].name)


def look_up(session: Session, words: str, *, now: datetime) -> list[FoundPlace]:
    """Places that words may mean; three words of what3words are none (``place_search``)."""
    return gazetteer.look_up(session, words, day=now.astimezone(LONDON).date())


def found_spot(place: FoundPlace) -> Spot:
    """The spot of a place that was found."""
    return Spot(place.point.x, place.point.y, place.accuracy_m, place.kind, place.label)


def submit(
    session: Session,
    spot: Spot,
    facts: CanisterFacts,
    pictures: list[CleanPicture],
    *,
    role: str,
    user_id: int,
    now: datetime,
) -> TakenReport:
    """A report by somebody who is signed in and sees it now.

    Raises
    ------
    RefusedError
        The spot is not the council's.
    """
    _refuse_elsewhere(session, spot, now)
    source = SOURCES.get(role, Source.OFFICER)
    return _take(
        session,
        _new(spot, facts, source, source.value, now, user_id),
        pictures,
        now=now,
    )


def submit_for_caller(
    session: Session,
    spot: Spot,
    facts: CanisterFacts,
    sender: Sender,
    *,
    told_at: datetime,
    reached: Reached,
    user_id: int,
    now: datetime,
) -> TakenReport:
    """A report that a member of the public gave by telephone: it is theirs, and starts the clock.

    Raises
    ------
    RefusedError
        The spot is not the council's, or the call lies in the future.
    """
    _refuse_elsewhere(session, spot, now)
    new = _new(spot, facts, Source.PUBLIC, "phone", told_at, user_id)
    taken = _take(session, new, [], now=now)
    if taken.is_new:
        acknowledge(session, taken, reached, sender, now=now)
    return taken


def _new(
    spot: Spot, facts: CanisterFacts, source: Source, channel: str, at: datetime, user_id: int
) -> NewReport:
    return NewReport(
        position=spot.point,
        accuracy_m=spot.accuracy_m,
        source=source.value,
        channel=channel,
        reported_at=at,
        user_id=user_id,
        **facts,
    )


def _take(
    session: Session, new: NewReport, pictures: list[CleanPicture], *, now: datetime
) -> TakenReport:
    taken = take_report(session, new, now=now)
    if taken.is_new:
        for picture in pictures:
            photos.add(session, picture, now=now, report_id=taken.report_id)
    return taken


def _refuse_elsewhere(session: Session, spot: Spot, now: datetime) -> None:
    away = placing.elsewhere(session, spot, now=now)
    if away is not None:
        whose = f"in {away.neighbour}" if away.neighbour else "outside the borough"
        raise RefusedError(f"{spot.label or 'That place'} is {whose}: our crew cannot clear it")
