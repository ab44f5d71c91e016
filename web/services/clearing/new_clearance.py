"""What a crew tells of a visit, and what is missing from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shapely.geometry import Point

from geodata.core.vocabulary import Outcome
from geodata.media.photos import MAX_PER_REPORT
from geodata.media.pictures import CleanPicture
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

PHOTO_NEEDED = N_("Add a photo, or say why there is none")
OWNER_NEEDED = N_("Say whose land it is, as far as you can tell")
TOO_MANY_PHOTOS = N_("Up to 5 photos are kept: leave {} out")


@dataclass(frozen=True)
class NewClearance:
    """What a crew tells of a visit.

    Attributes
    ----------
    outcome
        An `Outcome`.
    occurred_at
        By the crew's own telephone, aware. Whether it counts is the store's to decide.
    position, accuracy_m
        Where the telephone was, EPSG:27700.
    charger_band, cylinders, sacks, weight_kg, disposal
        What was taken away, and by which route.
    land_owner
        Whose land it is, where it is not ours.
    no_photo_reason
        Why something cleared has no picture.
    duplicate_of
        Reference of the incident that it is the same as.
    pictures
        Cleaned.
    replaces_id
        The entry that this one corrects.
    photos_of_id
        The entry of the same incident whose photos stay, but those of ``without_photos``. It is
        not always the corrected one: a phone that sends an entry once more, changed, sends its
        photos too.
    """

    incident_id: int
    outcome: str
    occurred_at: datetime
    idempotency_key: str | None = None
    position: Point | None = None
    accuracy_m: float | None = None
    charger_band: str | None = None
    cylinders: int | None = None
    sacks: int | None = None
    weight_kg: float | None = None
    disposal: str | None = None
    land_owner: str | None = None
    no_photo_reason: str | None = None
    duplicate_of: str | None = None
    note: str | None = None
    pictures: Sequence[CleanPicture] = ()
    user_id: int | None = None
    replaces_id: int | None = None
    photos_of_id: int | None = None
    without_photos: frozenset[int] = frozenset()


def faults(new: NewClearance, *, kept_photos: int = 0) -> dict[str, str]:
    """What is missing or wrong, by field; ``kept_photos`` stay from the entry it corrects."""
    faults_by_field: dict[str, str] = {}
    if new.outcome not in set(Outcome):
        faults_by_field["outcome"] = f"{new.outcome!r} is no outcome: choose {', '.join(Outcome)}"
    pictures = len(new.pictures) + kept_photos
    if pictures > MAX_PER_REPORT:
        faults_by_field["pictures"] = _(TOO_MANY_PHOTOS).format(pictures - MAX_PER_REPORT)
    is_bare = not pictures and not (new.no_photo_reason or "").strip()
    if new.outcome == Outcome.CLEARED and is_bare:
        faults_by_field["no_photo_reason"] = _(PHOTO_NEEDED)
    if new.outcome == Outcome.NOT_OUR_LAND and not (new.land_owner or "").strip():
        faults_by_field["land_owner"] = _(OWNER_NEEDED)
    for name in ("cylinders", "sacks", "weight_kg"):
        value = getattr(new, name)
        if value is not None and value < 0:
            faults_by_field[name] = f"{value} is below 0: enter 0 or more"
    return faults_by_field
