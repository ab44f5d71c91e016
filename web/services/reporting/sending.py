"""Reports that another system sends: the reporter is its own affair, the canisters are ours."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from geodata.accounts.api_keys import Holder
from geodata.core.errors import RefusedError
from geodata.core.sent_once import key_with_content
from geodata.media import photos
from geodata.media.pictures import CleanPicture
from geodata.people.personal_data import taken_out
from web.services.common import placing
from web.services.common.placing import Spot
from web.services.reporting.intake import NewReport, TakenReport, take_report

LONGEST_TEXT = 1_000


@dataclass(frozen=True)
class Position:
    """WGS 84 degrees, and how far off they may be."""

    longitude: float
    latitude: float
    accuracy_m: float | None = None


def key_of(holder: Holder, sent: str, content: bytes | None = None) -> str:
    """An idempotency key as the store keeps it: two systems may choose the same.

    With ``content`` it is refused for anything else.
    """
    key = f"{holder.id}:{sent}"
    if content is None:
        return sha256(key.encode()).hexdigest()
    return key_with_content(key, content)


def spot_of(position: Position) -> Spot:
    """The spot of a position.

    Raises
    ------
    RefusedError
        It is not in Great Britain.
    """
    spot = placing.spot_at(position.longitude, position.latitude, position.accuracy_m, "device")
    if spot is None:
        raise RefusedError(
            f"longitude {position.longitude:g}, latitude {position.latitude:g} is not in Great "
            "Britain: give WGS 84 degrees, and check that they are not swapped"
        )
    return spot


def send(
    session: Session,
    spot: Spot,
    new: NewReport,
    pictures: list[CleanPicture],
    *,
    now: datetime,
) -> TakenReport:
    """Take a report in. Names in its texts are taken out: it must not be lost for the sake of one.

    Raises
    ------
    RefusedError
        The spot is not the council's, or a time lies in the future.
    """
    away = placing.elsewhere(session, spot, now=now)
    if away is not None:
        whose = f"in {away.neighbour}" if away.neighbour else "outside the borough"
        raise RefusedError(
            f"The place is {whose}, {away.away_m:.0f} m from it: our crew cannot clear it"
        )
    taken = take_report(session, _naming_nobody(new), now=now)
    if taken.is_new:
        for picture in pictures:
            photos.add(session, picture, now=now, report_id=taken.report_id)
    return taken


def _naming_nobody(new: NewReport) -> NewReport:
    return replace(
        new,
        description=(taken_out(new.description)[:LONGEST_TEXT] if new.description else None),
        landmark=(taken_out(new.landmark, is_spot=True)[:200] if new.landmark else None),
    )
