"""Photos: each row has its picture, each picture is what its hash says, and somebody's."""

import hashlib

from sqlalchemy import Connection, and_, select

from geodata.core.vocabulary import Moderation
from geodata.models import DraftPhoto, Photo, PhotoContent
from geodata.store.soundness.table_checks import Check

OWNERS = (Photo.report_id, Photo.clearance_id, Photo.visit_id, Photo.poster_event_id)


def missing_pictures(connection: Connection) -> list[str]:
    """A photo that was not rejected has its picture; so has one of a draft."""
    kept = select(PhotoContent.sha256)
    wanted = select(Photo.id).where(Photo.state != Moderation.REJECTED.value)
    photos = len(list(connection.scalars(wanted.where(Photo.sha256.not_in(kept)))))
    drafts = len(
        list(connection.scalars(select(DraftPhoto.id).where(DraftPhoto.sha256.not_in(kept))))
    )
    sentences = [f"{photos} photos have lost their picture"] if photos else []
    return (
        [*sentences, f"{drafts} photos of drafts have lost their picture"] if drafts else sentences
    )


def ownerless_photos(connection: Connection) -> list[str]:
    """A photo is of a report, a clearance, a visit or a poster."""
    orphans = select(Photo.id).where(and_(*(owner.is_(None) for owner in OWNERS)))
    unused = len(list(connection.scalars(orphans)))
    return [f"{unused} photos belong to nothing"] if unused else []


def altered_pictures(connection: Connection) -> list[str]:
    """A picture is named by the hash of what it is."""
    rows = connection.execute(
        select(PhotoContent.sha256, PhotoContent.jpeg).execution_options(yield_per=20)
    )
    altered = sum(hashlib.sha256(jpeg).hexdigest() != name for name, jpeg in rows)
    return [f"{altered} pictures are not what their hash says"] if altered else []


CHECKS: tuple[Check, ...] = (missing_pictures, ownerless_photos, altered_pictures)
